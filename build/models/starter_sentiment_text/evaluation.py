"""Measures the pack through the program's own runtime; no torch."""

import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from statistics import median

from kit.measured import Measured
from starter_sentiment_text.figures import accuracy, binary_accuracy, largest, weighted_f1
from starter_sentiment_text.product import Scorer, open_scorer
from starter_sentiment_text.sources import (
    Sentence,
    chinese_rows,
    read_binary,
    read_meld,
    read_mosi,
    text_folder,
)

MOSI = "mosi_bclstm_features.npz"


def measure_sentiment_text(pack: Path, data: Path, split: str, language: str, limit: int | None) -> Measured:
    """Scores the sentences of one split.

    Args:
        pack: Folder of the pack.
        data: Folder of the sentences, or the folder that holds it as ``text_sentiment``; also the
            folder ``mosi_features``, for its transcripts alone.
        split: English: as in the files' names (``dev``, ``test``). Chinese: as in the column
            ``split`` (``val``, which ``dev`` stands for too, ``test``).
        language: ``en`` or ``zh``.
        limit: Only the first so many sentences of each set.

    Returns:
        English: ``accuracy`` on SST sentences (negative against positive) and, where the
        file is there, ``meld_weighted_f1`` and ``meld_accuracy`` of three classes. Chinese:
        ``accuracy`` over hotel and takeaway reviews together, and of each. All in percent.
        Where ``mosi_features`` lies beside the sentences, ``mosi_accuracy`` of its transcripts.

    Raises:
        FileNotFoundError: The split's file is not there.
        ValueError: The split has no sentence.
    """
    with open_scorer(pack, language) as scorer:
        if (data / MOSI).exists():
            n, figures = mosi_figures(scorer, data, split, limit)
            return Measured("sentiment-text", pack.name, split, n, {"accuracy": figures["mosi_accuracy"]})
        folder = text_folder(data)
        if language == "zh":
            n, metrics = chinese_figures(scorer, folder, split, limit)
        else:
            n, metrics = english_figures(scorer, folder, split, limit)
    return Measured("sentiment-text", pack.name, split, n, metrics)


def english_figures(
    scorer: Scorer, folder: Path, split: str, limit: int | None = None
) -> tuple[int, dict[str, float]]:
    """Number of SST sentences, and the figures of SST and (where it is there) MELD."""
    reviews = list(islice(read_binary(folder / f"sst_binary.{split}.txt.gz", "sst"), limit))
    figures = {"accuracy": _binary(scorer, reviews)}
    meld = folder / f"meld_{split}.csv.gz"
    if meld.exists():
        spoken = list(islice(read_meld(meld), limit))
        chosen = [largest(d) for d in scorer([s.text for s in spoken])]
        labels = [s.label for s in spoken]
        figures["meld_weighted_f1"] = weighted_f1(chosen, labels)
        figures["meld_accuracy"] = accuracy(chosen, labels)
    return len(reviews), figures | mosi_figures(scorer, folder.parent / "mosi_features", split, limit)[1]


def mosi_figures(
    scorer: Scorer, folder: Path, split: str, limit: int | None = None
) -> tuple[int, dict[str, float]]:
    """Number of MOSI transcripts, and their accuracy; nothing where the set is not there."""
    if not (folder / MOSI).exists():
        return 0, {}
    spoken = read_mosi(folder / MOSI, split)[:limit]
    return len(spoken), {"mosi_accuracy": _binary(scorer, spoken)}


def chinese_figures(
    scorer: Scorer, folder: Path, split: str, limit: int | None = None
) -> tuple[int, dict[str, float]]:
    """Number of reviews, and the accuracy over all and over each set."""
    rows = list(chinese_rows(folder, "val" if split == "dev" else split))
    sets = {name: [s for s in rows if s.source == name][:limit] for name in ("hotel", "takeaway")}
    figures = {"accuracy": _binary(scorer, [s for part in sets.values() for s in part])}
    figures |= {f"{name}_accuracy": _binary(scorer, part) for name, part in sets.items() if part}
    return sum(map(len, sets.values())), figures


def words_per_second(scorer: Scorer, texts: Sequence[str], runs: int = 7) -> float:
    """Median speed over whole passes through ``texts``, tokenisation included."""
    words = sum(len(text.split()) for text in texts)
    scorer(texts[:64])
    return words / median(_seconds(scorer, texts) for _ in range(runs))


def _seconds(scorer: Scorer, texts: Sequence[str]) -> float:
    start = time.perf_counter()
    scorer(texts)
    return time.perf_counter() - start


def _binary(scorer: Scorer, sentences: Sequence[Sentence]) -> float:
    if not sentences:
        raise ValueError("the split has no sentence")
    distributions = scorer([sentence.text for sentence in sentences])
    return binary_accuracy(distributions, [sentence.label for sentence in sentences])
