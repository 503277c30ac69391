"""The library page: what was analysed is found, opened at once, tagged, noted; what moved is found again."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mmdesk.config.paths import data_dir
from mmdesk.gui.app import make_jobs
from mmdesk.gui.library.page import LibraryPage
from mmdesk.gui.window import MainWindow
from tests.gui.conftest import MakeWindow
from tests.packs_for_tests import colour_caption, picture, write_packs

PATIENCE_MS = 30_000
COLOURS = ("red", "green", "blue")


@pytest.fixture
def window(qtbot: QtBot, own_home: Path, make_window: MakeWindow, tmp_path: Path) -> MainWindow:
    """A window after a start in which three pictures had been analysed."""
    write_packs(data_dir())
    first = make_window(make_jobs)
    paths = [tmp_path / f"{colour}.png" for colour in COLOURS]
    for path in paths:
        Image.fromarray(picture(path.stem)).save(path)
    first.open_paths(paths)
    files = first.desk.files
    qtbot.waitUntil(lambda: len(files) == 3 and all(item.state.ended for item in files), timeout=PATIENCE_MS)
    first.close()
    return make_window(make_jobs)


def opened(qtbot: QtBot, window: MainWindow) -> LibraryPage:
    window.acts.library.trigger()
    page = window.desk.library
    qtbot.waitUntil(lambda: len(names(page)) == 3, timeout=PATIENCE_MS)
    assert page.isVisible()
    return page


def names(page: LibraryPage) -> list[str]:
    rows = [page.model.row(at) for at in range(page.model.rowCount())]
    for at in range(page.model.rowCount()):
        page.model.index(at, 0).data()
    return [row.entry.name for row in rows if row is not None]


def test_files_are_searched_sorted_and_opened_with_the_keyboard(qtbot: QtBot, window: MainWindow) -> None:
    page = opened(qtbot, window)
    assert page.words.hasFocus()
    assert page.count.text() == "3 files"
    QTest.keyClicks(page.words, "gree")
    qtbot.waitUntil(lambda: names(page) == ["green.png"], timeout=PATIENCE_MS)
    page.view.setFocus()
    QTest.keyClick(page.view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.desk.work.item is not None, timeout=PATIENCE_MS)
    item = window.desk.work.item
    assert item is not None
    assert item.findings[0].text == colour_caption("green")
    assert item.finished is not None
    assert item.finished.kept
    qtbot.waitUntil(lambda: not page.isVisible(), timeout=PATIENCE_MS)
    window.acts.library.trigger()
    page.words.clear()
    page.sorts.setCurrentIndex(page.sorts.findData("name"))
    qtbot.waitUntil(lambda: names(page) == ["blue.png", "green.png", "red.png"], timeout=PATIENCE_MS)
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert not page.isVisible()


def test_tags_and_notes_are_kept_and_found(qtbot: QtBot, window: MainWindow) -> None:
    page = opened(qtbot, window)
    page.sorts.setCurrentIndex(page.sorts.findData("name"))
    qtbot.waitUntil(lambda: names(page)[:1] == ["blue.png"], timeout=PATIENCE_MS)
    page.about.tags.setText("sea, 好, sea,")
    page.about.note.setPlainText("Taken in Qingdao")
    page.about.keep.click()

    def tags() -> tuple[str, ...]:
        row = page.model.row(0)
        return row.entry.tags if row else ()

    qtbot.waitUntil(lambda: tags() == ("sea", "好"), timeout=PATIENCE_MS)
    for words in ("qing", "好", "sea blue"):
        page.words.setText(words)
        qtbot.waitUntil(lambda: names(page) == ["blue.png"], timeout=PATIENCE_MS)
    page.words.clear()
    qtbot.waitUntil(lambda: page.tags.findData("sea") > 0, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: len(names(page)) == 3, timeout=PATIENCE_MS)
    page.tags.setCurrentIndex(page.tags.findData("sea"))
    qtbot.waitUntil(lambda: names(page) == ["blue.png"], timeout=PATIENCE_MS)


def test_a_missing_file_shows_its_results_and_is_found_where_it_went(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "red.png").rename(tmp_path / "elsewhere" / "rot.png")
    page = opened(qtbot, window)
    page.words.setText("red")
    qtbot.waitUntil(lambda: names(page) == ["red.png"], timeout=PATIENCE_MS)
    qtbot.waitUntil(page.about.look.isVisible, timeout=PATIENCE_MS)
    page.about.open.click()
    qtbot.waitUntil(lambda: window.desk.work.item is not None, timeout=PATIENCE_MS)
    item = window.desk.work.item
    assert item is not None
    assert item.findings[0].text == colour_caption("red")
    window.acts.library.trigger()
    row = page.model.row(0)
    qtbot.waitUntil(lambda: page.model.row(0) is not None or bool(names(page)), timeout=PATIENCE_MS)
    row = row or page.model.row(0)
    assert row is not None
    page.find_in(row, tmp_path)
    qtbot.waitUntil(lambda: names(page) == ["rot.png"], timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: not page.about.look.isVisible(), timeout=PATIENCE_MS)


def test_thumbnails_are_kept_in_the_artefact_folder(qtbot: QtBot, window: MainWindow) -> None:
    opened(qtbot, window)
    folder = data_dir() / "results.artefacts" / "thumbnails"
    qtbot.waitUntil(lambda: len(list(folder.glob("*.jpg"))) == 3, timeout=PATIENCE_MS)


def test_an_empty_library_is_a_page_too(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(make_jobs)
    window.acts.library.trigger()
    page = window.desk.library
    qtbot.waitUntil(lambda: page.count.text() == "0 files", timeout=PATIENCE_MS)
    assert not page.about.isEnabled()
    window.acts.library.trigger()
    assert window.welcome.isVisible()
