"""The library: every file that was ever analysed, searched, filtered and sorted."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from mmdesk.control import Control
from mmdesk.errors import MediaError
from mmdesk.events import MediaKind
from mmdesk.library.connections import Connections
from mmdesk.library.database import transaction
from mmdesk.library.schema import shown_name
from mmdesk.library.store import Outcome
from mmdesk.library.words import index_medium, match_expression
from mmdesk.media.digest import content_hash


class Sort(StrEnum):
    """What the library is sorted by."""

    NAME = "name"
    ADDED = "added"
    CHANGED = "changed"
    DURATION = "duration"
    VALENCE = "valence"
    FINDINGS = "findings"


@dataclass(frozen=True, slots=True)
class Query:
    """Which files are wanted.

    Attributes:
        words: Words that each begin a word of the captions, transcript, tags, notes, names; empty for all.
        kinds: What files may be; empty for anything.
        tags: Tags that a file must all have.
        outcomes: How the shown run may have ended; empty for anyhow.
        edited: Whether people must (or must not) have changed something; None for both.
        sort: What comes first.
        descending: Whether the largest comes first.
    """

    words: str = ""
    kinds: frozenset[MediaKind] = frozenset()
    tags: frozenset[str] = frozenset()
    outcomes: frozenset[Outcome] = frozenset()
    edited: bool | None = None
    sort: Sort = Sort.CHANGED
    descending: bool = True


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the library.

    Attributes:
        number: Its number in the project.
        media_hash: SHA-256 of its content.
        path: Where it was seen last.
        name: Of the file, as text.
        kind: What it is.
        duration: Seconds; None for a picture or when unknown.
        added: When it came into the library, Unix time in seconds.
        changed: When it was analysed or edited last.
        outcome: How the shown run ended.
        findings: How many it has.
        valence: Mean of its sentiments; None where there are none.
        edits: How many steps people took.
        note: Of the person.
        tags: Sorted.
    """

    number: int
    media_hash: str
    path: Path
    name: str
    kind: MediaKind
    duration: float | None
    added: float
    changed: float
    outcome: Outcome
    findings: int
    valence: float | None
    edits: int
    note: str
    tags: tuple[str, ...]


_COLUMNS = (
    "id, hash, path, name, kind, duration, added, changed, outcome, findings, valence, edits, note,"
    " (SELECT group_concat(tag, char(31)) FROM tags WHERE medium = id)"
)
_ORDER = {Sort.NAME: "name COLLATE NOCASE"}
# Parameters of one statement; SQLite's own limit is far above.
_TOGETHER = 500


class Library:
    """Reads the files of a project. Any thread."""

    def __init__(self, connections: Connections) -> None:
        """Touches nothing yet."""
        self._connections = connections

    def numbers(self, query: Query) -> list[int]:
        """The numbers of the files that a query wants, in its order.

        Raises:
            StoreError: The project cannot be read.
        """
        where, values = _where(query)
        order = f"{_ORDER.get(query.sort, query.sort)} {'DESC' if query.descending else 'ASC'}"
        sql = f"SELECT id FROM media{where} ORDER BY {order}, id"
        with self._connections.use() as connection:
            return [number for (number,) in connection.execute(sql, values)]

    def entries(self, numbers: Sequence[int]) -> list[Entry]:
        """Files by their numbers, in that order; those that are gone are left out.

        Raises:
            StoreError: The project cannot be read.
        """
        found: dict[int, Entry] = {}
        with self._connections.use() as connection:
            for first in range(0, len(numbers), _TOGETHER):
                some = numbers[first : first + _TOGETHER]
                marks = ",".join("?" * len(some))
                rows = connection.execute(f"SELECT {_COLUMNS} FROM media WHERE id IN ({marks})", some)
                found |= {row[0]: _entry(row) for row in rows}
        return [found[number] for number in numbers if number in found]

    def entry(self, media_hash: str) -> Entry | None:
        """The file with this content.

        Raises:
            StoreError: The project cannot be read.
        """
        with self._connections.use() as connection:
            row = connection.execute(f"SELECT {_COLUMNS} FROM media WHERE hash = ?", (media_hash,)).fetchone()
        return None if row is None else _entry(row)

    def tags(self) -> dict[str, int]:
        """Every tag, with the number of files that have it.

        Raises:
            StoreError: The project cannot be read.
        """
        with self._connections.use() as connection:
            return dict(connection.execute("SELECT tag, count(*) FROM tags GROUP BY tag ORDER BY tag"))

    def remove(self, number: int) -> None:
        """Takes a file with its results and edits out of the project; the file itself is not touched.

        Raises:
            StoreError: The project cannot be written.
        """
        with self._connections.use() as connection, transaction(connection):
            hashes = connection.execute("SELECT hash FROM media WHERE id = ?", (number,)).fetchall()
            connection.execute("DELETE FROM words WHERE rowid = ?", (number,))
            connection.execute("DELETE FROM media WHERE id = ?", (number,))
            connection.executemany("DELETE FROM runs WHERE media_hash = ?", hashes)

    def moved(self, entry: Entry, path: Path) -> Entry:
        """Notes that a file lies somewhere else now.

        Raises:
            StoreError: The project cannot be written.
        """
        place = os.fsencode(path.absolute())
        with self._connections.use() as connection, transaction(connection):
            values = (place, shown_name(place), entry.number)
            connection.execute("UPDATE media SET path = ?, name = ? WHERE id = ?", values)
            index_medium(connection, entry.number)
        return self.entries([entry.number])[0]

    def look_for(self, entry: Entry, folder: Path, control: Control) -> Entry | None:
        """Looks for a file that is not where it was, by its content.

        Only files of its size are read.

        Args:
            entry: The file.
            folder: Where to look, with the folders below.
            control: Asked for every file.

        Returns:
            The file with its new place; None where it is not in the folder.

        Raises:
            StoreError: The project cannot be read or written.
            Cancelled: The person stopped the work.
        """
        with self._connections.use() as connection:
            (size,) = connection.execute("SELECT bytes FROM media WHERE id = ?", (entry.number,)).fetchone()
        for place, _, names in os.walk(folder):
            for name in sorted(names):
                control.checkpoint()
                path = Path(place, name)
                if _has_content(path, size, entry.media_hash, control):
                    return self.moved(entry, path)
        return None


def _has_content(path: Path, size: int, media_hash: str, control: Control) -> bool:
    try:
        if size and path.stat().st_size != size:
            return False
        return content_hash(path, control) == media_hash
    except (OSError, MediaError):
        return False


def _where(query: Query) -> tuple[str, list[str | int]]:
    parts: list[str] = []
    values: list[str | int] = []
    match = match_expression(query.words)
    if match:
        parts.append("id IN (SELECT rowid FROM words WHERE words MATCH ?)")
        values.append(match)
    for column, wanted in (("kind", query.kinds), ("outcome", query.outcomes)):
        if wanted:
            parts.append(f"{column} IN ({','.join('?' * len(wanted))})")
            values += sorted(map(str, wanted))
    for tag in sorted(query.tags):
        parts.append("id IN (SELECT medium FROM tags WHERE tag = ?)")
        values.append(tag)
    if query.edited is not None:
        parts.append("edits > 0" if query.edited else "edits = 0")
    return (f" WHERE {' AND '.join(parts)}" if parts else ""), values


def _entry(row: tuple[Any, ...]) -> Entry:
    number, media_hash, path, name, kind, duration, added, changed, outcome, *rest = row
    findings, valence, edits, note, tags = rest
    return Entry(
        number=number,
        media_hash=media_hash,
        path=Path(os.fsdecode(path)),
        name=name,
        kind=MediaKind(kind),
        duration=duration,
        added=added,
        changed=changed,
        outcome=Outcome(outcome),
        findings=findings,
        valence=valence,
        edits=edits,
        note=note,
        tags=tuple(sorted(tags.split("\x1f"))) if tags else (),
    )
