"""Opens the window and runs it until it is closed."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from mmdesk.gui.platform import NO_DISPLAY, clear_foreign_qt, has_display, missing_packages, missing_words

if TYPE_CHECKING:
    from mmdesk.gui.session import Jobs
    from mmdesk.gui.window import MainWindow
    from mmdesk.jobs.mailbox import Mailbox
    from mmdesk.jobs.state import JobEvent
    from mmdesk.runtime.device import Device
    from mmdesk.tasks.engine import Engine


def main(paths: list[str]) -> int:
    """Runs the window; on the main thread, once per process.

    Args:
        paths: Files and folders to open at once.

    Returns:
        Exit code: 0, or 2 when Qt cannot start here (what is missing was said on stderr).
    """
    clear_foreign_qt()
    if not has_display():
        sys.stderr.write(f"{NO_DISPLAY}\n")
        return 2
    missing = missing_packages()
    if missing:
        sys.stderr.write(f"{missing_words(missing)}\n")
        return 2
    return _run(paths)


def _run(paths: list[str]) -> int:
    from mmdesk.config.paths import settings_file
    from mmdesk.config.settings import Settings
    from mmdesk.gui.application import Application
    from mmdesk.gui.preferences import LANGUAGE, THEME
    from mmdesk.gui.window import MainWindow

    settings = Settings.load(settings_file())
    app = Application(["mmdesk"], settings.get(LANGUAGE), settings.get(THEME))
    window = MainWindow(settings, make_jobs)
    window.open_once_painted([Path(path) for path in paths])
    window.show()
    interrupt = _Interrupt(window)
    code = app.exec()
    interrupt.restore()
    return code


class _Interrupt:
    """Ctrl-C in the terminal closes the window; a timer lets Python see the signal while Qt waits."""

    def __init__(self, window: MainWindow) -> None:
        from PySide6.QtCore import QTimer

        self._before = signal.signal(signal.SIGINT, lambda _number, _frame: window.close())
        self._timer = QTimer(window)
        self._timer.timeout.connect(lambda: None)
        self._timer.start(200)

    def restore(self) -> None:
        """Gives the signal back."""
        self._timer.stop()
        signal.signal(signal.SIGINT, self._before)


def make_jobs(mailbox: Mailbox[JobEvent]) -> Jobs:
    """The real queue; models are loaded by its worker with the first job."""
    from mmdesk.config.paths import results_file
    from mmdesk.jobs.queue import JobQueue
    from mmdesk.library.project import Project

    return JobQueue(_make_engine, Project(results_file()), mailbox)


def _make_engine(device: Device) -> Engine:
    """Called on the worker's thread."""
    from mmdesk.config.paths import packs_dirs
    from mmdesk.tasks.engine import Engine

    return Engine(packs_dirs(), device)
