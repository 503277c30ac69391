"""Measures a shipped pack through the product's own runtime.

    python build/models/evaluate.py caption --data DIR [--split test] [--json]

``--data`` is the folder of one data set (for ``fusion`` the folder of all sets). Prints one object
``{"task", "pack", "split", "n", "metrics": {...}}``.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from kit.measured import Measured
from kit.starter_packs import StarterPack

ROOT = Path(__file__).resolve().parents[2]

# Pack, folder of the data, split, language, and how many samples (None: all).
Measure = Callable[[Path, Path, str, str, int | None], Measured]


class Task(StrEnum):
    """What can be measured."""

    TAGS = "tags"
    CAPTION = "caption"
    EMBED = "embed"
    ANSWER = "answer"
    SENTIMENT_TEXT = "sentiment-text"
    FACE_EXPRESSION = "face-expression"
    FACE_DETECT = "face-detect"
    VOICE = "voice"
    FUSION = "fusion"


def measurement(task: Task) -> tuple[StarterPack, Measure]:
    """The pack that does a task, and what measures it; only this one is imported.

    Raises:
        ValueError: Nothing measures the task.
    """
    match task:
        case Task.CAPTION:
            import starter_caption.evaluation

            return StarterPack.CAPTION, starter_caption.evaluation.measure_caption
        case Task.ANSWER:
            import starter_answer.evaluation

            return StarterPack.ANSWER, starter_answer.evaluation.measure_answer
        case Task.TAGS:
            import starter_tags.evaluation

            return StarterPack.TAGS, starter_tags.evaluation.measure_tags
        case Task.EMBED:
            import starter_embed.evaluation

            return StarterPack.EMBED, starter_embed.evaluation.measure_embed
        case Task.SENTIMENT_TEXT:
            import starter_sentiment_text.evaluation

            return StarterPack.SENTIMENT_TEXT, starter_sentiment_text.evaluation.measure_sentiment_text
        case Task.FACE_EXPRESSION:
            import starter_face.evaluation

            return StarterPack.FACE, starter_face.evaluation.measure_face_expression
        case Task.FACE_DETECT:
            import starter_face.evaluation

            return StarterPack.FACE, starter_face.evaluation.measure_face_detect
        case Task.VOICE:
            import starter_voice.evaluation

            return StarterPack.VOICE, starter_voice.evaluation.measure_voice
        case Task.FUSION:
            import starter_fusion.evaluation

            return StarterPack.FUSION, starter_fusion.evaluation.measure_fusion
        case _:
            raise ValueError(f"nothing measures {task} yet")


def main(argv: list[str] | None = None) -> None:
    """Reads the command line, measures, prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("task", type=Task, choices=list(Task), metavar="TASK", help=", ".join(Task))
    parser.add_argument("--data", type=Path, required=True, help="folder of one data set")
    parser.add_argument("--packs", type=Path, default=ROOT / "models", help="folder of the packs")
    parser.add_argument("--split", default="test")
    parser.add_argument("--language", default="en", choices=("en", "zh"))
    parser.add_argument("--limit", type=int, help="measure only the first N samples")
    parser.add_argument("--json", action="store_true", help="one JSON object on one line")
    args = parser.parse_args(argv)
    # ONNX Runtime's official builds report to their maker from the moment of the import.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    # The program need not be installed where torch is.
    sys.path.append(str(ROOT))
    pack, measure = measurement(args.task)
    measured = measure(args.packs / pack, args.data, args.split, args.language, args.limit)
    print(json.dumps(measured.as_object(), indent=None if args.json else 2))


if __name__ == "__main__":
    main()
