"""The model card: fixed words from ``card.md``, figures measured by the run."""

import os
import platform
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from starter_sentiment_text.evaluation import (
    chinese_figures,
    english_figures,
    words_per_second,
)
from starter_sentiment_text.figures import binary_accuracy, largest
from starter_sentiment_text.product import Scorer, open_scorer
from starter_sentiment_text.sources import LABELS, Sentence, read_binary

THREADS = 2

# Everyday speech that the recipe's author wrote; in no data set.
PROBES = (
    "I'm so happy to see you!",
    "That was a terrible day.",
    "The train leaves at nine.",
    "I don't like it at all.",
    "It's not bad, actually.",
    "Please close the window.",
    "My father died last year.",
    "Thank you so much for everything.",
    "Great, another meeting that could have been an email.",
    "今天真开心。",
    "菜凉了，服务也很差。",
    "会议在三点开始。",
)

_KINDS = {
    "with a negation": re.compile(r"\b(?:not|no|never|n't|nothing|without)\b|n't"),
    "with “but”, “though” or “yet”": re.compile(r"\b(?:but|though|although|yet)\b"),
    "of at most 10 words": re.compile(r"^\S+(?:\s+\S+){0,9}$"),
    "of at least 30 words": re.compile(r"^\S+(?:\s+\S+){29,}$"),
}


def write_card(pack: Path, data: Path, made: Mapping[str, float | str]) -> Mapping[str, float | str]:
    """Measure the pack and write its ``README.md``.

    Args:
        pack: with a valid manifest.
        data: folder of the sentences.
        made: figures that only the training knows: ``temperature``, ``ece_before``,
            ``ece_after``, ``teachers``, ``made``.

    Returns:
        All figures in the card.
    """
    reviews = list(read_binary(data / "sst_binary.dev.txt.gz", "sst"))
    with open_scorer(pack, "en", THREADS) as scorer:
        sst_n, figures = english_figures(scorer, data, "dev")
        speed = words_per_second(scorer, [review.text for review in reviews])
        kinds = _kinds(scorer, reviews)
        probes = _probes(scorer, [probe for probe in PROBES if probe.isascii()])
    with open_scorer(pack, "zh", THREADS) as scorer:
        _, chinese = chinese_figures(scorer, data, "test")
        probes += _probes(scorer, [probe for probe in PROBES if not probe.isascii()])
    del chinese["accuracy"]
    spoken = figures.pop("mosi_accuracy", None)
    measured = {**made, **figures, **chinese, "sst_n": sst_n, "speed": speed, "threads": THREADS}
    size = sum(file.stat().st_size for file in pack.iterdir()) / 2**20
    words = Path(__file__).with_name("card.md").read_text(encoding="utf-8")
    text = words.format(
        **measured,
        size=size,
        machine=machine(),
        kinds="\n".join(kinds),
        probes="\n".join(probes),
        mosi=_mosi(spoken),
    )
    (pack / "README.md").write_text(text, encoding="utf-8")
    return measured


def _mosi(accuracy: float | None) -> str:
    """A row of the table, where the set was there."""
    if accuracy is None:
        return ""
    row = "negative against positive, English talk about films | CMU-MOSI transcripts, never trained on"
    return f"\n| {row} | train | {accuracy:.1f} % accuracy |"


def machine() -> str:
    """Processor and operating system, as far as they are told."""
    cpuinfo = Path("/proc/cpuinfo")
    names = re.findall(r"model name\s*: (.+)", cpuinfo.read_text()) if cpuinfo.exists() else []
    return f"{names[0] if names else platform.processor()} ({os.cpu_count()} cores), {platform.system()}"


def _kinds(scorer: Scorer, reviews: Sequence[Sentence]) -> list[str]:
    rows = []
    for name, wanted in _KINDS.items():
        part = [review for review in reviews if wanted.search(review.text)]
        if not part:
            continue
        distributions = scorer([review.text for review in part])
        right = binary_accuracy(distributions, [review.label for review in part])
        rows.append(f"| {name} | {len(part)} | {right:.1f} % |")
    return rows


def _probes(scorer: Scorer, texts: Sequence[str]) -> list[str]:
    rows = []
    for text, distribution in zip(texts, scorer(texts), strict=True):
        best = largest(distribution)
        valence = distribution[2] - distribution[0]
        rows.append(f"| {text} | {LABELS[best]} ({distribution[best]:.2f}) | {valence:+.2f} |")
    return rows
