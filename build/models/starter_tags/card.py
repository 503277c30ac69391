"""The model card: fixed words from ``card.md``, figures measured by the run."""

from collections.abc import Mapping
from pathlib import Path
from string import Template

from kit.measured import Measured
from kit.request import TrainRequest
from starter_tags.evaluation import measure_tags

# Set, split, what to know about it, and how many pictures (None: all).
SETS = (
    ("flickr8k", "val", "chose weights, temperature and threshold", None),
    ("flickr8k", "test", "never used for a choice", None),
    ("tiny_imagenet_subset", "val", "pictures of 64 pixels, made larger", 1000),
)
# Percent, on photos that the head never saw.
WANTED, WANTED_OF_CONFIDENT = 75, 90
MISSED = f"**This misses what was wanted ({WANTED} and {WANTED_OF_CONFIDENT} percent on test).**"
REACHED = f"Wanted were {WANTED} and {WANTED_OF_CONFIDENT} percent on test."


def write_card(request: TrainRequest, facts: Mapping[str, object], few: int | None) -> None:
    """Measures the pack and writes its ``README.md``.

    Args:
        request: Names pack, encoder and data.
        facts: From the run.
        few: Measure only so many pictures a split.
    """
    measured = [
        (
            f"{data} {split} ({note})",
            measure_tags(request.pack, request.data / data, split, "en", few or most, request.vision),
        )
        for data, split, note, most in SETS
    ]
    size = sum(path.stat().st_size for path in request.pack.iterdir())
    tiles = measured[-1][1].metrics["class_accuracy"]
    unseen = measured[1][1].metrics
    fields = {
        **facts,
        "verdict": MISSED if _missed(unseen) else REACHED,
        "mebibytes": f"{size / 2**20:.2f}",
        "figures": "\n".join(_row(name, each) for name, each in measured),
        "shown": "\n".join(_shown(name, each) for name, each in measured),
        "classes": f"{tiles:.1f}",
    }
    template = Template(Path(__file__).with_name("card.md").read_text(encoding="utf-8"))
    (request.pack / "README.md").write_text(template.substitute(fields), encoding="utf-8")


def _missed(metrics: Mapping[str, float]) -> bool:
    return metrics["accuracy"] < WANTED or metrics["confident_accuracy"] < WANTED_OF_CONFIDENT


def _row(name: str, measured: Measured) -> str:
    keys = ("accuracy", "top3_accuracy", "confident_accuracy", "confident_share", "ece")
    return f"| {name} | {measured.n:,} | " + " | ".join(f"{measured.metrics[key]:.1f}" for key in keys) + " |"


def _shown(name: str, measured: Measured) -> str:
    keys = ("tagged_share", "precision", "top3_precision")
    return f"| {name} | " + " | ".join(f"{measured.metrics[key]:.1f}" for key in keys) + " |"
