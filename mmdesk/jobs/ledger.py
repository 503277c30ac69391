"""Writes where every job stands into the project, on a thread of its own: neither window nor worker waits."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from queue import SimpleQueue
from typing import TYPE_CHECKING

from mmdesk.analysis.request import AnalysisRequest
from mmdesk.errors import StoreError
from mmdesk.sentences import Sentence

if TYPE_CHECKING:
    from mmdesk.library.kept_jobs import KeptJob
    from mmdesk.library.project import Project
    from mmdesk.library.sessions import Session

LOG = logging.getLogger(__name__)
# A disk that is busy may keep the database locked for longer than one try waits. Without a session, what
# a killed program had begun would be begun again.
_TRIES = 3
Reason = tuple[Sentence, Sentence] | None


class Ledger:
    """The jobs of one queue in their project. Any thread; only `session`, `take_over` and `close` wait.

    A project that cannot be written costs the queue's memory of itself, not the work: the worker
    tells what is wrong with the first finding that it cannot keep.
    """

    def __init__(self, project: Project) -> None:
        """Touches nothing before the first job."""
        self._project = project
        self._lock = threading.Lock()
        self._session: Session | None = None
        self._rows: dict[int, int] = {}
        self._batches: dict[int, int] = {}
        self._work: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="mmdesk-ledger", daemon=True)
        self._thread.start()

    def added(self, job: int, batch: int, request: AnalysisRequest) -> None:
        """A job stands in the queue; jobs of one batch were opened together."""
        self._work.put(lambda: self._add(job, batch, request))

    def entered(self, job: int, state: str, reason: Reason = None) -> None:
        """A job is in another state."""
        self._work.put(lambda: self._enter(job, state, reason))

    def restored(self, job: int, row: int) -> None:
        """A job of the queue is one that stands in the project already."""
        self._work.put(lambda: self._rows.update({job: row}))

    def session(self) -> str:
        """The name of this program in the project; empty where it cannot be written. Waits for the disk."""
        with self._lock:
            for _ in range(_TRIES):
                if self._session is None:
                    with suppress(StoreError):
                        self._session = self._project.sessions.begin()
            return self._session.token if self._session else ""

    def take_over(self, jobs: Sequence[KeptJob]) -> list[KeptJob]:
        """Makes unfinished jobs this program's, as far as nobody else has taken them.

        Raises:
            StoreError: The project cannot be written.
        """
        try:
            return self._project.jobs.take_over(self.session(), [job.number for job in jobs])
        finally:
            self._project.close()

    def close(self) -> None:
        """Writes what is left, and leaves the jobs that did not end to the next program."""
        self._work.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (piece := self._work.get()) is not None:
            try:
                piece()
            except StoreError:
                continue  # the worker meets the same, and says it
            except Exception:
                LOG.exception("A job could not be noted")
        with suppress(StoreError):
            if self._session is not None:
                self._session.end()
        self._project.close()

    def _add(self, job: int, batch: int, request: AnalysisRequest) -> None:
        jobs = self._project.jobs
        if batch not in self._batches:
            self._batches[batch] = jobs.new_batch()
        (self._rows[job],) = jobs.add(self.session(), self._batches[batch], [request])

    def _enter(self, job: int, state: str, reason: Reason) -> None:
        if job in self._rows:
            self._project.jobs.enter(self._rows[job], state, reason)
