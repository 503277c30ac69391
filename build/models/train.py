"""Trains one starter pack: data -> weights -> ONNX -> known answers -> manifest -> model card.

    python build/models/train.py starter-caption --data DIR [--device cuda] [--resume]

Needs torch (see ``build/models/requirements.txt``), which the program itself never does.
"""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

from kit.request import TrainRequest
from kit.starter_packs import CLASSIC, StarterPack

ROOT = Path(__file__).resolve().parents[2]

Recipe = Callable[[TrainRequest], None]


def example() -> Recipe:
    """The recipe of `CLASSIC`."""
    import classic.recipe

    return classic.recipe.train


def recipe(pack: StarterPack) -> Recipe:
    """The recipe of a pack; only this one is imported."""
    match pack:
        case StarterPack.VISION:
            import starter_vision.recipe

            return starter_vision.recipe.train
        case StarterPack.CAPTION:
            import starter_caption.recipe

            return starter_caption.recipe.train
        case StarterPack.ANSWER:
            import starter_answer.recipe

            return starter_answer.recipe.train
        case StarterPack.TAGS:
            import starter_tags.recipe

            return starter_tags.recipe.train
        case StarterPack.EMBED:
            import starter_embed.recipe

            return starter_embed.recipe.train
        case StarterPack.SENTIMENT_TEXT:
            import starter_sentiment_text.recipe

            return starter_sentiment_text.recipe.train
        case StarterPack.FACE:
            import starter_face.recipe

            return starter_face.recipe.train
        case StarterPack.VOICE:
            import starter_voice.recipe

            return starter_voice.recipe.train
        case StarterPack.FUSION:
            import starter_fusion.recipe

            return starter_fusion.recipe.train


def parse(argv: list[str] | None = None) -> tuple[str, TrainRequest]:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    packs = [*StarterPack, CLASSIC]
    parser.add_argument("pack", choices=packs, metavar="PACK", help=", ".join(packs))
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
    """Runs the recipe of the named pack."""
    pack, request = parse(argv)
    # ONNX Runtime's official builds report to their maker from the moment of the import.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    # Recipes measure what they made through the program itself, which need not be installed
    # where torch is.
    sys.path.append(str(ROOT))
    train = example() if pack == CLASSIC else recipe(StarterPack(pack))
    train(request)


if __name__ == "__main__":
    main()
