"""One run whose findings are being kept, from its first finding or from where an earlier program left it."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from pathlib import Path

from mmdesk.analysis.past import Past
from mmdesk.analysis.records import Record, finding_record, sentence_from, sentence_record
from mmdesk.events import Finding, Found, Passed, Warned
from mmdesk.library.database import transaction
from mmdesk.library.words import index_medium

_SYNC_SECONDS = 1.0
Connected = Callable[[], AbstractContextManager[sqlite3.Connection]]
Kept = Found | Warned | Passed


class Run:
    """One analysis whose findings are being kept. On one thread.

    Each `add` is committed at once, which a killed program survives; the disk is synchronised at
    most once a second, so that not even a power failure costs more than that.
    """

    def __init__(self, connection: Connected, number: int, findings: int = 0, warnings: int = 0) -> None:
        """Made by `ResultStore`.

        Args:
            connection: Gives this thread's connection.
            number: Of the run.
            findings: The number that the next finding gets.
            warnings: The number that the next warning gets.
        """
        self._connection = connection
        self._number = number
        self._findings = findings
        self._warnings = warnings
        self._sources: dict[str, int] = {}
        self._synced = time.monotonic()

    @classmethod
    def resumed(
        cls, connected: Connected, connection: sqlite3.Connection, number: int, path: Path
    ) -> tuple[Run, Past]:
        """Goes on with a run; inside a transaction."""
        steps = connection.execute("SELECT first, count, body FROM parts WHERE run = ?", (number,)).fetchall()
        _keep_only(connection, number, [(first, count) for first, count, _ in steps])
        warnings = connection.execute("SELECT number, body FROM warnings WHERE run = ?", (number,)).fetchall()
        (findings, last) = connection.execute(
            "SELECT count(*), coalesce(max(number), -1) FROM findings WHERE run = ?", (number,)
        ).fetchone()
        past = Past(
            tuple(_passed(path, body) for _, _, body in steps),
            findings,
            frozenset(sentence_from(json.loads(body)["message"]) for _, body in warnings),
        )
        after = max((n for n, _ in warnings), default=-1) + 1
        return cls(connected, number, last + 1, after), past

    def add(self, told: Iterable[Kept]) -> None:
        """Keeps findings, warnings and how far the work is; all is in the database when this returns.

        Raises:
            StoreError: None of it could be written; it may be given again.
        """
        sync = time.monotonic() - self._synced >= _SYNC_SECONDS
        findings, warnings = self._findings, self._warnings
        with self._connection() as connection:
            _sync(connection, sync)
            known = dict(self._sources)
            try:
                with transaction(connection):
                    for each in told:
                        match each:
                            case Found():
                                self._insert_finding(connection, findings, each.finding)
                                findings += 1
                            case Warned():
                                self._insert_warning(connection, warnings, each)
                                warnings += 1
                            case Passed():
                                self._insert_step(connection, findings - each.findings, each)
            except sqlite3.Error:
                self._sources = known  # what was learnt inside was rolled back
                raise
        self._findings, self._warnings = findings, warnings
        self._synced = time.monotonic() if sync else self._synced

    def end(self, outcome: str, seconds: float) -> None:
        """Says how it ended. A finished run takes the place of older runs of the same request.

        Raises:
            StoreError: It could not be written.
        """
        update = (
            "UPDATE runs SET outcome = ?, seconds = ?, session = NULL,"
            " found = (SELECT count(*) FROM findings WHERE run = runs.id) WHERE id = ?"
        )
        with self._connection() as connection:
            _sync(connection, True)
            with transaction(connection):
                connection.execute(update, (outcome, seconds, self._number))
                if outcome == "finished":
                    connection.execute(_DELETE_OLDER, (self._number, self._number))
                    connection.execute("DELETE FROM parts WHERE run = ?", (self._number,))
                show_newest(connection, self._number)

    def _insert_finding(self, connection: sqlite3.Connection, number: int, finding: Finding) -> None:
        record = finding_record(finding)
        source = self._source(connection, _json(record.pop("source")))
        connection.execute(
            "INSERT INTO findings VALUES (?, ?, ?, ?)", (self._number, number, source, _json(record))
        )

    def _insert_warning(self, connection: sqlite3.Connection, number: int, warning: Warned) -> None:
        values = (self._number, number, _json(_warning_record(warning)))
        connection.execute("INSERT INTO warnings VALUES (?, ?, ?)", values)

    def _insert_step(self, connection: sqlite3.Connection, first: int, passed: Passed) -> None:
        body = _json(
            {
                "whole": passed.whole,
                "t1": passed.t1,
                "continues": passed.continues,
                "lane": passed.lane,
                "part": passed.part,
                "step": passed.step,
            }
        )
        values = (self._number, passed.lane, passed.part, passed.step, first, passed.findings, body)
        connection.execute("INSERT OR REPLACE INTO parts VALUES (?, ?, ?, ?, ?, ?, ?)", values)

    def _source(self, connection: sqlite3.Connection, body: str) -> int:
        """The number of a source."""
        known = self._sources.get(body)
        if known is not None:
            return known
        connection.execute("INSERT OR IGNORE INTO sources (body) VALUES (?)", (body,))
        (number,) = connection.execute("SELECT id FROM sources WHERE body = ?", (body,)).fetchone()
        self._sources[body] = int(number)
        return int(number)


def interrupted_run(connection: sqlite3.Connection, media_hash: str, request_key: str) -> int | None:
    """The newest run that did not come to its end and that nobody works on."""
    row = connection.execute(
        "SELECT id FROM runs WHERE media_hash = ? AND request_key = ? AND outcome IN ('running', 'cancelled')"
        " AND (session IS NULL OR session NOT IN (SELECT token FROM sessions)) ORDER BY id DESC LIMIT 1",
        (media_hash, request_key),
    ).fetchone()
    return None if row is None else int(row[0])


def show_newest(connection: sqlite3.Connection, run: int) -> None:
    """Lets the library show the newest complete run of a run's file, else the newest; in a transaction."""
    row = connection.execute(
        "SELECT media.id FROM media JOIN runs ON runs.media_hash = media.hash WHERE runs.id = ?", (run,)
    ).fetchone()
    if row is None:
        return
    (medium,) = row
    (best,) = connection.execute(
        "SELECT id FROM runs WHERE media_hash = (SELECT hash FROM media WHERE id = ?)"
        " ORDER BY outcome = 'finished' DESC, id DESC LIMIT 1",
        (medium,),
    ).fetchone()
    connection.execute(
        """UPDATE media SET run = :run, changed = :now,
            outcome = (SELECT outcome FROM runs WHERE id = :run),
            findings = (SELECT count(*) FROM findings WHERE run = :run),
            valence = (SELECT avg(json_extract(body, '$.value')) FROM findings
                WHERE run = :run AND json_extract(body, '$.kind') = 'sentiment')
            WHERE id = :medium""",
        {"run": best, "now": time.time(), "medium": medium},
    )
    index_medium(connection, medium)


# A run that is still going on belongs to another process.
_DELETE_OLDER = """DELETE FROM runs WHERE id < ? AND NOT (outcome = 'running' AND session IS NOT NULL
    AND session IN (SELECT token FROM sessions)) AND (media_hash, request_key) =
    (SELECT media_hash, request_key FROM runs WHERE id = ?)"""


def _keep_only(connection: sqlite3.Connection, number: int, steps: list[tuple[int, int]]) -> None:
    """Takes out findings that belong to no complete step."""
    complete = {n for first, count in steps for n in range(first, first + count)}
    known = connection.execute("SELECT number FROM findings WHERE run = ?", (number,)).fetchall()
    gone = [(number, n) for (n,) in known if n not in complete]
    connection.executemany("DELETE FROM findings WHERE run = ? AND number = ?", gone)


def _passed(path: Path, body: str) -> Passed:
    record = json.loads(body)
    lane, part, step = record["lane"], record["part"], record["step"]
    return Passed(path, lane, part, step, 0, record["whole"], record["t1"], record["continues"])


def _sync(connection: sqlite3.Connection, now: bool) -> None:
    """Whether the next commit, with all before it, is to reach the disk itself."""
    connection.execute(f"PRAGMA synchronous = {'FULL' if now else 'NORMAL'}")


def _json(record: object) -> str:
    # ASCII, because SQLite takes no lone surrogates and subtitles may hold anything.
    return json.dumps(record, separators=(",", ":"))


def _warning_record(warning: Warned) -> Record:
    return {"message": sentence_record(warning.message), "hint": sentence_record(warning.hint)}
