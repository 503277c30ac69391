"""Kept results: every finding on disk before it is on screen, and shown again when a file is reopened.

A file is known by the SHA-256 of its content, so its results are found after a rename or a move; a
run is known by that and by its request key (settings and pack versions), so results of other
settings or older models are never taken for the ones asked for.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from mmdesk.analysis.past import Past
from mmdesk.analysis.records import finding_from, sentence_from
from mmdesk.control import Control
from mmdesk.events import Finding, MediaKind, Started
from mmdesk.library.connections import Connections
from mmdesk.library.database import not_writable, transaction
from mmdesk.library.run import Run, interrupted_run
from mmdesk.library.schema import shown_name
from mmdesk.media.digest import content_hash
from mmdesk.media.files import file_status
from mmdesk.sentences import Sentence

Connected = Callable[[], AbstractContextManager[sqlite3.Connection]]


class Outcome(StrEnum):
    """How a run ended; a run of a killed program stays `running`."""

    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a run was asked to do.

    Attributes:
        request_key: From `analysis.key.request_key`.
        settings: Name and value of what the person chose.
        program: Version of the program.
        packs: Files with their SHA-256 of each installed pack, by the hash of its manifest.
        session: Whose run it is, from `library.sessions`; empty for nobody's.
    """

    request_key: str
    settings: Mapping[str, str] = field(default_factory=dict)
    program: str = ""
    packs: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    session: str = ""


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
        began: When, Unix time in seconds.
        settings: Name and value of what the person chose.
        program: Version of the program.
        number: Of the run.
    """

    path: Path
    kind: MediaKind
    duration: float | None
    outcome: Outcome
    seconds: float | None
    findings: tuple[Finding, ...]
    warnings: tuple[tuple[Sentence, Sentence], ...]
    began: float = 0.0
    settings: tuple[tuple[str, str], ...] = ()
    program: str = ""
    number: int = 0


class ResultStore:
    """All runs of a project. Any thread; a thread that ends calls `close` first."""

    def __init__(self, connections: Connections) -> None:
        """Touches nothing before the first call of a method."""
        self._connections = connections

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
        with self._connections.use() as connection:
            row = connection.execute(query, key).fetchone()
        if row is not None:
            return str(row[0])
        digest = content_hash(path, control)
        with self._connections.use() as connection:
            connection.execute("INSERT OR REPLACE INTO digests VALUES (?, ?, ?, ?)", (*key, digest))
        return digest

    def begin(self, path: Path, media_hash: str, asked: Asked, started: Started) -> Run:
        """Opens a run for findings to be added to, and puts the file into the library.

        Raises:
            StoreError: It could not be written.
        """
        place = os.fsencode(path.absolute())
        now = time.time()
        values = (media_hash, asked.request_key, place, str(started.kind), started.duration, now)
        with self._connections.use() as connection, transaction(connection):
            number = connection.execute(
                "INSERT INTO runs (media_hash, request_key, path, kind, duration, began, outcome, session,"
                " settings, program) VALUES (?, ?, ?, ?, ?, ?, 'running', ?, ?, ?)",
                (*values, asked.session or None, json.dumps(dict(asked.settings)), asked.program),
            ).lastrowid
            packs = [(manifest, json.dumps(dict(files))) for manifest, files in asked.packs.items()]
            connection.executemany("INSERT OR IGNORE INTO packs VALUES (?, ?)", packs)
            _know(connection, media_hash, place, started, now)
        if number is None:
            raise not_writable("no row was made")
        return Run(self._connections.use, number)

    def resume(self, path: Path, media_hash: str, asked: Asked) -> tuple[Run, Past, Kept] | None:
        """Goes on with a run of the same content and request that nobody works on and that did not end.

        Findings of steps that were not complete are taken out; they will be found again.

        Returns:
            The run, what it had done, and what it had found; None where there is none.

        Raises:
            StoreError: It could not be read or written.
        """
        with self._connections.use() as connection, transaction(connection):
            row = interrupted_run(connection, media_hash, asked.request_key)
            if row is None:
                return None
            connection.execute(
                "UPDATE runs SET session = ?, outcome = 'running' WHERE id = ?", (asked.session or None, row)
            )
            run, past = Run.resumed(self._connections.use, connection, row, path)
            return run, past, _kept_now(connection, row)

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
        return self.latest_of(self.digest(path, control or Control()))

    def latest_of(self, media_hash: str) -> Kept | None:
        """The newest results for a content: complete ones first, else partial ones.

        Raises:
            StoreError: The store cannot be read.
        """
        complete = self._newest("media_hash = ? AND outcome = ?", (media_hash, str(Outcome.FINISHED)))
        return complete or self._newest("media_hash = ?", (media_hash,))

    def notices(self) -> list[Sentence]:
        """Takes what the person must know about the store (a damaged database that was set aside)."""
        return self._connections.notices()

    def close(self) -> None:
        """Closes the calling thread's connection; the next call of a method opens one again."""
        self._connections.close()

    def _newest(self, where: str, values: Sequence[str]) -> Kept | None:
        query = f"SELECT id FROM runs WHERE {where} ORDER BY id DESC LIMIT 1"
        with self._connections.use() as connection, transaction(connection, "BEGIN"):
            row = connection.execute(query, values).fetchone()
            return None if row is None else _kept_now(connection, row[0])


def _know(
    connection: sqlite3.Connection, media_hash: str, place: bytes, started: Started, now: float
) -> None:
    """Puts a file into the library, or notes where it lies now."""
    try:
        size = Path(os.fsdecode(place)).stat().st_size
    except OSError:
        size = 0
    about = (place, shown_name(place), str(started.kind), started.duration, size, now)
    connection.execute(
        "INSERT INTO media (hash, path, name, kind, duration, bytes, changed, added, outcome)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'running') ON CONFLICT (hash) DO UPDATE SET path = excluded.path,"
        " name = excluded.name, kind = excluded.kind, duration = excluded.duration, bytes = excluded.bytes,"
        " changed = excluded.changed",
        (media_hash, *about, now),
    )


def _kept_now(connection: sqlite3.Connection, number: int) -> Kept:
    """A run as it is in the database.

    Raises:
        NotWritable: A newer version of the program wrote it.
    """
    columns = "path, kind, duration, outcome, seconds, began, settings, program"
    row = connection.execute(f"SELECT {columns} FROM runs WHERE id = ?", (number,)).fetchone()
    try:
        return _kept(connection, number, row)
    except (ValueError, KeyError) as failure:
        raise not_writable("a kept result has a form that this version does not know") from failure


def _kept(
    connection: sqlite3.Connection,
    number: int,
    row: tuple[bytes, str, float | None, str, float | None, float, str, str],
) -> Kept:
    path, kind, duration, outcome, seconds, began, settings, program = row
    sources = {key: json.loads(body) for key, body in connection.execute(_SOURCES, (number,))}
    findings = connection.execute(
        "SELECT source, body FROM findings WHERE run = ? ORDER BY number", (number,)
    )
    warnings = connection.execute("SELECT body FROM warnings WHERE run = ? ORDER BY number", (number,))
    return Kept(
        path=Path(os.fsdecode(path)),
        kind=MediaKind(kind),
        duration=duration,
        outcome=Outcome(outcome),
        seconds=seconds,
        findings=tuple(finding_from({**json.loads(body), "source": sources[key]}) for key, body in findings),
        warnings=tuple(_warning(body) for (body,) in warnings),
        began=began,
        settings=tuple(sorted((str(name), str(value)) for name, value in json.loads(settings).items())),
        program=program,
        number=number,
    )


_SOURCES = "SELECT id, body FROM sources WHERE id IN (SELECT DISTINCT source FROM findings WHERE run = ?)"


def _warning(body: str) -> tuple[Sentence, Sentence]:
    record = json.loads(body)
    return sentence_from(record["message"]), sentence_from(record["hint"])
