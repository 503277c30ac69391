"""The words that the question maker knows, from ``lexicon.tsv``: English forms, Chinese names.

A row is ``group key singular plural chinese chinese_forms``, its lists divided by ``|``. Groups:
``person``, ``animal``, ``clothes``, ``object``, ``place``, ``activity``, ``colour``, ``number``.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).parent / "lexicon.tsv"
NOUNS = frozenset({"person", "animal", "clothes", "object"})


@dataclass(frozen=True)
class Entry:
    """One thing that can be asked about or answered.

    Attributes:
        group: What kind of thing it is.
        key: Its English answer, which also names it.
        singular: English forms that mean one of it (for activities: all verb forms).
        plural: English forms that mean several of it.
        chinese: Its Chinese answer.
        chinese_forms: Strings that show that a Chinese caption speaks of it.
    """

    group: str
    key: str
    singular: tuple[str, ...]
    plural: tuple[str, ...]
    chinese: str
    chinese_forms: tuple[str, ...]

    @property
    def several(self) -> str:
        """The plural for questions; of words without one, the singular."""
        return self.plural[0] if self.plural else self.singular[0]


@dataclass(frozen=True)
class Mention:
    """An entry found in a caption: tokens ``start`` to ``end`` (exclusive)."""

    entry: Entry
    plural: bool
    start: int
    end: int


class Lexicon:
    """All entries, and how to find them in tokens."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        """Indexes the forms of the entries.

        Raises:
            ValueError: Two entries of one group share a key.
        """
        self.entries: Mapping[tuple[str, str], Entry] = {(e.group, e.key): e for e in entries}
        if len(self.entries) != len(entries):
            raise ValueError("two rows of the lexicon have the same group and key")
        self._forms: dict[tuple[str, ...], tuple[Entry, bool]] = {}
        for entry in entries:
            for form in entry.plural:
                self._forms.setdefault(tuple(form.split()), (entry, True))
            for form in entry.singular:
                self._forms.setdefault(tuple(form.split()), (entry, False))
        self._longest = max(len(form) for form in self._forms)

    def group(self, *names: str) -> list[Entry]:
        """The entries of some groups, in the order of the file."""
        return [entry for entry in self.entries.values() if entry.group in names]

    def find(self, tokens: Sequence[str]) -> list[Mention]:
        """Entries in a tokenised caption from left to right; the longest form wins."""
        found: list[Mention] = []
        place = 0
        while place < len(tokens):
            mention = self._at(tokens, place)
            if mention:
                found.append(mention)
            place = mention.end if mention else place + 1
        return found

    def _at(self, tokens: Sequence[str], place: int) -> Mention | None:
        for length in range(min(self._longest, len(tokens) - place), 0, -1):
            known = self._forms.get(tuple(tokens[place : place + length]))
            if known:
                return Mention(known[0], known[1], place, place + length)
        return None


def read_lexicon(file: Path = FILE) -> Lexicon:
    """Reads the table."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.reader(lines, delimiter="\t") if row and not row[0].startswith("#")]
    return Lexicon(
        [
            Entry(group, key, _listed(one), _listed(many), chinese, _listed(forms) or (chinese,))
            for group, key, one, many, chinese, forms in rows
        ]
    )


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split("|") if part)
