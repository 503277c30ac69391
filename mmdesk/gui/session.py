"""The jobs of this window: what was opened goes to the queue, what is heard comes back into the list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal

from mmdesk.analysis.question import Answered, Question, Reply, Unanswered, language_of
from mmdesk.events import Finished, Found
from mmdesk.gui.background import Background
from mmdesk.gui.files.actions import FileAction
from mmdesk.gui.files.item import Changed, Item
from mmdesk.gui.files.model import FilesModel
from mmdesk.gui.inbox import Inbox
from mmdesk.gui.language import spoken_language
from mmdesk.jobs.mailbox import Mailbox
from mmdesk.jobs.state import JobAdded, JobEvent, JobState

if TYPE_CHECKING:
    from mmdesk.analysis.request import AnalysisRequest
    from mmdesk.library.kept_jobs import KeptJob
    from mmdesk.library.project import View


class Jobs(Protocol):
    """What the window needs of `jobs.queue.JobQueue`."""

    def submit_together(self, paths: Sequence[Path], request: AnalysisRequest) -> int:
        """Adds a job for each file in the paths and their folders; returns their `parent`."""

    def go_on(self, jobs: Sequence[KeptJob]) -> int:
        """Goes on with jobs that an earlier program did not end; returns their `parent`."""

    def cancel(self, job: int) -> None:
        """Stops a job."""

    def pause(self, job: int) -> None:
        """Holds a job."""

    def resume(self, job: int) -> None:
        """Lets it go on."""

    def retry(self, job: int) -> None:
        """Does it again."""

    def look_at(self, job: int, t: float | None) -> None:
        """Tells where the person is watching."""

    def ask(self, question: Question, reply: Reply) -> None:
        """Asks about a picture; `reply` is called on another thread."""

    def close(self) -> None:
        """Stops everything."""


MakeJobs = Callable[[Mailbox[JobEvent]], Jobs]


class Session(QObject):
    """Owns the queue of one window. Qt thread only.

    Signals:
        added: This `Item` is new; True when it is the first of what was opened together.
        started: Its kind and duration are known.
        changed: Something about this `Item` but its lines is different.
        restarted: Its lines are to be shown from the start.
        lines_arrived: `Item`, new lines, changed lines.
        problems_changed: Something could not be read, or a warning came.
        troubled: An `MmdeskError`: why there is no queue.
        answered: What came of a question: `Answered` or `Unanswered`.
    """

    added = Signal(object, bool)
    started = Signal(object)
    changed = Signal(object)
    restarted = Signal(object)
    lines_arrived = Signal(object, object, object)
    problems_changed = Signal()
    troubled = Signal(object)
    answered = Signal(object)

    def __init__(
        self, make_jobs: MakeJobs, files: FilesModel, background: Background, parent: QObject
    ) -> None:
        """Makes the queue in the background, because it imports what the first window can do without."""
        super().__init__(parent)
        self._files = files
        self._inbox: Inbox[JobEvent] = Inbox(self._apply, self)
        self._replies: Inbox[Answered | Unanswered] = Inbox(self._pass_on, self)
        self._jobs: Jobs | None = None
        self._asked: list[Sequence[Path]] = []
        self._fresh: set[int] = set()
        self._make_jobs = make_jobs
        self._background = background

    def start(self) -> None:
        """Makes the queue; what was opened before it is there waits for it."""
        make, mailbox = self._make_jobs, self._inbox.mailbox
        self._background.run(lambda: make(mailbox), self._begin, self.troubled.emit)

    @property
    def ready(self) -> bool:
        """Whether the queue is there."""
        return self._jobs is not None

    def _begin(self, jobs: Jobs) -> None:
        self._jobs = jobs
        asked, self._asked = self._asked, []
        for paths in asked:
            self.open(paths)

    def open(self, paths: Sequence[Path]) -> None:
        """Analyses files and what folders hold, in the language of the window."""
        if self._jobs is None:
            self._asked.append(paths)
        elif paths:
            from mmdesk.analysis.request import AnalysisRequest

            request = AnalysisRequest(paths[0], languages=(spoken_language(),))
            self._fresh.add(self._jobs.submit_together(paths, request))

    def go_on(self, jobs: Sequence[KeptJob]) -> None:
        """Goes on with what an earlier program did not end."""
        if self._jobs is not None and jobs:
            self._fresh.add(self._jobs.go_on(jobs))

    def show_kept(self, view: View) -> Item:
        """Puts a file of the library into the list with what is kept of it; nothing is analysed."""
        entry = view.entry
        known = self._files.item(-entry.number)
        if known is not None:
            return known
        item = Item(-entry.number, entry.path, JobState.DONE, entry.kind, entry.duration)
        item.take_findings(list(view.findings))
        item.finished = Finished(entry.path, len(item.findings), 0.0, kept=True)
        self._files.add(item)
        return item

    def act(self, action: FileAction, item: Item) -> None:
        """Does to a file what the person asked for."""
        if self._jobs is None:
            return
        match action:
            case FileAction.PAUSE:
                self._jobs.pause(item.job)
            case FileAction.RESUME:
                self._jobs.resume(item.job)
            case FileAction.RETRY:
                self._jobs.retry(item.job)
            case FileAction.STOP:
                self._jobs.cancel(item.job)
            case FileAction.REMOVE:
                self._files.remove(item)
                self.problems_changed.emit()

    def pause_all(self, pause: bool) -> None:
        """Pauses every job that has not ended, or lets all go on."""
        wanted = FileAction.PAUSE if pause else FileAction.RESUME
        for item in list(self._files):
            if not item.state.ended:
                self.act(wanted, item)

    def look_at(self, item: Item, t: float) -> None:
        """The person watches this moment of a file."""
        if self._jobs is not None and not item.state.ended:
            self._jobs.look_at(item.job, t)

    def ask(self, item: Item, words: str) -> None:
        """Asks about a picture, in the language that the question is written in."""
        if self._jobs is not None:
            question = Question(item.path, words, language_of(words))
            self._jobs.ask(question, self._replies.mailbox.post)

    def _pass_on(self, replies: list[Answered | Unanswered]) -> None:
        for reply in replies:
            self.answered.emit(reply)

    def close(self) -> None:
        """Stops all jobs, which keeps what they found, and hears nothing more."""
        self._inbox.close()
        self._replies.close()
        if self._jobs is not None:
            self._jobs.close()

    def _apply(self, events: list[JobEvent]) -> None:
        for (job, found), run in groupby(events, key=lambda e: (e.job, isinstance(e.event, Found))):
            if found:
                self._take_findings(job, list(run))
            else:
                for event in run:
                    self._take(event)

    def _take_findings(self, job: int, events: list[JobEvent]) -> None:
        item = self._files.item(job)
        if item is None:
            return
        new, changed = item.take_findings([e.event.finding for e in events if isinstance(e.event, Found)])
        self.lines_arrived.emit(item, new, changed)

    def _take(self, event: JobEvent) -> None:
        if isinstance(event.event, JobAdded):
            self._add(event.job, event.event)
            return
        item = self._files.item(event.job)
        if item is None:
            if isinstance(event.event, JobState) and event.event.ended:
                self._fresh.discard(event.job)
            return
        self._tell(item, item.take(event.event))

    def _add(self, job: int, added: JobAdded) -> None:
        item = Item(job, added.path)
        first = added.parent in self._fresh
        if added.parent is not None:
            self._fresh.discard(added.parent)
        self._files.add(item)
        self.added.emit(item, first)

    def _tell(self, item: Item, changed: Changed) -> None:
        if changed & Changed.ROW:
            self._files.changed(item)
            self.changed.emit(item)
        if changed & Changed.RESTARTED:
            self.restarted.emit(item)
        if changed & Changed.STARTED:
            self.started.emit(item)
        if changed & Changed.PROBLEMS:
            self.problems_changed.emit()
