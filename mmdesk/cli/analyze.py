"""The commands `analyze` and `caption`: the same queue as the window's, printed."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from mmdesk.analysis.folder import TakenAlong
from mmdesk.analysis.request import AnalysisRequest
from mmdesk.cli.exits import DONE, FAILED, INTERRUPTED
from mmdesk.cli.printing import CaptionPrinter, JsonPrinter, LinePrinter, Printer, complain
from mmdesk.cli.saving import Saving
from mmdesk.config.paths import packs_dirs, results_file
from mmdesk.errors import MediaError, UnsupportedMedia
from mmdesk.events import Event, Failed, Finished, MediaKind
from mmdesk.jobs.mailbox import Mailbox
from mmdesk.jobs.queue import JobQueue
from mmdesk.jobs.state import JobAdded, JobEvent, JobState
from mmdesk.library.project import Project
from mmdesk.media.probe import probe
from mmdesk.runtime.device import Device
from mmdesk.sentences import sentence
from mmdesk.tasks.engine import Engine

# Ctrl-C is looked for at least this often, seconds (on Windows a wait cannot be interrupted).
_GLANCE = 0.2
_STOPPING_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Analysis:
    """What to analyse, and how.

    Attributes:
        paths: Files and folders.
        languages: Languages of the captions.
        device: Where to compute.
        out: Folder for result files; None for none.
    """

    paths: tuple[Path, ...]
    languages: tuple[str, ...]
    device: Device
    out: Path | None = None


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
        self._request = AnalysisRequest(analysis.paths[0], analysis.languages, analysis.device)
        self._project = Project(results_file())
        self._queue = JobQueue(_make_engine, self._project, self._mailbox, in_background=False)
        self._open: set[int] = set()
        self._along = TakenAlong(analysis.paths)
        self._done = self._failed = 0
        self._interrupted: float | None = None

    def run(self) -> int:
        analysis = self._analysis
        with closing(self._queue), self._ctrl_c():
            self._open.add(self._queue.submit_together(analysis.paths, self._request))
            while self._open and not self._takes_too_long():
                self._wake.wait(_GLANCE)
                self._wake.clear()
                self._apply(self._mailbox.drain())
                if self._interrupted is not None:
                    for job in self._open:
                        self._queue.cancel(job)
        self._printer.end(self._done, self._failed, analysis.out)
        return INTERRUPTED if self._interrupted is not None else FAILED if self._failed else DONE

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
        self._done += isinstance(event, Finished)
        self._failed += isinstance(event, Failed)
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
