"""Everything has a name for screen readers and can be reached by keyboard."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QApplication,
    QHeaderView,
    QLineEdit,
    QScrollBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from mmdesk.events import MediaKind
from mmdesk.export.corrections import Change, Correction
from mmdesk.export.reading import Reading
from mmdesk.gui.desk import sample_file
from mmdesk.gui.dialogs.corrections import CorrectionsDialog
from mmdesk.gui.dialogs.problems import ProblemsDialog
from mmdesk.gui.dialogs.save import SaveDialog
from mmdesk.gui.dialogs.shortcuts import ShortcutsDialog
from mmdesk.gui.viewer_keys import viewer_keys
from tests.gui.conftest import Faked
from tests.gui.fake_jobs import caption, transcript

CONTROLS = (QAbstractButton, QLineEdit, QAbstractItemView, QAbstractSlider)


def controls(window: QWidget) -> list[QWidget]:
    """Everything that a person acts on."""
    return [
        widget
        for widget in window.findChildren(QWidget)
        if isinstance(widget, CONTROLS)
        and not isinstance(widget, QHeaderView | QScrollBar)
        and type(widget) is not QAbstractButton  # the corner of a table
    ]


def nameless(window: QWidget) -> list[str]:
    return [
        f"{type(widget).__name__} in {type(widget.parentWidget()).__name__}"
        for widget in controls(window)
        if not widget.accessibleName()
        and not (isinstance(widget, QAbstractButton) and widget.text())
        and widget.objectName() != "qt_toolbar_ext_button"
    ]


def filled(qtbot: QtBot, faked: Faked) -> None:
    path = sample_file()
    (job,) = faked.open(path)
    faked.jobs.run(job, path, MediaKind.VIDEO, caption(1, "A cup."), transcript(1, 2, "Good."))
    qtbot.waitUntil(lambda: faked.window.desk.work.text.model.rowCount() == 2)


def test_every_control_has_a_name(qtbot: QtBot, faked: Faked) -> None:
    assert nameless(faked.window) == []
    filled(qtbot, faked)
    faked.window.desk.work.text.open_find()
    assert nameless(faked.window) == []


CORRECTION = Correction(Change.ADDED, None, None, caption(1, "A cup."))


def test_every_control_of_a_dialog_has_a_name(qtbot: QtBot, faked: Faked) -> None:
    filled(qtbot, faked)
    items = list(faked.window.desk.files)
    for dialog in (
        SaveDialog(items[0], items, faked.window.desk.background, faked.window),
        ProblemsDialog(items, faked.window),
        ShortcutsDialog(faked.window.acts, viewer_keys(), faked.window),
        CorrectionsDialog("edited.srt", Reading((CORRECTION,)), faked.window),
    ):
        qtbot.addWidget(dialog)
        assert nameless(dialog) == [], type(dialog).__name__


def reached(window: QWidget, presses: int = 60) -> set[QWidget]:
    """What the Tab key comes to."""
    found: set[QWidget] = set()
    for _ in range(presses):
        focused = QApplication.focusWidget()
        if focused is None:
            break
        found.add(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    return found


def test_tab_reaches_everything(qtbot: QtBot, faked: Faked) -> None:
    window = faked.window
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.header.open.setFocus()
    wanted: set[QWidget] = {window.welcome.open, window.welcome.sample, window.header.menu}
    assert wanted <= reached(window)
    filled(qtbot, faked)
    work = window.desk.work
    window.header.open.setFocus()
    wanted = {
        window.header.save,
        window.header.language,
        work.text.view,
        work.text.follow,
        work.text.find_button,
        work.strip.view,
        window.header.menu,
    }
    missing = wanted - reached(window)
    assert missing == set()
    assert any(work.stage.isAncestorOf(widget) for widget in reached(window)), "the viewer"


def test_the_parts_have_keys(qtbot: QtBot, faked: Faked) -> None:
    filled(qtbot, faked)
    window, work = faked.window, faked.window.desk.work
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(window, Qt.Key.Key_F7)
    assert work.text.view.hasFocus()
    QTest.keyClick(window, Qt.Key.Key_F8)
    assert work.strip.view.hasFocus()
    QTest.keyClick(window, Qt.Key.Key_F6)
    focused = QApplication.focusWidget()
    assert focused is not None
    assert work.stage.isAncestorOf(focused)
    QTest.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert work.text.find_bar.field.hasFocus()


def test_no_key_has_two_meanings(faked: Faked) -> None:
    keys = [
        key.toString() for action in faked.window.actions() for key in action.shortcuts() if not key.isEmpty()
    ]
    assert len(keys) == len(set(keys))


def test_files_can_be_stepped_through(faked: Faked, tmp_path: Path) -> None:
    faked.open(tmp_path / "a.png", tmp_path / "b.png")
    work = faked.window.desk.work
    for name in ("b.png", "a.png", "b.png"):
        faked.window.acts.next_file.trigger()
        assert work.item is not None
        assert work.item.path.name == name
    faked.window.acts.previous_file.trigger()
    assert work.item is not None
    assert work.item.path.name == "a.png"
