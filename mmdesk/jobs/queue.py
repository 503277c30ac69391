"""The queue of jobs in front of the one inference worker."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mmdesk.analysis.question import Question, Reply
from mmdesk.analysis.request import AnalysisRequest
from mmdesk.jobs.board import Board
from mmdesk.jobs.ledger import Ledger
from mmdesk.jobs.mailbox import Mailbox
from mmdesk.jobs.priority import let_others_go_first
from mmdesk.jobs.state import JobAdded, JobEvent, JobState
from mmdesk.runtime.device import Device

if TYPE_CHECKING:
    from mmdesk.analysis.folder import Selection
    from mmdesk.library.kept_jobs import KeptJob
    from mmdesk.library.project import Project
    from mmdesk.tasks.engine import Engine

__all__ = ["JobAdded", "JobEvent", "JobQueue", "JobState"]

_CLOSE_SECONDS = 10.0


class JobQueue:
    """Jobs, worked on one at a time in the order of submission. Every method but `close` returns at once.

    Two plain threads: the lister finds out what folders hold, the worker owns the engine with its
    models. Both import what they need when the first job comes, so making a queue costs nothing. A
    paused job keeps its place in its file while the worker goes on with the others.
    """

    def __init__(
        self,
        make_engine: Callable[[Device], Engine],
        project: Project,
        mailbox: Mailbox[JobEvent],
        in_background: bool = True,
    ) -> None:
        """Starts the threads.

        Args:
            make_engine: Called on the worker's thread, for the first job and whenever a job asks
                for another device than the one before it.
            project: Where results and the queue itself are kept.
            mailbox: Where everything is told, in order.
            in_background: Whether the other threads of this process get the processor first.
        """
        self._make_engine = make_engine
        self._project = project
        self._ledger = Ledger(project)
        self._in_background = in_background
        self._board = Board(mailbox, self._ledger)
        self._threads = (
            threading.Thread(target=self._run_lister, name="mmdesk-lister", daemon=True),
            threading.Thread(target=self._run_worker, name="mmdesk-worker", daemon=True),
        )
        for thread in self._threads:
            thread.start()

    def submit(self, path: Path, request: AnalysisRequest) -> int:
        """Adds a job.

        A folder's job adds one job for each entry (`JobAdded` with its number as `parent`) and is
        done when all are added.

        Args:
            path: A file or folder.
            request: How to analyse it; its own path does not matter.

        Returns:
            The number of the job.
        """
        return self._board.submit(path, request)

    def submit_together(
        self, paths: Sequence[Path], request: AnalysisRequest, selection: Selection | None = None
    ) -> int:
        """Adds a job for each file in the paths and their folders; sidecar subtitles join their video.

        Args:
            paths: What was dropped or named together.
            request: How to analyse it; its own path does not matter.
            selection: Which files of folders are wanted; None for all.

        Returns:
            The `parent` of the jobs that will be added; its `DONE` comes when all are.
        """
        return self._board.submit_together(paths, request, selection)

    def go_on(self, jobs: Sequence[KeptJob]) -> int:
        """Adds jobs that an earlier program did not end (`project.unfinished()`), and goes on with them.

        Those that another program has taken in the meantime are left to it.

        Returns:
            The `parent` of the jobs that will be added; its `DONE` comes when all are.
        """
        return self._board.go_on(jobs)

    def stop_after_current(self) -> None:
        """Holds every job that waits; the one that is being worked on comes to its end."""
        self._board.stop_after_current()

    def ask(self, question: Question, reply: Reply) -> None:
        """Asks about a picture; the worker answers as soon as it can, in the midst of its jobs.

        Args:
            question: What is asked.
            reply: Told what came of it, once, on the worker's thread; never when the queue closes before.
        """
        self._board.ask(question, reply)

    def cancel(self, job: int) -> None:
        """Stops a job within a second; what it found stays."""
        self._board.cancel(job)

    def pause(self, job: int) -> None:
        """Holds a job; the worker goes on with the others."""
        self._board.pause(job)

    def resume(self, job: int) -> None:
        """Lets a paused job go on when its turn comes."""
        self._board.resume(job)

    def retry(self, job: int) -> None:
        """Does an ended job again from the start, without looking at kept results."""
        self._board.retry(job)

    def look_at(self, job: int, t: float | None) -> None:
        """Tells where the person is watching, in seconds of presentation time; that part comes first."""
        self._board.look_at(job, t)

    def close(self) -> None:
        """Stops all jobs, which the next start goes on with, and waits for the threads; a second or so."""
        self._board.close()
        for thread in self._threads:
            thread.join(_CLOSE_SECONDS)
        self._ledger.close()

    def _run_lister(self) -> None:
        listing = self._board.take_listing()
        if listing is not None:
            from mmdesk.jobs.lister import Lister

            Lister(self._board, self._ledger).run(listing)

    def _run_worker(self) -> None:
        if self._in_background:
            let_others_go_first()
        turn = self._board.take()
        if not turn.closing:
            from mmdesk.jobs.worker import Worker

            Worker(self._board, self._make_engine, self._project, self._ledger).run(turn)
