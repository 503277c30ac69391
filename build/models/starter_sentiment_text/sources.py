"""Reading the text-sentiment sets: one file of a set in, labelled sentences out.

The split is in the file's name or in a column. Development files are read only to
report; validation is a part of the training files, chosen by a hash of the sentence,
so that a sentence that occurs in two sets (SST and MR share their reviews) is on the
same side in both.
"""

import csv
import gzip
import hashlib
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

NEGATIVE, NEUTRAL, POSITIVE = 0, 1, 2
LABELS = ("negative", "neutral", "positive")
VALIDATION_SHARE = 0.08

Target = tuple[float, float, float]

# What a label of each set says about the three classes. Mild SST labels and the neutral
# one were voted on by few people and flow into each other, so they are soft.
_FINE: dict[int, Target] = {
    0: (0.97, 0.02, 0.01),
    1: (0.80, 0.18, 0.02),
    2: (0.12, 0.76, 0.12),
    3: (0.02, 0.18, 0.80),
    4: (0.01, 0.02, 0.97),
}
_BINARY: dict[int, Target] = {0: (0.90, 0.08, 0.02), 1: (0.02, 0.08, 0.90)}
_MELD: dict[str, Target] = {
    "negative": (0.86, 0.12, 0.02),
    "neutral": (0.08, 0.84, 0.08),
    "positive": (0.02, 0.12, 0.86),
}


@dataclass(frozen=True)
class Sentence:
    """A sentence with what its set says about it.

    Attributes:
        text: the sentence as the set has it.
        target: probabilities of negative, neutral, positive; they add up to 1.
        label: the class that is right when a metric is counted.
        source: ``sst``, ``mr``, ``meld``, ``lexicon``, ``hotel``, ``takeaway`` or ``shop``.
        level: of SST, from 0 (very negative) to 4 (very positive).
    """

    text: str
    target: Target
    label: int
    source: str
    level: int | None = None


@dataclass(frozen=True)
class Corpus:
    """Sentences to learn from and sentences to choose by; none is in both."""

    train: list[Sentence]
    validation: list[Sentence]


def text_folder(data: Path) -> Path:
    """The folder of the set, given either the folder itself or the data root.

    Raises:
        FileNotFoundError: neither holds an SST file.
    """
    for folder in (data, data / "text_sentiment"):
        if any(folder.glob("sst_binary.*.txt.gz")):
            return folder
    raise FileNotFoundError(f"no sst_binary.*.txt.gz in {data} or {data / 'text_sentiment'}")


def english(folder: Path) -> Corpus:
    """SST (five levels), MR sentences that SST lacks, MELD and the VADER lexicon."""
    reviews = list(read_sst_fine(folder / "sst_fine.train.txt.gz"))
    known = {sentence_key(sentence.text) for sentence in reviews}
    rest = read_binary(folder / "mr.rt-polarity.all.gz", "mr")
    reviews += [sentence for sentence in rest if sentence_key(sentence.text) not in known]
    corpus = divide([*reviews, *read_meld(folder / "meld_train.csv.gz")])
    return Corpus(corpus.train + list(read_lexicon(folder / "vader_lexicon.txt")), corpus.validation)


def chinese(folder: Path) -> Corpus:
    """Hotel and takeaway reviews by their ``split`` column, and shop reviews to learn from."""
    validation = unique(chinese_rows(folder, "val"))
    aside = [*validation, *chinese_report(folder)]
    held = {sentence_key(sentence.text) for sentence in aside}
    shops = read_shops(folder / "zh_online_shopping_10_cats.zip")
    train = unique([*chinese_rows(folder, "train"), *shops])
    return Corpus([s for s in train if sentence_key(s.text) not in held], validation)


def chinese_report(folder: Path) -> list[Sentence]:
    """The hotel and takeaway reviews whose split is ``test``: for the model card only."""
    return list(chinese_rows(folder, "test"))


def read_sst_fine(path: Path) -> Iterator[Sentence]:
    """Sentences of a ``level text`` file, level 0 (very negative) to 4 (very positive)."""
    for level, text in _numbered(path):
        label = NEGATIVE if level < 2 else POSITIVE if level > 2 else NEUTRAL
        yield Sentence(text, _FINE[level], label, "sst", level)


def read_binary(path: Path, source: str) -> Iterator[Sentence]:
    """Sentences of a ``0|1 text`` file: 0 is negative, 1 is positive."""
    for level, text in _numbered(path):
        yield Sentence(text, _BINARY[level], POSITIVE if level else NEGATIVE, source)


def read_meld(path: Path) -> Iterator[Sentence]:
    """Utterances of a MELD table with their sentiment."""
    for row in _table(path):
        name = row["Sentiment"].strip().lower()
        yield Sentence(row["Utterance"].strip(), _MELD[name], LABELS.index(name), "meld")


def read_mosi(path: Path, split: str) -> list[Sentence]:
    """Transcripts of CMU-MOSI, negative or positive; nothing is ever trained on them.

    Args:
        path: ``mosi_bclstm_features.npz``.
        split: ``train`` or ``test``; for another one what the file holds.
    """
    with np.load(path, allow_pickle=False) as file:
        there = [name.removesuffix("_transcript") for name in file.files if name.endswith("_transcript")]
        prefix = split if split in there else there[0]
        texts, labels = file[f"{prefix}_transcript"].tolist(), file[f"{prefix}_label"].tolist()
    named = [POSITIVE if label else NEGATIVE for label in labels]
    return [Sentence(t, _BINARY[int(n == POSITIVE)], n, "mosi") for t, n in zip(texts, named, strict=True)]


def read_lexicon(path: Path) -> Iterator[Sentence]:
    """Words (letters only) of the VADER lexicon; its -4..4 rating becomes a soft target."""
    for line in path.read_text(encoding="utf-8").splitlines():
        word, rating, *_ = line.split("\t")
        if re.fullmatch(r"[a-z][a-z' -]+", word):
            yield _rated_word(word, float(rating))


def read_chinese(path: Path, source: str, split: str) -> Iterator[Sentence]:
    """Reviews of one split of a ``label,review,split`` table."""
    for row in _table(path):
        if row["split"] == split:
            yield _review(row, source)


def read_shops(path: Path) -> Iterator[Sentence]:
    """Reviews of the zipped ``cat,label,review`` table; hotels are left to their own set."""
    with zipfile.ZipFile(path) as archive, archive.open(archive.namelist()[0]) as raw:
        for row in csv.DictReader(io.TextIOWrapper(raw, encoding="utf-8-sig")):
            if row["review"] and row["cat"] != "酒店":
                yield _review(row, "shop")


def divide(sentences: Iterable[Sentence]) -> Corpus:
    """Put a fixed, hash-chosen share of the sentences aside for validation."""
    corpus = Corpus([], [])
    for sentence in sentences:
        held = held_out(sentence.text)
        (corpus.validation if held else corpus.train).append(sentence)
    return corpus


def held_out(text: str) -> bool:
    """Whether the hash of the sentence puts it into validation."""
    digest = hashlib.sha256(sentence_key(text).encode()).digest()
    return int.from_bytes(digest[:4], "big") / 2**32 < VALIDATION_SHARE


def unique(sentences: Iterable[Sentence]) -> list[Sentence]:
    """The sentences without repetitions; the first of equal ones stays."""
    return list({sentence_key(s.text): s for s in reversed(list(sentences))}.values())[::-1]


def sentence_key(text: str) -> str:
    """The letters and digits of a sentence in lower case: equal for other spacing."""
    return "".join(re.findall(r"\w+", text.lower()))


def chinese_rows(folder: Path, split: str) -> Iterator[Sentence]:
    """Hotel and takeaway reviews of one split of their ``split`` column."""
    yield from read_chinese(folder / "zh_ChnSentiCorp_htl_all.csv.gz", "hotel", split)
    yield from read_chinese(folder / "zh_waimai_10k.csv.gz", "takeaway", split)


def _rated_word(word: str, rating: float) -> Sentence:
    sure = min(abs(rating) / 3.0, 1.0) * 0.92 + 0.04
    rest = 1.0 - sure
    target = (sure, rest * 0.9, rest * 0.1) if rating < 0 else (rest * 0.1, rest * 0.9, sure)
    label = max(range(3), key=target.__getitem__)
    return Sentence(word, target, label, "lexicon")


def _review(row: dict[str, str], source: str) -> Sentence:
    level = int(row["label"])
    return Sentence(row["review"].strip(), _BINARY[level], POSITIVE if level else NEGATIVE, source)


def _numbered(path: Path) -> Iterator[tuple[int, str]]:
    with gzip.open(path, "rt", encoding="utf-8", errors="replace") as lines:
        for line in lines:
            level, _, text = line.strip().partition(" ")
            if text:
                yield int(level), text.strip()


def _table(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as lines:
        yield from csv.DictReader(lines)
