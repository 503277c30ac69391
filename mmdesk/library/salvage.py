"""Takes what can still be read of a damaged database into a new one.

SQLite stops at the first damaged page. Here each table is read from both ends, and what lies
between is halved again and again, so that only the rows on damaged pages are lost.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from mmdesk.library.database import connect, database_failures
from mmdesk.library.words import index_medium
from mmdesk.sentences import Sentence, sentence

Row = tuple[object, ...]
# Tables with a number of their own, and those that number their rows within a run.
_NUMBERED = ("sources", "runs", "media", "edits", "jobs")
_BY_RUN = ("findings", "warnings")
_OTHERS = ("parts", "packs", "digests", "tags", "drafts")
_BEYOND = 1 << 32
_PROBES = 3000
# SQLite quotes what it cannot read, and Python cannot always read the quotation.
_UNREADABLE = (sqlite3.DatabaseError, UnicodeDecodeError)


def salvage(aside: Path, file: Path) -> Sentence:
    """Makes a new database with everything that can be read of a damaged one.

    Args:
        aside: The damaged database, which stays as it is.
        file: Where the new one is made.

    Returns:
        What was done and found, for the person.

    Raises:
        StoreError: The new one could not be written.
    """
    new = connect(file)
    with database_failures(), closing(new):
        new.execute("PRAGMA foreign_keys = OFF")
        taken = _take(aside, new)
        files, found = (new.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in ("media", "findings"))
    if not taken:
        return sentence(
            "The database of kept results was damaged; nothing in it can be read. It is set aside as {name}.",
            name=aside.name,
        )
    return sentence(
        "The database of kept results was damaged; {files} files with {found} findings were rescued. "
        "The damaged one is set aside as {name}.",
        files=int(files),
        found=int(found),
        name=aside.name,
    )


def _take(aside: Path, new: sqlite3.Connection) -> int:
    """Copies what can be read; returns how many rows."""
    old = sqlite3.connect(f"file:{quote(str(aside))}?mode=ro", uri=True, isolation_level=None)
    count = 0
    with closing(old):
        new.execute("BEGIN")
        for table in (*_NUMBERED, *_OTHERS):
            count += _copy(new, table, _rows(old, table))
        runs = [run for (run,) in new.execute("SELECT id FROM runs ORDER BY id")]
        for table in _BY_RUN:
            for run in runs:
                count += _copy(new, table, _Scan(old, table, "number", (run,)).rows())
        _tidy(new)
        new.execute("COMMIT")
    return count


def _rows(old: sqlite3.Connection, table: str) -> Iterator[Row]:
    if table in _NUMBERED:
        yield from _Scan(old, table, "id").rows()
        return
    try:
        yield from old.execute(f"SELECT * FROM {table}")
    except _UNREADABLE:
        return  # what came before the damage is taken


def _copy(new: sqlite3.Connection, table: str, rows: Iterator[Row]) -> int:
    count = 0
    for row in rows:
        try:
            new.execute(f"INSERT OR IGNORE INTO {table} VALUES ({','.join('?' * len(row))})", row)
            count += 1
        except (sqlite3.Error, UnicodeDecodeError) as failure:
            if getattr(failure, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
                raise
            continue  # a row whose values are damaged or of an older form
    return count


def _tidy(new: sqlite3.Connection) -> None:
    """Leaves nothing that points to something lost, and makes what can be made again."""
    for table in (*_BY_RUN, "parts"):
        new.execute(f"DELETE FROM {table} WHERE run NOT IN (SELECT id FROM runs)")
    new.execute("DELETE FROM findings WHERE source NOT IN (SELECT id FROM sources)")
    # A run with a hole in it is not complete any more, whatever it says.
    new.execute(
        "UPDATE runs SET outcome = 'failed' WHERE outcome = 'finished'"
        " AND found > (SELECT count(*) FROM findings WHERE run = runs.id)"
    )
    for table in ("tags", "drafts", "edits"):
        new.execute(f"DELETE FROM {table} WHERE medium NOT IN (SELECT id FROM media)")
    new.execute("UPDATE media SET run = NULL WHERE run NOT IN (SELECT id FROM runs)")
    new.execute(
        "UPDATE media SET outcome = 'failed' WHERE run IS NULL"
        " OR run IN (SELECT id FROM runs WHERE outcome = 'failed')"
    )
    for (medium,) in new.execute("SELECT id FROM media").fetchall():
        index_medium(new, medium)


@dataclass
class _Scan:
    """Reads rows that are numbered by a whole number, around damaged places."""

    old: sqlite3.Connection
    table: str
    key: str
    run: Sequence[int] = ()
    probes: int = field(default=_PROBES)

    def rows(self) -> Iterator[Row]:
        """Every row that can be read."""
        pending = [(0, self._last())]
        while pending and self.probes > 0:
            low, high = pending.pop()
            first, forward = self._read(low, high, "ASC")
            yield from forward
            if first is None:
                continue
            last, backward = self._read(first, high, "DESC")
            yield from backward
            if last is not None and first < last:
                middle = (first + last) // 2
                pending += [(first, middle), (middle + 1, last)]

    def _last(self) -> int:
        try:
            query = f"SELECT max({self.key}) FROM {self.table}{' WHERE run = ?' if self.run else ''}"
            return int(self.old.execute(query, self.run).fetchone()[0] or 0)
        except _UNREADABLE:
            return _BEYOND

    def _read(self, low: int, high: int, order: str) -> tuple[int | None, list[Row]]:
        """Rows from one end; where it broke off (None where everything could be read)."""
        self.probes -= 1
        where = f"{'run = ? AND ' if self.run else ''}{self.key} BETWEEN ? AND ?"
        query = f"SELECT {self.key}, * FROM {self.table} WHERE {where} ORDER BY {self.key} {order}"
        found: list[Row] = []
        reached = low if order == "ASC" else high
        try:
            for key, *row in self.old.execute(query, (*self.run, low, high)):
                found.append(tuple(row))
                reached = key + 1 if order == "ASC" else key - 1
        except _UNREADABLE:
            return reached, found
        return None, found
