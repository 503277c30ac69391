"""Files come in by drop, paste, dialog and list; what fails is told with its reason."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mmdesk.events import MediaKind, Started
from mmdesk.gui.application import Application
from mmdesk.gui.dialogs.problems import ProblemsDialog
from mmdesk.gui.drop import paths_in
from mmdesk.gui.window import MainWindow
from mmdesk.jobs.state import JobState
from mmdesk.sentences import sentence
from tests.gui.conftest import Faked

NO_BUTTON, LEFT = Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton
NO_KEY = Qt.KeyboardModifier.NoModifier


def dragged(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def enter(window: MainWindow, data: QMimeData) -> bool:
    event = QDragEnterEvent(QPoint(300, 300), Qt.DropAction.CopyAction, data, LEFT, NO_KEY)
    event.ignore()
    QApplication.sendEvent(window, event)
    return event.isAccepted()


def drop(window: MainWindow, data: QMimeData) -> bool:
    event = QDropEvent(QPointF(300, 300), Qt.DropAction.CopyAction, data, LEFT, NO_KEY)
    event.ignore()
    QApplication.sendEvent(window, event)
    return event.isAccepted()


def test_several_files_and_a_folder_are_dropped_at_once(qtbot: QtBot, faked: Faked, tmp_path: Path) -> None:
    paths = [tmp_path / "a.png", tmp_path / "片 😀.mp4", tmp_path]
    data = dragged(*paths)
    assert enter(faked.window, data)
    assert faked.window.drop.highlight.isVisible()
    assert drop(faked.window, data)
    assert not faked.window.drop.highlight.isVisible()
    qtbot.waitUntil(lambda: len(faked.window.desk.files) == 3)
    assert [item.path for item in faked.window.desk.files] == paths
    assert faked.window.desk.work.isVisible()
    assert not faked.window.welcome.isVisible()


def test_leaving_takes_the_highlight_away(faked: Faked, tmp_path: Path) -> None:
    enter(faked.window, dragged(tmp_path))
    QApplication.sendEvent(faked.window, QDragLeaveEvent())
    assert not faked.window.drop.highlight.isVisible()


def test_text_and_web_addresses_are_not_taken(faked: Faked) -> None:
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/film.mp4")])
    assert not enter(faked.window, data)
    assert not drop(faked.window, data)
    data = QMimeData()
    data.setText("hello")
    assert paths_in(data) == []


def test_files_are_pasted_as_files_and_as_text(qtbot: QtBot, faked: Faked, tmp_path: Path) -> None:
    file = tmp_path / "with space.png"
    file.write_bytes(b"")
    QGuiApplication.clipboard().setMimeData(dragged(tmp_path / "a.png"))
    QTest.keyClick(faked.window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(faked.window.desk.files) == 1)
    QGuiApplication.clipboard().setText(f'"{file}"\n')
    QTest.keyClick(faked.window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(faked.window.desk.files) == 2)
    assert [item.path for item in faked.window.desk.files][1] == file


def test_the_sample_button_opens_the_sample(qtbot: QtBot, faked: Faked) -> None:
    QTest.mouseClick(faked.window.welcome.sample, LEFT)
    qtbot.waitUntil(lambda: len(faked.window.desk.files) == 1)
    item = faked.window.desk.work.item
    assert item is not None
    assert item.path.is_file()
    assert faked.window.header.title.text() == "sample.mp4"


def test_captions_come_in_the_language_of_the_window(faked: Faked, qapp: Application, tmp_path: Path) -> None:
    faked.open(tmp_path / "one.png")
    qapp.language.choose("zh")
    faked.open(tmp_path / "two.png")
    assert [request.languages for request in faked.jobs.requests] == [("en",), ("zh",)]


def test_a_file_that_is_open_is_shown_again_not_analysed_again(faked: Faked, tmp_path: Path) -> None:
    first, second = tmp_path / "a.png", tmp_path / "b.png"
    faked.open(first, second)
    work = faked.window.desk.work
    work.step(1)
    assert work.item is not None
    assert work.item.path == second
    faked.window.open_paths([first])
    assert work.item.path == first
    assert len(faked.window.desk.files) == 2


def test_what_cannot_be_read_is_listed_and_the_rest_goes_on(
    qtbot: QtBot, faked: Faked, tmp_path: Path
) -> None:
    bad, good = tmp_path / "bad.jpg", tmp_path / "good.png"
    first, second = faked.open(bad, good)
    faked.jobs.fail(first, bad, sentence("This file is empty."))
    faked.jobs.tell(second, JobState.RUNNING, Started(good, MediaKind.PICTURE))
    strip = faked.window.desk.work.strip
    qtbot.waitUntil(strip.problems.isVisible)
    assert strip.problems.text() == "1 failed"
    assert (
        strip.view.model()
        .index(0, 0)
        .data(Qt.ItemDataRole.AccessibleTextRole)
        .endswith("This file is empty.")
    )
    dialog = ProblemsDialog(faked.window.desk.files, faked.window)
    qtbot.addWidget(dialog)
    assert [(p.name, p.message, p.hint) for p in dialog.problems] == [
        ("bad.jpg", "This file is empty.", "Copy or download it again.")
    ]
    dialog.copy.click()
    assert "bad.jpg\tThis file is empty.\tCopy" in QGuiApplication.clipboard().text()


def test_the_first_file_that_can_be_read_is_shown(qtbot: QtBot, faked: Faked, tmp_path: Path) -> None:
    bad, good = tmp_path / "bad.jpg", tmp_path / "good.png"
    first, _ = faked.open(bad, good)
    faked.jobs.fail(first, bad, sentence("This file is empty."))
    work = faked.window.desk.work
    qtbot.waitUntil(lambda: work.item is not None and work.item.path == good)


def test_recent_files_are_offered_and_forgotten(qtbot: QtBot, faked: Faked, tmp_path: Path) -> None:
    faked.open(tmp_path / "one.png")
    assert faked.window.remembered.recent() == [tmp_path / "one.png"]
    faked.window.header.recent_asked.emit(tmp_path / "one.png")
    assert len(faked.window.desk.files) == 1
    faked.window.header.forget_asked.emit()
    assert faked.window.remembered.recent() == []


def test_names_of_all_kinds_are_shown_in_one_line(faked: Faked, tmp_path: Path) -> None:
    names = ["new\nline.png", "名" * 80 + ".png", os.fsdecode(b"bytes \xff.png"), "😀 & <b>.png"]
    faked.open(*(tmp_path / name for name in names))
    model = faked.window.desk.files
    shown = [model.index(row).data() for row in range(len(names))]
    assert shown == ["new line.png", names[1], "bytes \ufffd.png", names[3]]
    faked.window.desk.work.strip.view.grab()
