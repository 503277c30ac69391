"""The model card: fixed words from ``card.md``, figures measured by the run."""

from collections.abc import Mapping
from pathlib import Path
from string import Template

from kit.measured import Measured
from kit.request import TrainRequest
from starter_tags.evaluation import measure_tags

SETS = (
    ("flickr8k", "val", "chose weights, temperature and threshold"),
    ("flickr8k", "test", "never used for a choice"),
    ("tiny_imagenet_subset", "val", "pictures of 64 pixels, made larger"),
)


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
            measure_tags(request.pack, request.data / data, split, "en", few, request.vision),
        )
        for data, split, note in SETS
    ]
    size = sum(path.stat().st_size for path in request.pack.iterdir())
    tiles = measured[-1][1].metrics["class_accuracy"]
    fields = {
        **facts,
        "mebibytes": f"{size / 2**20:.2f}",
        "figures": "\n".join(_row(name, each) for name, each in measured),
        "shown": "\n".join(_shown(name, each) for name, each in measured),
        "classes": f"{tiles:.1f}",
    }
    template = Template(Path(__file__).with_name("card.md").read_text(encoding="utf-8"))
    (request.pack / "README.md").write_text(template.substitute(fields), encoding="utf-8")


def _row(name: str, measured: Measured) -> str:
    keys = ("accuracy", "top3_accuracy", "confident_accuracy", "confident_share", "ece")
    return f"| {name} | {measured.n:,} | " + " | ".join(f"{measured.metrics[key]:.1f}" for key in keys) + " |"


def _shown(name: str, measured: Measured) -> str:
    keys = ("tagged_share", "precision", "top3_precision")
    return f"| {name} | " + " | ".join(f"{measured.metrics[key]:.1f}" for key in keys) + " |"
