"""What a person corrects stays, is undone and done again, and is there after a restart."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mmdesk.config.paths import data_dir, results_file
from mmdesk.events import FindingKind, Origin
from mmdesk.gui.app import make_jobs
from mmdesk.gui.text.line_editor import LineEditor
from mmdesk.gui.text.lines import Line
from mmdesk.gui.window import MainWindow
from mmdesk.library.project import Project
from tests.analysis.scenes_for_tests import Scene, write_scenes, write_srt
from tests.gui.conftest import MakeWindow
from tests.packs_for_tests import colour_caption, write_packs

PATIENCE_MS = 20_000


@pytest.fixture
def film(own_home: Path, tmp_path: Path) -> Path:
    """A film with two captions and two lines, and the models for it."""
    write_packs(data_dir())
    write_srt(tmp_path / "film.en.srt", (0.5, 1.5, "I love this"), (2.5, 3, "it is sad"))
    return write_scenes(tmp_path / "film.mp4", [Scene("red", 2), Scene("blue", 2)])


def opened(qtbot: QtBot, make_window: MakeWindow, film: Path) -> MainWindow:
    window = make_window(make_jobs)
    window.open_paths([film])
    files = window.desk.files
    qtbot.waitUntil(lambda: len(files) == 1 and next(iter(files)).state.ended, timeout=PATIENCE_MS)
    return window


def texts(window: MainWindow) -> list[str]:
    return [line.text for line in lines(window) if line.editable]


def lines(window: MainWindow) -> list[Line]:
    model = window.desk.work.text.model
    return [model.line(row) for row in range(model.rowCount())]


def go_to(window: MainWindow, text: str) -> None:
    view = window.desk.work.text.view
    view.setFocus()
    view.go_to([line.text for line in lines(window)].index(text))


def type_over(window: MainWindow, text: str, words: str) -> None:
    go_to(window, text)
    view = window.desk.work.text.view
    QTest.keyClick(view, Qt.Key.Key_F2)
    assert view.editor is not None
    QTest.keyClicks(view.editor, words)
    QTest.keyClick(view.editor, Qt.Key.Key_Return)


def test_words_are_corrected_with_the_keyboard_undone_and_done_again(
    qtbot: QtBot, make_window: MakeWindow, film: Path
) -> None:
    window = opened(qtbot, make_window, film)
    before = texts(window)
    assert before == [colour_caption("red"), "I love this", colour_caption("blue"), "it is sad"]
    type_over(window, "I love this", "I loved it")
    qtbot.waitUntil(lambda: texts(window)[1] == "I loved it", timeout=PATIENCE_MS)
    line = window.desk.work.text.view.selected_lines()[0]
    assert line.text == "I loved it"
    assert line.by_person
    assert line.sentiment is not None, "the sentiment of the words stays with them"
    assert line.words.source.origin is Origin.PERSON
    type_over(window, colour_caption("red"), "My wall.")
    qtbot.waitUntil(lambda: texts(window)[0] == "My wall.", timeout=PATIENCE_MS)
    for _ in range(2):
        window.acts.undo.trigger()
    qtbot.waitUntil(lambda: texts(window) == before, timeout=PATIENCE_MS)
    window.acts.redo.trigger()
    qtbot.waitUntil(lambda: texts(window)[1] == "I loved it", timeout=PATIENCE_MS)
    assert texts(window)[0] == before[0]


def test_edits_are_there_after_a_restart_and_can_still_be_undone(
    qtbot: QtBot, make_window: MakeWindow, film: Path
) -> None:
    window = opened(qtbot, make_window, film)
    before = texts(window)
    type_over(window, colour_caption("blue"), "The sea.")
    qtbot.waitUntil(lambda: "The sea." in texts(window), timeout=PATIENCE_MS)
    go_to(window, "it is sad")
    QTest.keyClick(window.desk.work.text.view, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: "it is sad" not in texts(window)[:3], timeout=PATIENCE_MS)
    window.close()
    again = opened(qtbot, make_window, film)
    qtbot.waitUntil(lambda: "The sea." in texts(again), timeout=PATIENCE_MS)
    for _ in range(2):
        again.acts.undo.trigger()
    qtbot.waitUntil(lambda: texts(again) == before, timeout=PATIENCE_MS)


def test_escape_gives_up_and_what_is_being_typed_survives_a_crash(
    qtbot: QtBot, make_window: MakeWindow, film: Path
) -> None:
    window = opened(qtbot, make_window, film)
    view = window.desk.work.text.view
    go_to(window, "I love this")
    QTest.keyClick(view, Qt.Key.Key_F2)
    assert view.editor is not None
    QTest.keyClicks(view.editor, "I have begun")

    def kept() -> list[str]:
        project = Project(results_file())
        shown = project.view_of(film)
        drafts = {} if shown is None else project.edits.drafts(shown.entry.number)
        project.close()
        return list(drafts.values())

    qtbot.waitUntil(lambda: kept() == ["I have begun"], timeout=PATIENCE_MS)
    QTest.keyClick(view.editor, Qt.Key.Key_Escape)
    assert not view.viewport().findChildren(LineEditor) or view.hasFocus()
    qtbot.waitUntil(lambda: kept() == [], timeout=PATIENCE_MS)
    assert "I have begun" not in texts(window)


def test_only_words_are_edited(qtbot: QtBot, make_window: MakeWindow, film: Path) -> None:
    window = opened(qtbot, make_window, film)
    kinds = {line.kind for line in lines(window) if line.editable}
    assert kinds == {FindingKind.CAPTION, FindingKind.TRANSCRIPT}
