"""How long the Qt thread keeps an event waiting while a clip is analysed, played and listed."""

from __future__ import annotations

import os
import tempfile
import threading
import time
from pathlib import Path
from typing import Self

from PySide6.QtCore import QEventLoop, QObject, QTimer, Signal

from bench.clips import SAMPLE, looped
from bench.engines import folders
from bench.figures import percentile, tell
from mmdesk.config.paths import settings_file
from mmdesk.config.settings import Settings
from mmdesk.gui.application import Application
from mmdesk.gui.session import Jobs
from mmdesk.gui.window import MainWindow
from mmdesk.jobs.mailbox import Mailbox
from mmdesk.jobs.queue import JobQueue
from mmdesk.jobs.state import JobEvent
from mmdesk.library.project import Project
from mmdesk.tasks.engine import Engine

_EVERY = 0.002


class Probe(QObject):
    """Posts an event every two milliseconds from another thread, and notes how late each arrives."""

    posted = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self.late: list[float] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._post)
        self.posted.connect(lambda at: self.late.append(time.perf_counter() - at))

    def _post(self) -> None:
        while not self._stop.wait(_EVERY):
            self.posted.emit(time.perf_counter())

    def __enter__(self) -> Self:
        """Begins to post."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()


def main() -> None:
    """Prints lateness at rest and while a clip is analysed."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MMDESK_HOME"] = folder
        if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
            os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        clip = looped(SAMPLE, Path(folder) / "clip.mp4", 6)
        app = Application(["bench"])
        window = MainWindow(Settings.load(settings_file()), lambda mailbox: _jobs(mailbox, Path(folder)))
        window.show()
        _wait(1.0)
        rest = _lateness(window, 5.0)
        window.open_paths([clip], play=True)
        busy = _lateness(window, 120.0)
        (item,) = window.desk.files
        findings, failure = len(item.findings), item.failure
        window.close()
        app.processEvents()
    if failure is not None:
        raise RuntimeError(str(failure.message))
    later = busy[round(2 / _EVERY) :] or busy
    tell(
        f"Lateness of Qt events while a clip is analysed and played ({findings} findings)",
        {
            "at rest: p99.9": f"{1000 * percentile(rest, 99.9):.1f} ms of {len(rest)} events",
            "analysing: median": f"{1000 * percentile(busy, 50):.2f} ms of {len(busy)} events",
            "analysing: p99.9": f"{1000 * percentile(busy, 99.9):.1f} ms  (wanted: at most 16)",
            "analysing: worst": f"{1000 * max(busy):.1f} ms  (wanted: at most 100)",
            "without its first two seconds: p99.9": f"{1000 * percentile(later, 99.9):.1f} ms",
            "without its first two seconds: worst": f"{1000 * max(later):.1f} ms",
        },
    )


def _jobs(mailbox: Mailbox[JobEvent], folder: Path) -> Jobs:
    return JobQueue(lambda device: Engine(folders(), device), Project(folder / "results.sqlite"), mailbox)


def _lateness(window: MainWindow, longest: float) -> list[float]:
    """Measures until every file is done, or for so many seconds."""
    deadline = time.monotonic() + longest
    with Probe() as probe:
        while time.monotonic() < deadline and not _all_done(window):
            _wait(0.05)
    return probe.late


def _all_done(window: MainWindow) -> bool:
    items = list(window.desk.files)
    return bool(items) and all(item.finished or item.failure for item in items)


def _wait(seconds: float) -> None:
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()


if __name__ == "__main__":
    main()
