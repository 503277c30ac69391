"""The commands `analyze` and `caption`: the same queue as the window's, printed."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from mmdesk.analysis.folder import EVERYTHING, Selection, TakenAlong
from mmdesk.analysis.request import AnalysisRequest
from mmdesk.cli.exits import DONE, FAILED, INTERRUPTED
from mmdesk.cli.outcomes import Outcomes
from mmdesk.cli.printing import CaptionPrinter, JsonPrinter, LinePrinter, Printer, complain
from mmdesk.cli.saving import Saving
from mmdesk.config.paths import packs_dirs, results_file
from mmdesk.errors import MediaError, StoreError, UnsupportedMedia
from mmdesk.events import Event, Failed, Finished, MediaKind
from mmdesk.jobs.mailbox import Mailbox
from mmdesk.jobs.queue import JobQueue
from mmdesk.jobs.state import JobAdded, JobEvent, JobState
from mmdesk.jobs.watching import Watcher
from mmdesk.library.project import Project
from mmdesk.media.probe import probe
from mmdesk.runtime.device import Device
from mmdesk.sentences import sentence
from mmdesk.tasks.engine import Engine

# Ctrl-C is looked for at least this often, seconds (on Windows a wait cannot be interrupted).
_GLANCE = 0.2
_STOPPING_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Batch:
    """How folders are worked through.

    Attributes:
        selection: Which of their files are wanted.
        retry_failed: Whether the files that failed in the last batch are done again.
        go_on: Whether the jobs of programs that were killed are gone on with.
        watch: Whether to wait for more files until Ctrl-C.
        outcomes: File for the table of how each file went; None for none.
    """

    selection: Selection = EVERYTHING
    retry_failed: bool = False
    go_on: bool = False
    watch: bool = False
    outcomes: Path | None = None


@dataclass(frozen=True, slots=True)
class Analysis:
    """What to analyse, and how.

    Attributes:
        paths: Files and folders.
        languages: Languages of the captions.
        device: Where to compute.
        out: Folder for result files; None for none.
        batch: Which files of folders, and in which way.
    """

    paths: tuple[Path, ...]
    languages: tuple[str, ...]
    device: Device
    out: Path | None = None
    batch: Batch = Batch()


def analyze(analysis: Analysis, as_json: bool) -> int:
    """Analyses files and prints what is found as it is found.

    Returns:
        0 when all are done, 1 when some failed, 130 after Ctrl-C.

    Raises:
        BrokenPipeError: Nobody reads any more.
    """
    return _Session(analysis, JsonPrinter() if as_json else LinePrinter()).run()


def caption(analysis: Analysis) -> int:
    """Prints the caption of a picture, and nothing else.

    Returns:
        As `analyze`; 1 also for what is no picture.

    Raises:
        BrokenPipeError: Nobody reads any more.
    """
    (path,) = analysis.paths
    try:
        if probe(path).kind is not MediaKind.PICTURE:
            raise UnsupportedMedia(
                path,
                sentence("This file is not a picture."),
                sentence("Use mmdesk analyze for videos, sound and subtitles."),
            )
    except MediaError as failure:
        complain(failure)
        return FAILED
    return _Session(analysis, CaptionPrinter()).run()


class _Session:
    """One run of the queue, on the main thread, which only prints."""

    def __init__(self, analysis: Analysis, printer: Printer) -> None:
        self._analysis = analysis
        self._printer = printer
        settings = ("device", str(analysis.device)), ("languages", " ".join(analysis.languages))
        self._saving = Saving(analysis.out, settings)
        self._wake = threading.Event()
        self._mailbox: Mailbox[JobEvent] = Mailbox(self._wake.set)
        self._request = AnalysisRequest(Path(), analysis.languages, analysis.device)
        self._project = Project(results_file())
        self._queue = JobQueue(_make_engine, self._project, self._mailbox, in_background=False)
        self._open: set[int] = set()
        self._along = TakenAlong(analysis.paths)
        self._outcomes = Outcomes()
        self._watching = analysis.batch.watch
        self._interrupted: float | None = None

    def run(self) -> int:
        with closing(self._queue), self._ctrl_c(), self._watcher():
            self._submit()
            while (self._open or self._watching) and not self._takes_too_long():
                self._wake.wait(_GLANCE)
                self._wake.clear()
                self._apply(self._mailbox.drain())
                if self._interrupted is not None:
                    self._watching = False
                    for job in self._open:
                        self._queue.cancel(job)
        self._printer.end(self._outcomes, self._analysis.out)
        written = self._write_outcomes()
        failed = bool(self._outcomes.failed) or not written
        return INTERRUPTED if self._interrupted is not None else FAILED if failed else DONE

    def _submit(self) -> None:
        """Puts everything that was asked for into the queue; a watched folder is the watcher's."""
        batch, paths = self._analysis.batch, self._analysis.paths
        try:
            if batch.go_on:
                unfinished = self._project.unfinished()
                self._open |= {self._queue.go_on(unfinished)} if unfinished else set()
            if batch.retry_failed:
                paths += tuple(job.path for job in self._project.jobs.outcomes() if job.state == "failed")
        except StoreError as failure:
            complain(failure)
        finally:
            self._project.close()
        if paths and not batch.watch:
            self._open.add(self._queue.submit_together(paths, self._request, batch.selection))

    @contextmanager
    def _watcher(self) -> Iterator[None]:
        if not self._watching:
            yield
            return
        analysis = self._analysis
        watcher = Watcher(analysis.paths, self._found, analysis.batch.selection)
        with closing(watcher):
            yield

    def _found(self, paths: Sequence[Path]) -> None:
        """New files in a watched folder; the watcher's thread."""
        self._queue.submit_together(paths, self._request)

    def _write_outcomes(self) -> bool:
        target = self._analysis.batch.outcomes
        try:
            if target is not None:
                self._outcomes.write(target)
        except StoreError as failure:
            complain(failure)
            return False
        return True

    def _apply(self, events: list[JobEvent]) -> None:
        for told in events:
            event = told.event
            if isinstance(event, JobAdded):
                self._open.add(told.job)
                self._saving.add(told.job, event.path)
            elif isinstance(event, JobState):
                self._open -= {told.job} if event.ended else set()
            else:
                self._tell(self._saving.take(told.job, event))
                self._end_sidecars(event)

    def _end_sidecars(self, event: Event) -> None:
        """Subtitles end with their film; those of a film that cannot be opened are read by themselves."""
        paths, read = self._along.after(event)
        for path in paths:
            if read:
                self._tell(Finished(path, 0, 0.0))
            else:
                self._open.add(self._queue.submit(path, self._request))

    def _tell(self, event: Event) -> None:
        if isinstance(event, Finished | Failed):
            self._outcomes.take(event)
        self._printer.event(event)

    def _takes_too_long(self) -> bool:
        return self._interrupted is not None and time.monotonic() - self._interrupted > _STOPPING_SECONDS

    @contextmanager
    def _ctrl_c(self) -> Iterator[None]:
        """The first Ctrl-C stops the jobs; a second one, if they hang, the program."""

        def stop(number: int, frame: FrameType | None) -> None:
            self._interrupted = time.monotonic()
            signal.signal(signal.SIGINT, signal.default_int_handler)
            self._wake.set()

        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = signal.signal(signal.SIGINT, stop)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)


def _make_engine(device: Device) -> Engine:
    return Engine(packs_dirs(), device)
