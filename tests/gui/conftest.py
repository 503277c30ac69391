"""Real windows on the offscreen platform, always starting in English and light."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from mmdesk.config.paths import settings_file
from mmdesk.config.settings import Settings
from mmdesk.gui.application import Application
from mmdesk.gui.session import Jobs, MakeJobs
from mmdesk.gui.window import MainWindow
from mmdesk.jobs.mailbox import Mailbox
from mmdesk.jobs.state import JobEvent
from tests.gui.fake_jobs import FakeJobs

# Qt Multimedia logs while the loader holds its lock, pytest-qt hands that to Python, and Python may be held
# by a thread that waits for the loader: so it is loaded before there are threads, and says nothing. Its
# decoder threads log at any moment, also while pytest-qt changes its listener, which crashes.
os.environ["QT_LOGGING_RULES"] = "qt.multimedia.symbolsresolver=false;qt.multimedia.*.info=false"
importlib.import_module("PySide6.QtMultimedia")

MakeWindow = Callable[[MakeJobs], MainWindow]


@pytest.fixture(scope="session")
def qapp_cls() -> type[Application]:
    """The application under test is ours."""
    return Application


@pytest.fixture(autouse=True)
def english_and_light(qapp: Application) -> Iterator[None]:
    """Every test starts and ends in English and light."""
    qapp.language.choose("en")
    qapp.theme.choose("light")
    yield
    qapp.language.choose("en")
    qapp.theme.choose("light")


@pytest.fixture
def make_window(qtbot: QtBot) -> Iterator[MakeWindow]:
    """Makes shown windows; each is closed in the end."""
    made: list[MainWindow] = []

    def make(make_jobs: MakeJobs) -> MainWindow:
        window = MainWindow(Settings.load(settings_file()), make_jobs)
        made.append(window)
        qtbot.addWidget(window)
        window.setGeometry(0, 0, 1280, 800)
        window.show()
        qtbot.waitExposed(window)
        qtbot.waitUntil(lambda: window.desk.session.ready, timeout=20_000)
        return window

    yield make
    for window in made:
        window.close()


class Faked:
    """A window and the queue behind it, whose events the test tells.

    Attributes:
        window: The real window.
        jobs: The fake queue.
    """

    def __init__(self, qtbot: QtBot, make_window: MakeWindow) -> None:
        made: list[FakeJobs] = []

        def make_jobs(mailbox: Mailbox[JobEvent]) -> Jobs:
            made.append(FakeJobs(mailbox))
            return made[0]

        self._qtbot = qtbot
        self.window = make_window(make_jobs)
        self.jobs = made[0]

    def open(self, *paths: Path) -> list[int]:
        """Opens files; gives the numbers of their jobs."""
        known = {item.job for item in self.window.desk.files}
        count = len(known) + len(paths)
        self.window.open_paths(paths)
        self._qtbot.waitUntil(lambda: len(self.window.desk.files) == count)
        return [item.job for item in self.window.desk.files if item.job not in known]


@pytest.fixture
def faked(qtbot: QtBot, make_window: MakeWindow) -> Faked:
    """A window with a fake queue."""
    return Faked(qtbot, make_window)
