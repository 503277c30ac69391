"""The recipe's own bilingual list of everyday things, people, activities and places."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("everyday.tsv")


@dataclass(frozen=True)
class Everyday:
    """One entry.

    Attributes:
        english: The word or phrase.
        chinese: The same in Chinese.
        forms: Other English forms of it that captions use.
    """

    english: str
    chinese: str
    forms: tuple[str, ...]

    def named_in(self, captions: Iterable[str]) -> bool:
        """Whether an English caption names it, in any of its forms, as whole words."""
        spelt = "|".join(map(re.escape, (self.english, *self.forms)))
        pattern = re.compile(rf"\b(?:{spelt})\b", re.IGNORECASE)
        return any(pattern.search(caption) for caption in captions)


def read_everyday() -> list[Everyday]:
    """All entries."""
    rows = [line.split("\t") for line in FILE.read_text(encoding="utf-8").splitlines()]
    return [Everyday(row[0], row[1], tuple(" ".join(row[2:]).split())) for row in rows]


def read_names(file: Path) -> list[tuple[str, str]]:
    """English and Chinese names of a two-column list; what stands in brackets is left out."""
    rows = [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines()]
    return [(re.sub(r" \(.*\)", "", english), chinese) for english, chinese in rows]


def texts_of(entries: Sequence[Everyday]) -> list[tuple[str, str]]:
    """English and Chinese of all entries."""
    return [(entry.english, entry.chinese) for entry in entries]
