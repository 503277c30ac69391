"""Where every job stands: the state machine that the queue's callers and its threads share."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from mmdesk.analysis.question import Question, Reply
from mmdesk.analysis.request import AnalysisRequest
from mmdesk.control import Control
from mmdesk.events import Event, Failed, Finished
from mmdesk.jobs.ledger import Ledger
from mmdesk.jobs.mailbox import Mailbox
from mmdesk.jobs.state import JobAdded, JobEvent, JobState
from mmdesk.sentences import sentence

if TYPE_CHECKING:
    from mmdesk.analysis.folder import Selection
    from mmdesk.library.kept_jobs import KeptJob

Events = Generator[Event, None, None]


@dataclass(eq=False)
class Job:
    """One path on its way. Changed under the board's lock only, but for `events`.

    Attributes:
        number: What front ends call it.
        request: What was asked for.
        control: Steers its analysis.
        state: Where it stands.
        ready: Whether the lister has seen that it is no folder.
        recompute: Whether kept results are passed over.
        pausing: Whether it is to be parked after its next event.
        events: The analysis, begun and not ended; the worker's.
        failed: Why it failed, if it did.
        kept: Whether nothing had to be computed.
    """

    number: int
    request: AnalysisRequest
    control: Control = field(default_factory=Control)
    state: JobState = JobState.WAITING
    ready: bool = False
    recompute: bool = False
    pausing: bool = False
    events: Events | None = None
    failed: Failed | None = None
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """Paths that the lister looks at: one job's own path, several that were dropped together, or old jobs."""

    job: Job | None
    number: int
    paths: tuple[Path, ...]
    request: AnalysisRequest
    unfinished: tuple[KeptJob, ...] = ()
    selection: Selection | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that waits, and who is told what comes of it."""

    question: Question
    reply: Reply


@dataclass(frozen=True, slots=True)
class Turn:
    """What the worker is to do next.

    Attributes:
        asked: Questions, which go before everything else.
        job: A job that now counts as running.
        abandoned: Analyses that were stopped while they were parked, to be closed.
        closing: Whether this is the last turn.
    """

    asked: tuple[Asked, ...]
    job: Job | None
    abandoned: tuple[Events, ...]
    closing: bool


class Board:
    """All jobs, and what is to be listed. Any thread; only the `take`s wait."""

    def __init__(self, mailbox: Mailbox[JobEvent], ledger: Ledger) -> None:
        """Starts empty.

        Args:
            mailbox: Where everything is told.
            ledger: Where everything is noted for the next start.
        """
        self._mailbox = mailbox
        self._ledger = ledger
        self._changed = threading.Condition(threading.RLock())
        self._numbers = itertools.count(1)
        self._jobs: dict[int, Job] = {}
        self._waiting: dict[int, Job] = {}
        self._listings: list[Listing] = []
        self._abandoned: list[Events] = []
        self._asked: list[Asked] = []
        self._closing = False

    @property
    def closing(self) -> bool:
        """Whether everything is to stop."""
        return self._closing

    def submit(self, path: Path, request: AnalysisRequest) -> int:
        """Adds a job; the lister looks at it first."""
        with self._changed:
            job = self._added(path, request, None)
            self._list(Listing(job, job.number, (path,), request))
            return job.number

    def ask(self, question: Question, reply: Reply) -> None:
        """Adds a question."""
        with self._changed:
            self._asked.append(Asked(question, reply))
            self._changed.notify_all()

    def take_asked(self) -> tuple[Asked, ...]:
        """The questions that nobody has taken yet. The worker's, also in the midst of a job."""
        with self._changed:
            asked, self._asked = tuple(self._asked), []
            return asked

    def submit_together(
        self, paths: Sequence[Path], request: AnalysisRequest, selection: Selection | None = None
    ) -> int:
        """Lets the lister add a job for each entry; the number ends `DONE` when all are added."""
        with self._changed:
            number = next(self._numbers)
            self._list(Listing(None, number, tuple(paths), request, selection=selection))
            return number

    def go_on(self, jobs: Sequence[KeptJob]) -> int:
        """Lets the lister add jobs that an earlier program did not end; the number ends `DONE` then."""
        with self._changed:
            number = next(self._numbers)
            self._list(Listing(None, number, (), AnalysisRequest(Path()), tuple(jobs)))
            return number

    def add_unfinished(self, parent: int, kept: KeptJob) -> Job:
        """Adds a job that stands in the project already, in the state in which it was left."""
        with self._changed:
            job = self._told(kept.path, kept.request, parent)
            self._ledger.restored(job.number, kept.number)
            if kept.state == JobState.PAUSED:
                self._enter(job, JobState.PAUSED)
            return job

    def stop_after_current(self) -> None:
        """Holds every job that waits; the one that is being worked on comes to its end."""
        with self._changed:
            for number in list(self._waiting):
                self.pause(number)

    def add_entry(self, parent: int, path: Path, request: AnalysisRequest) -> Job:
        """Adds a job that needs no listing."""
        with self._changed:
            job = self._added(path, request, parent)
            self.make_ready(job)
            return job

    def make_ready(self, job: Job) -> None:
        """Lets the worker have a job."""
        with self._changed:
            job.ready = True
            self._enter(job, job.state, told=True)

    def add_failed(self, parent: int, failed: Failed, request: AnalysisRequest) -> None:
        """Adds a job for an entry that cannot be read."""
        with self._changed:
            job = self._added(failed.path, request, parent)
            job.ready = True
            job.failed = failed
            self._post(job.number, failed)
            self._enter(job, JobState.FAILED)

    def listed(self, number: int) -> None:
        """All entries of a folder or of paths dropped together have been added."""
        with self._changed:
            job = self._jobs.get(number)
            if job is None:
                self._post(number, JobState.DONE)
            elif not job.state.ended:
                self._enter(job, JobState.DONE)

    def cancel(self, number: int) -> None:
        """Stops a job; one that is not being worked on ends at once."""
        with self._changed:
            job = self._jobs.get(number)
            if job is None or job.state.ended:
                return
            job.control.cancel()
            if job.state is not JobState.RUNNING:
                self._abandon(job)
                self._post(number, _stopped(job.request.path))
                self._enter(job, JobState.CANCELLED)

    def pause(self, number: int) -> None:
        """Holds a job; a running one after its next event."""
        with self._changed:
            job = self._jobs.get(number)
            if job is not None and job.state is JobState.WAITING:
                self._enter(job, JobState.PAUSED)
            elif job is not None and job.state is JobState.RUNNING:
                job.pausing = True

    def resume(self, number: int) -> None:
        """Lets a paused job wait for its turn again."""
        with self._changed:
            job = self._jobs.get(number)
            if job is not None:
                job.pausing = False
            if job is not None and job.state is JobState.PAUSED:
                self._enter(job, JobState.WAITING)

    def retry(self, number: int) -> None:
        """Does an ended job once more, computing everything anew."""
        with self._changed:
            job = self._jobs.get(number)
            if job is None or not job.state.ended:
                return
            # What was stopped is gone on with; anything else is done from the start.
            job.recompute = job.state is not JobState.CANCELLED
            job.control, job.pausing, job.failed, job.kept = Control(), False, None, False
            self._enter(job, JobState.WAITING)
            if not job.ready:
                self._list(Listing(job, number, (job.request.path,), job.request))

    def look_at(self, number: int, t: float | None) -> None:
        """Tells a job where the person is watching."""
        with self._changed:
            job = self._jobs.get(number)
            if job is not None:
                job.control.look_at(t)

    def close(self) -> None:
        """Stops everything; the `take`s return at once from now on."""
        with self._changed:
            self._closing = True
            for job in self._jobs.values():
                if not job.state.ended:
                    job.control.cancel()
                    self._abandon(job)
            self._listings.clear()
            self._changed.notify_all()

    def take(self) -> Turn:
        """Waits until there is something to do, and marks the next job as running. The worker's."""
        with self._changed:
            self._changed.wait_for(lambda: self._closing or self._abandoned or self._asked or self._next())
            asked = () if self._closing else self.take_asked()
            job = None if self._closing or asked else self._next()
            if job is not None:
                self._enter(job, JobState.RUNNING)
            abandoned, self._abandoned = self._abandoned, []
            return Turn(asked, job, tuple(abandoned), self._closing)

    def take_listing(self) -> Listing | None:
        """Waits for the next paths to look at; None when closing. The lister's."""
        with self._changed:
            self._changed.wait_for(lambda: self._closing or self._listings)
            return None if self._closing else self._listings.pop(0)

    def post(self, job: Job, event: Event) -> None:
        """Tells an event of a job's analysis."""
        if isinstance(event, Failed):
            job.failed = event
        elif isinstance(event, Finished):
            job.kept = event.kept
        self._post(job.number, event)

    def park(self, job: Job) -> bool:
        """Pauses a running job if it was asked to; True when the worker is to leave it."""
        with self._changed:
            if not job.pausing or job.control.cancelled:
                return False
            job.pausing = False
            self._enter(job, JobState.PAUSED)
            return True

    def end(self, job: Job, state: JobState) -> None:
        """Says how a running job ended."""
        with self._changed:
            job.events = None
            self._enter(job, state)

    def _added(self, path: Path, request: AnalysisRequest, parent: int | None) -> Job:
        job = self._told(path, request, parent)
        self._ledger.added(job.number, job.number if parent is None else parent, job.request)
        return job

    def _told(self, path: Path, request: AnalysisRequest, parent: int | None) -> Job:
        job = Job(next(self._numbers), replace(request, path=path))
        self._jobs[job.number] = job
        self._mailbox.post(JobEvent(job.number, JobAdded(path, parent)))
        self._post(job.number, JobState.WAITING)
        return job

    def _list(self, listing: Listing) -> None:
        self._listings.append(listing)
        self._changed.notify_all()

    def _next(self) -> Job | None:
        return next(iter(self._waiting.values()), None)

    def _enter(self, job: Job, state: JobState, told: bool = False) -> None:
        """Puts a job into a state, and into the line of those that wait if it belongs there."""
        job.state = state
        self._waiting.pop(job.number, None)
        if job.ready and state is JobState.WAITING:
            self._waiting[job.number] = job
        if not told:
            self._post(job.number, state)
            self._note(job)
        self._changed.notify_all()

    def _note(self, job: Job) -> None:
        """For the next start; what only stops because the program ends is to go on there."""
        if self._closing and job.state is JobState.CANCELLED:
            return
        state = "skipped" if job.kept and job.state is JobState.DONE else str(job.state)
        failed = job.failed if job.state is JobState.FAILED else None
        self._ledger.entered(job.number, state, (failed.message, failed.hint) if failed else None)

    def _abandon(self, job: Job) -> None:
        if job.events is not None and job.state is not JobState.RUNNING:
            self._abandoned.append(job.events)
            job.events = None

    def _post(self, number: int, event: Event | JobState) -> None:
        self._mailbox.post(JobEvent(number, event))


def _stopped(path: Path) -> Failed:
    return Failed(
        path,
        sentence("Stopped on request."),
        sentence("What was found so far is kept. Start again to go on."),
        cancelled=True,
    )
