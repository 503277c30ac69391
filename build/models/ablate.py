"""Measures what the parts of a recipe bring, where that takes trainings of its own.

    python build/models/ablate.py starter-caption --data DIR

Writes rows into ``build/models/results``; checkpoints in ``.work/PACK-ablations`` let it go on where it was.
"""

import argparse
import os
import sys
from pathlib import Path

from kit.request import TrainRequest

ROOT = Path(__file__).resolve().parents[2]
PACKS = ("starter-caption", "starter-embed")


def main(argv: list[str] | None = None) -> None:
    """Reads the command line and runs the small trainings of the named pack."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("pack", choices=PACKS)
    parser.add_argument("--data", type=Path, required=True, help="folder of the data sets")
    parser.add_argument("--work", type=Path, help="checkpoints (default: .work/PACK-ablations)")
    parser.add_argument("--threads", type=int, default=4)
    args = parser.parse_args(argv)
    work = args.work or ROOT / ".work" / f"{args.pack}-ablations"
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    sys.path.append(str(ROOT))
    request = TrainRequest(args.data, work, work / "pack", threads=args.threads, resume=True)
    if args.pack == "starter-embed":
        import starter_embed.ablations

        starter_embed.ablations.ablate(request)
    else:
        import starter_caption.ablations

        starter_caption.ablations.ablate(request)


if __name__ == "__main__":
    main()
