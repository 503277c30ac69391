"""Writes sheets to look at and listen to, through the product's own runtime.

    python build/models/sheets.py --data DIR --out DIR [pictures] [faces] [voices]

The pages hold photos and voices of the data sets, which may not be passed on: keep ``--out`` outside
the checkout.
"""

import argparse
import os
import sys
from contextlib import closing
from enum import StrEnum
from pathlib import Path

from kit.starter_packs import StarterPack

ROOT = Path(__file__).resolve().parents[2]


class Sheet(StrEnum):
    """What can be looked at."""

    PICTURES = "pictures"
    FACES = "faces"
    VOICES = "voices"


def sheet(kind: Sheet, packs: Path, data: Path, split: str) -> str:
    """One page.

    Args:
        kind: Of what.
        packs: Folder of the packs.
        data: Folder of the data sets.
        split: A split that no pack learned from.
    """
    match kind:
        case Sheet.PICTURES:
            from looking.pictures import picture_sheet
            from mmdesk.tasks.engine import Engine

            with closing(Engine([packs])) as engine:
                return picture_sheet(engine, data, split, 40)
        case Sheet.FACES:
            from looking.faces import face_sheet

            return face_sheet(packs / StarterPack.FACE, data, split, 40)
        case Sheet.VOICES:
            from looking.voices import voice_sheet

            return voice_sheet(packs / StarterPack.VOICE, data, split, 20)


def main(argv: list[str] | None = None) -> None:
    """Reads the command line and writes the pages asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("sheets", nargs="*", type=Sheet, default=list(Sheet), help=", ".join(Sheet))
    parser.add_argument("--data", type=Path, required=True, help="folder of the data sets")
    parser.add_argument("--out", type=Path, required=True, help="folder to write into")
    parser.add_argument("--packs", type=Path, default=ROOT / "models")
    parser.add_argument("--split", default="test")
    args = parser.parse_args(argv)
    # ONNX Runtime's official builds report to their maker from the moment of the import.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    sys.path.append(str(ROOT))
    args.out.mkdir(parents=True, exist_ok=True)
    for kind in args.sheets:
        target = args.out / f"{kind}.html"
        target.write_text(sheet(kind, args.packs, args.data, args.split), encoding="utf-8")
        print(target, flush=True)


if __name__ == "__main__":
    main()
