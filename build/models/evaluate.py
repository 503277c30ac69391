"""Measures a shipped pack through the product's own runtime.

    python build/models/evaluate.py caption --data DIR [--split test] [--json]

``--data`` is the folder of one data set. Prints one object
``{"task", "pack", "split", "n", "metrics": {...}}``.
"""

import argparse
import json
from pathlib import Path

from kit.measured import Measured

ROOT = Path(__file__).resolve().parents[2]
TASKS = ("caption", "sentiment-text")


def measure(task: str, data: Path, split: str, language: str, limit: int | None) -> Measured:
    """Runs one task's evaluation; evaluations are imported only when asked for."""
    if task == "caption":
        from starter_caption.evaluation import measure_caption

        return measure_caption(ROOT / "models" / "starter-caption", data, split, language, limit)
    from starter_sentiment_text.evaluation import measure_sentiment_text

    return measure_sentiment_text(ROOT / "models" / "starter-sentiment-text", data, split, language, limit)


def main(argv: list[str] | None = None) -> None:
    """Reads the command line, measures, prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("task", choices=TASKS)
    parser.add_argument("--data", type=Path, required=True, help="folder of one data set")
    parser.add_argument("--split", default="test")
    parser.add_argument("--language", default="en", choices=("en", "zh"))
    parser.add_argument("--limit", type=int, help="measure only the first N samples")
    parser.add_argument("--json", action="store_true", help="one JSON object on one line")
    args = parser.parse_args(argv)
    measured = measure(args.task, args.data, args.split, args.language, args.limit)
    print(json.dumps(measured.as_object(), indent=None if args.json else 2))


if __name__ == "__main__":
    main()
