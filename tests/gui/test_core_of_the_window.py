"""What carries results into the Qt thread, and how the window starts."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QObject, Signal
from pytestqt.qtbot import QtBot

from mmdesk.errors import Cancelled, EmptyFile, MmdeskError
from mmdesk.gui import platform
from mmdesk.gui.background import Background
from mmdesk.gui.inbox import CHUNK, Inbox
from mmdesk.sentences import sentence

ROOT = Path(__file__).parents[2]


def test_posts_of_many_threads_arrive_whole_and_in_order(qtbot: QtBot) -> None:
    owner = QObject()
    taken: list[tuple[int, int]] = []
    batches: list[int] = []

    def apply(posts: list[tuple[int, int]]) -> None:
        assert threading.current_thread() is threading.main_thread()
        batches.append(len(posts))
        taken.extend(posts)

    inbox: Inbox[tuple[int, int]] = Inbox(apply, owner)

    def post(thread: int) -> None:
        for number in range(5_000):
            inbox.mailbox.post((thread, number))

    threads = [threading.Thread(target=post, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    qtbot.waitUntil(lambda: len(taken) == 20_000, timeout=20_000)
    for thread in threads:
        thread.join()
    for number in range(4):
        assert [post for thread, post in taken if thread == number] == list(range(5_000))
    assert max(batches) <= CHUNK


def test_a_flood_leaves_the_event_loop_its_turn(qtbot: QtBot) -> None:
    owner = QObject()
    turns: list[int] = []
    taken: list[int] = []
    inbox: Inbox[int] = Inbox(lambda posts: _slowly(posts, taken), owner)
    for number in range(CHUNK * 60):
        inbox.mailbox.post(number)
    while len(taken) < CHUNK * 60:
        QCoreApplication.processEvents()
        turns.append(len(taken))
    assert len(turns) > 5, "many small steps, not one long one"
    assert taken == list(range(CHUNK * 60))


def _slowly(posts: list[int], taken: list[int]) -> None:
    threading.Event().wait(0.002)
    taken.extend(posts)


def test_a_closed_inbox_delivers_nothing(qtbot: QtBot) -> None:
    owner = QObject()
    taken: list[int] = []
    inbox: Inbox[int] = Inbox(taken.extend, owner)
    inbox.mailbox.post(1)
    inbox.close()
    inbox.mailbox.post(2)
    qtbot.wait(30)
    assert taken == []


def test_the_end_of_work_is_told_on_the_qt_thread(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = QObject()
    background = Background(owner)
    done: list[object] = []
    failed: list[MmdeskError] = []
    unexpected: list[type[BaseException]] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, *_rest: unexpected.append(kind))

    def raises(error: Exception) -> int:
        raise error

    empty = EmptyFile(Path("a"), sentence("This file is empty."), sentence("Copy it again."))
    stopped = Cancelled(sentence("Stopped on request."), sentence("Start again."))
    background.run(lambda: threading.current_thread().name, done.append, failed.append)
    background.run(lambda: raises(empty), done.append, failed.append)
    background.run(lambda: raises(stopped), done.append, failed.append)
    background.run(lambda: raises(KeyError("a mistake of ours")), done.append, failed.append)
    qtbot.waitUntil(lambda: bool(done and failed and unexpected))
    background.close()
    assert str(done[0]).startswith("mmdesk-background")
    assert failed == [empty]
    assert unexpected == [KeyError]
    background.run(lambda: 1, done.append, failed.append)
    assert len(done) == 1, "nothing after the end"


class Bell(QObject):
    rung = Signal()
    told = Signal(object)


def test_signals_do_not_lose_references(qtbot: QtBot) -> None:
    """PySide6 6.12.0 on Python 3.11 loses one reference to True per emit, and aborts in the end."""
    bell = Bell()
    bell.rung.connect(lambda: None)
    before = sys.getrefcount(True), sys.getrefcount(None)
    for _ in range(500):
        bell.rung.emit()
        bell.told.emit(None)
    after = sys.getrefcount(True), sys.getrefcount(None)
    assert after[0] > before[0] - 50
    assert after[1] > before[1] - 50


_FIRST_PAINT = """
import sys
from mmdesk.gui.application import Application
from mmdesk.gui.app import make_jobs
from mmdesk.gui.window import MainWindow
from mmdesk.config.paths import settings_file
from mmdesk.config.settings import Settings

heavy = ("numpy", "onnxruntime", "cv2", "av", "PIL", "tokenizers", "sqlite3", "PySide6.QtMultimedia")
app = Application(["mmdesk"])
window = MainWindow(Settings(settings_file(), {}), make_jobs)
seen = []
def painted(event, paint=type(window).paintEvent):
    paint(window, event)
    slow = [name for name in ["Qt"] if name in vars(sys.modules["PySide6.QtCore"])]
    seen.append([name for name in heavy if name in sys.modules] + slow)
window.paintEvent = painted
window.show()
while not seen:
    app.processEvents()
print(seen[0])
window.close()
"""


def run(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_the_first_window_waits_for_nothing_heavy() -> None:
    done = run(_FIRST_PAINT)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


def test_missing_libraries_are_named_before_qt_aborts(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str, *_rest: object) -> None:
        if "xcb" in name or "EGL" in name:
            raise OSError(f"{name}: cannot open shared object file")

    monkeypatch.setattr(ctypes, "CDLL", refuse)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("DISPLAY", ":99")
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    missing = platform.missing_packages()
    assert {"libxcb-cursor0", "libxcb-icccm4", "libegl1"} <= set(missing)
    assert "apt-get install" in platform.missing_words(missing)
    assert "libxcb-cursor0" in platform.missing_words(missing)


def test_a_bare_screen_needs_no_x_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert not platform.needs_x11()
    assert platform.missing_packages() == ()


def test_the_qt_of_opencv_is_forgotten_and_that_of_the_person_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM_PLUGIN_PATH", "/site-packages/cv2/qt/plugins")
    monkeypatch.setenv("QT_QPA_FONTDIR", "/home/person/fonts")
    platform.clear_foreign_qt()
    assert "QT_QPA_PLATFORM_PLUGIN_PATH" not in os.environ
    assert os.environ["QT_QPA_FONTDIR"] == "/home/person/fonts"


def without(*names: str) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in names}


def program(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mmdesk", *arguments],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="there is always a display")
def test_without_a_display_it_says_what_to_do() -> None:
    done = program(without("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
    assert done.returncode == 2
    assert "There is no display here" in done.stderr
    assert "mmdesk analyze" in done.stderr


_UNDER_X = """
import sys
from pathlib import Path
import cv2  # sets Qt's plugin folders to its own
from PySide6.QtCore import QTimer
import mmdesk.gui.application as application
run = application.Application.exec
def soon(app):
    def look():
        (window,) = [each for each in app.topLevelWidgets() if hasattr(each, "desk")]
        print(app.platformName(), window.isVisible(), window.desk is not None)
        window.close()
    QTimer.singleShot(1500, look)
    return run()
application.Application.exec = soon
from mmdesk.gui.app import main
sys.exit(main([]))
"""


@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs Xvfb")
def test_the_window_opens_on_a_real_x_server_even_after_opencv() -> None:
    from screenshots import virtual_screen

    with virtual_screen(1280, 800) as display:
        environment = without("QT_QPA_PLATFORM", "WAYLAND_DISPLAY") | {"DISPLAY": display}
        done = subprocess.run(
            [sys.executable, "-c", _UNDER_X],
            env=environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert done.stdout.split() == ["xcb", "True", "True"], done.stderr
    assert done.returncode == 0
