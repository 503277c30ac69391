"""The queue on disk: what was asked for, in which order, and how it went."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mmdesk.analysis.json_fields import items, mapping, text
from mmdesk.analysis.records import sentence_from, sentence_record
from mmdesk.analysis.request import AnalysisRequest
from mmdesk.library.connections import Connections
from mmdesk.library.database import transaction
from mmdesk.runtime.device import Device
from mmdesk.sentences import Sentence

# States of `jobs.state.JobState` in which there is nothing left to do.
_ENDED = ("done", "failed", "cancelled", "skipped")


@dataclass(frozen=True, slots=True)
class KeptJob:
    """A job as it stands in the project.

    Attributes:
        number: In the project; rises in the order of the queue.
        batch: The number of what was opened together.
        path: What it analyses.
        request: How.
        state: Value of `jobs.state.JobState`.
        reason: Message and hint of a failure.
    """

    number: int
    batch: int
    path: Path
    request: AnalysisRequest
    state: str
    reason: tuple[Sentence, Sentence] | None = None


class KeptJobs:
    """The jobs of a project. Any thread."""

    def __init__(self, connections: Connections) -> None:
        """Touches nothing yet."""
        self._connections = connections

    def new_batch(self) -> int:
        """A number for what is opened together.

        Raises:
            StoreError: The project cannot be read.
        """
        with self._connections.use() as connection:
            (last,) = connection.execute("SELECT coalesce(max(batch), 0) FROM jobs").fetchone()
        return int(last) + 1

    def add(self, session: str, batch: int, requests: Sequence[AnalysisRequest]) -> list[int]:
        """Adds jobs at the end of the queue, belonging to a session; returns their numbers.

        Raises:
            StoreError: The project cannot be written.
        """
        numbers: list[int] = []
        with self._connections.use() as connection, transaction(connection):
            for request in requests:
                values = (
                    batch,
                    os.fsencode(request.path.absolute()),
                    _request_json(request),
                    session,
                    time.time(),
                )
                cursor = connection.execute(
                    "INSERT INTO jobs (batch, path, request, state, session, changed)"
                    " VALUES (?, ?, ?, 'waiting', ?, ?)",
                    values,
                )
                numbers.append(cursor.lastrowid or 0)
        return numbers

    def enter(self, number: int, state: str, reason: tuple[Sentence, Sentence] | None = None) -> None:
        """Says where a job stands.

        Raises:
            StoreError: The project cannot be written.
        """
        told = "" if reason is None else json.dumps([sentence_record(each) for each in reason])
        with self._connections.use() as connection:
            connection.execute(
                "UPDATE jobs SET state = ?, reason = ?, changed = ? WHERE id = ?",
                (state, told, time.time(), number),
            )

    def unfinished(self) -> list[KeptJob]:
        """Jobs that are not at their end and that no open program works on, in the order of the queue.

        Raises:
            StoreError: The project cannot be read.
        """
        return self._read(f"state NOT IN {_ENDED} AND (session IS NULL OR {_NOBODYS})", ())

    def take_over(self, session: str, numbers: Sequence[int]) -> list[KeptJob]:
        """Lets a session go on with jobs; those that another program took in the meantime are left to it.

        Returns:
            The jobs that are the session's now.

        Raises:
            StoreError: The project cannot be written.
        """
        with self._connections.use() as connection, transaction(connection):
            connection.executemany(
                "UPDATE jobs SET session = ?, state = iif(state = 'paused', state, 'waiting')"
                f" WHERE id = ? AND state NOT IN {_ENDED} AND (session IS NULL OR {_NOBODYS})",
                [(session, number) for number in numbers],
            )
        wanted = set(numbers)
        mine = self._read(f"session = ? AND state NOT IN {_ENDED}", (session,))
        return [job for job in mine if job.number in wanted]

    def forget(self, numbers: Sequence[int]) -> None:
        """Gives jobs up that nobody wants to go on with; what they found stays.

        Raises:
            StoreError: The project cannot be written.
        """
        with self._connections.use() as connection, transaction(connection):
            connection.executemany(
                f"UPDATE jobs SET state = 'cancelled' WHERE id = ? AND (session IS NULL OR {_NOBODYS})",
                [(number,) for number in numbers],
            )

    def outcomes(self, batch: int | None = None) -> list[KeptJob]:
        """How each file of a batch went, by default of the last one.

        Raises:
            StoreError: The project cannot be read.
        """
        if batch is None:
            return self._read("batch = (SELECT max(batch) FROM jobs)", ())
        return self._read("batch = ?", (batch,))

    def _read(self, where: str, values: tuple[str | int, ...]) -> list[KeptJob]:
        query = f"SELECT id, batch, path, request, state, reason FROM jobs WHERE {where} ORDER BY id"
        with self._connections.use() as connection:
            rows = connection.execute(query, values).fetchall()
        return [_job(*row) for row in rows]


_NOBODYS = "session NOT IN (SELECT token FROM sessions)"


def _job(number: int, batch: int, place: bytes, request: str, state: str, reason: str) -> KeptJob:
    path = Path(os.fsdecode(place))
    return KeptJob(number, batch, path, _request(path, request), state, _reason(reason))


def _reason(body: str) -> tuple[Sentence, Sentence] | None:
    if not body:
        return None
    message, hint = json.loads(body)
    return sentence_from(message), sentence_from(hint)


def _request_json(request: AnalysisRequest) -> str:
    return json.dumps({"languages": list(request.languages), "device": str(request.device)})


def _request(path: Path, body: str) -> AnalysisRequest:
    record = mapping(json.loads(body))
    return AnalysisRequest(path, tuple(map(str, items(record, "languages"))), Device(text(record, "device")))
