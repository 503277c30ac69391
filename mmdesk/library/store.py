"""Kept results: every finding on disk before it is on screen, and shown again when a file is reopened.

A file is known by the SHA-256 of its content, so its results are found after a rename or a move; a
run is known by that and by its request key (settings and pack versions), so results of other
settings or older models are never taken for the ones asked for.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from mmdesk.analysis.records import Record, finding_from, finding_record, sentence_from, sentence_record
from mmdesk.control import Control
from mmdesk.errors import NotWritable
from mmdesk.events import Finding, Found, MediaKind, Started, Warned
from mmdesk.library.database import Damaged, connect, database_failures, not_writable, set_aside, transaction
from mmdesk.media.digest import content_hash
from mmdesk.media.files import file_status
from mmdesk.sentences import Sentence

_SYNC_SECONDS = 1.0

Connected = Callable[[], AbstractContextManager[sqlite3.Connection]]


class Outcome(StrEnum):
    """How a run ended; a run of a killed program stays `running`."""

    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Kept:
    """A run and what it found.

    Attributes:
        path: Where the file lay when it was analysed.
        kind: What the file is.
        duration: Its seconds; None for a picture or when unknown.
        outcome: How the run ended.
        seconds: How long it took; None when it did not end.
        findings: In the order in which they were found.
        warnings: Message and hint of each, in order.
    """

    path: Path
    kind: MediaKind
    duration: float | None
    outcome: Outcome
    seconds: float | None
    findings: tuple[Finding, ...]
    warnings: tuple[tuple[Sentence, Sentence], ...]


class ResultStore:
    """All kept results of a person. Any thread; each thread has its own connection.

    Nothing is touched before the first call of a method. A thread that ends calls `close` first.
    """

    def __init__(self, file: Path) -> None:
        """Uses this database, which need not exist yet."""
        self._file = file
        self._local = threading.local()
        self._lock = threading.Lock()
        self._notices: list[Sentence] = []

    def digest(self, path: Path, control: Control) -> str:
        """SHA-256 of a file's content, from memory where size and time of change are the same.

        Raises:
            MediaError: The file cannot be read.
            StoreError: The store cannot be read or written.
            Cancelled: The person stopped the work.
        """
        status = file_status(path)
        key = (os.fsencode(path.absolute()), status.st_size, status.st_mtime_ns)
        query = "SELECT hash FROM digests WHERE path = ? AND size = ? AND modified_ns = ?"
        with self._connection() as connection:
            row = connection.execute(query, key).fetchone()
        if row is not None:
            return str(row[0])
        digest = content_hash(path, control)
        with self._connection() as connection:
            connection.execute("INSERT OR REPLACE INTO digests VALUES (?, ?, ?, ?)", (*key, digest))
        return digest

    def begin(self, path: Path, media_hash: str, request_key: str, started: Started) -> Run:
        """Opens a run for findings to be added to.

        Raises:
            StoreError: It could not be written.
        """
        values = (media_hash, request_key, os.fsencode(path.absolute()), str(started.kind), started.duration)
        with self._connection() as connection:
            number = connection.execute(
                "INSERT INTO runs (media_hash, request_key, path, kind, duration, began, outcome)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (*values, time.time(), str(Outcome.RUNNING)),
            ).lastrowid
        if number is None:
            raise not_writable("no row was made")
        return Run(self._connection, number)

    def finished(self, media_hash: str, request_key: str) -> Kept | None:
        """The complete results for this content and request.

        Raises:
            StoreError: The store could not be read.
        """
        where = "media_hash = ? AND request_key = ? AND outcome = ?"
        return self._newest(where, (media_hash, request_key, str(Outcome.FINISHED)))

    def latest(self, path: Path, control: Control | None = None) -> Kept | None:
        """The newest results of a file, found by its content: complete ones first, else partial.

        Raises:
            MediaError: The file cannot be read.
            StoreError: The store cannot be read.
            Cancelled: The person stopped the work.
        """
        media_hash = self.digest(path, control or Control())
        complete = self._newest("media_hash = ? AND outcome = ?", (media_hash, str(Outcome.FINISHED)))
        return complete or self._newest("media_hash = ?", (media_hash,))

    def notices(self) -> list[Sentence]:
        """Takes what the person must know about the store (a damaged database that was set aside)."""
        with self._lock:
            notices, self._notices = self._notices, []
        return notices

    def close(self) -> None:
        """Closes the calling thread's connection; the next call of a method opens one again."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        self._local.connection = None
        if connection is not None:
            connection.close()

    def _newest(self, where: str, values: tuple[str, ...]) -> Kept | None:
        columns = "id, path, kind, duration, outcome, seconds"
        query = f"SELECT {columns} FROM runs WHERE {where} ORDER BY id DESC LIMIT 1"
        with self._connection() as connection, transaction(connection, "BEGIN"):
            row = connection.execute(query, values).fetchone()
            if row is None:
                return None
            try:
                return _kept(connection, row)
            except ValueError as failure:
                raise not_writable("a kept result has a form that this version does not know") from failure

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """This thread's connection; a damaged database is set aside, and the call fails or starts anew."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._open()
        try:
            with database_failures():
                yield connection
        except Damaged as failure:
            self.close()
            self._put_aside()
            raise NotWritable(failure.message, failure.hint) from failure

    def _open(self) -> sqlite3.Connection:
        with self._lock:
            try:
                return connect(self._file)
            except Damaged:
                self._notices.append(set_aside(self._file))
                return connect(self._file)

    def _put_aside(self) -> None:
        with self._lock:
            self._notices.append(set_aside(self._file))


class Run:
    """One analysis whose findings are being kept. On one thread.

    Each `add` is committed at once, which a killed program survives; the disk is synchronised at
    most once a second, so that not even a power failure costs more than that.
    """

    def __init__(self, connection: Connected, number: int) -> None:
        """Made by `ResultStore.begin`."""
        self._connection = connection
        self._number = number
        self._findings = 0
        self._warnings = 0
        self._synced = time.monotonic()

    def add(self, found: Iterable[Found | Warned]) -> None:
        """Keeps findings and warnings; they are in the database when this returns.

        Raises:
            StoreError: None of them could be written; they may be given again.
        """
        everything = list(found)
        findings = [_json(finding_record(each.finding)) for each in everything if isinstance(each, Found)]
        warnings = [_json(_warning_record(each)) for each in everything if isinstance(each, Warned)]
        sync = time.monotonic() - self._synced >= _SYNC_SECONDS
        with self._connection() as connection:
            _sync(connection, sync)
            with transaction(connection):
                self._insert(connection, "findings", self._findings, findings)
                self._insert(connection, "warnings", self._warnings, warnings)
        self._findings += len(findings)
        self._warnings += len(warnings)
        self._synced = time.monotonic() if sync else self._synced

    def _insert(self, connection: sqlite3.Connection, table: str, first: int, bodies: list[str]) -> None:
        rows = [(self._number, first + i, body) for i, body in enumerate(bodies)]
        if rows:
            connection.executemany(f"INSERT INTO {table} VALUES (?, ?, ?)", rows)

    def end(self, outcome: Outcome, seconds: float) -> None:
        """Says how it ended. A finished run takes the place of older runs of the same request.

        Raises:
            StoreError: It could not be written.
        """
        update = "UPDATE runs SET outcome = ?, seconds = ? WHERE id = ?"
        with self._connection() as connection:
            _sync(connection, True)
            with transaction(connection):
                connection.execute(update, (str(outcome), seconds, self._number))
                if outcome is Outcome.FINISHED:
                    connection.execute(_DELETE_OLDER, (self._number, self._number))


# A run that is still going on belongs to another process.
_DELETE_OLDER = """DELETE FROM runs WHERE id < ? AND outcome <> 'running' AND (media_hash, request_key) =
    (SELECT media_hash, request_key FROM runs WHERE id = ?)"""


def _sync(connection: sqlite3.Connection, now: bool) -> None:
    """Whether the next commit, with all before it, is to reach the disk itself."""
    connection.execute(f"PRAGMA synchronous = {'FULL' if now else 'NORMAL'}")


def _json(record: Record) -> str:
    # ASCII, because SQLite takes no lone surrogates and subtitles may hold anything.
    return json.dumps(record, separators=(",", ":"))


def _kept(
    connection: sqlite3.Connection, row: tuple[int, bytes, str, float | None, str, float | None]
) -> Kept:
    number, path, kind, duration, outcome, seconds = row
    findings = connection.execute("SELECT body FROM findings WHERE run = ? ORDER BY number", (number,))
    warnings = connection.execute("SELECT body FROM warnings WHERE run = ? ORDER BY number", (number,))
    return Kept(
        path=Path(os.fsdecode(path)),
        kind=MediaKind(kind),
        duration=duration,
        outcome=Outcome(outcome),
        seconds=seconds,
        findings=tuple(finding_from(json.loads(body)) for (body,) in findings),
        warnings=tuple(_warning(body) for (body,) in warnings),
    )


def _warning_record(warning: Warned) -> Record:
    return {"message": sentence_record(warning.message), "hint": sentence_record(warning.hint)}


def _warning(body: str) -> tuple[Sentence, Sentence]:
    record = json.loads(body)
    return sentence_from(record["message"]), sentence_from(record["hint"])
