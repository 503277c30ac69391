"""Trains one starter pack: data -> weights -> ONNX -> known answers -> manifest -> model card.

    python build/models/train.py starter-caption --data DIR [--device cuda] [--resume]

Needs torch (see ``build/models/requirements.txt``), which the program itself never does.
"""

import argparse
import os
import sys
from pathlib import Path

from kit.request import TrainRequest

ROOT = Path(__file__).resolve().parents[2]
PACKS = ("starter-caption", "starter-sentiment-text")


def parse(argv: list[str] | None = None) -> tuple[str, TrainRequest]:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("pack", choices=PACKS)
    parser.add_argument("--data", type=Path, required=True, help="folder of the data sets")
    parser.add_argument("--out", type=Path, help="pack folder to write (default: models/PACK)")
    parser.add_argument("--work", type=Path, help="checkpoints (default: .work/PACK)")
    parser.add_argument("--device", default="cpu", choices=("cpu", "cuda"))
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--smoke", action="store_true", help="a few steps on a few samples")
    parser.add_argument("--seed", type=int, default=TrainRequest.seed)
    args = parser.parse_args(argv)
    request = TrainRequest(
        data=args.data,
        work=args.work or ROOT / ".work" / args.pack,
        pack=args.out or ROOT / "models" / args.pack,
        device=args.device,
        threads=args.threads,
        resume=args.resume,
        smoke=args.smoke,
        seed=args.seed,
    )
    return args.pack, request


def main(argv: list[str] | None = None) -> None:
    """Runs the recipe of the named pack; recipes are imported only when asked for."""
    pack, request = parse(argv)
    # ONNX Runtime's official builds report to their maker from the moment of the import.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    # Recipes measure what they made through the program itself, which need not be installed
    # where torch is.
    sys.path.append(str(ROOT))
    if pack == "starter-caption":
        from starter_caption.recipe import train
    else:
        from starter_sentiment_text.recipe import train
    train(request)


if __name__ == "__main__":
    main()
