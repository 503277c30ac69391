"""The whole way: files dropped, real queue and models, results seen, kept and shown again."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mmdesk.config.paths import data_dir
from mmdesk.events import FindingKind, MediaKind
from mmdesk.gui.app import make_jobs
from mmdesk.gui.desk import sample_file
from mmdesk.gui.files.item import Item
from mmdesk.gui.files.words import state_words
from mmdesk.gui.window import MainWindow
from mmdesk.jobs.state import JobState
from tests.gui.conftest import MakeWindow
from tests.packs_for_tests import colour_caption, write_packs

PATIENCE_MS = 60_000


@pytest.fixture
def window(own_home: Path, make_window: MakeWindow) -> MainWindow:
    """A window with the real queue and the tiny models."""
    write_packs(data_dir())
    return make_window(make_jobs)


def ended(qtbot: QtBot, window: MainWindow, count: int) -> list[Item]:
    files = window.desk.files
    qtbot.waitUntil(
        lambda: len(files) == count and all(item.state.ended for item in files), timeout=PATIENCE_MS
    )
    return list(files)


def test_the_sample_is_analysed_while_it_plays(qtbot: QtBot, window: MainWindow) -> None:
    window.open_sample()
    (item,) = ended(qtbot, window, 1)
    assert item.state is JobState.DONE
    assert item.kind is MediaKind.VIDEO
    kinds = {finding.kind for finding in item.findings}
    assert kinds == {FindingKind.CAPTION, FindingKind.TRANSCRIPT, FindingKind.SENTIMENT}
    model = window.desk.work.text.model
    assert model.rowCount() == len(item.lines)
    assert window.desk.work.stage.stage.playing
    assert "tiny-caption 1.0.0 · fp32 · CPU" in window.status.models.text()
    qtbot.waitUntil(lambda: model.current_row() is not None, timeout=10_000)


def test_a_folder_with_all_sorts_of_files(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    folder = tmp_path / "文件夹"
    folder.mkdir()
    Image.new("RGB", (64, 48), (250, 10, 10)).save(folder / "red.png")
    (folder / "empty.mp4").write_bytes(b"")
    (folder / "notes.jpg").write_text("These are notes.")
    (folder / "talk.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\nI am happy.\n")
    window.open_paths([folder])
    items = {item.path.name: item for item in ended(qtbot, window, 4)}
    assert items["red.png"].findings[0].text == colour_caption("red")
    assert items["empty.mp4"].failed
    assert state_words(items["empty.mp4"]) == "This file is empty."
    assert items["notes.jpg"].failed
    assert [f.kind for f in items["talk.srt"].findings] == [FindingKind.TRANSCRIPT, FindingKind.SENTIMENT]
    qtbot.waitUntil(lambda: window.desk.work.strip.problems.text() == "2 failed")
    assert window.desk.work.item is not None
    assert not window.desk.work.item.failed


def test_results_are_shown_again_without_a_model(
    qtbot: QtBot, make_window: MakeWindow, own_home: Path, tmp_path: Path
) -> None:
    picture = tmp_path / "green.png"
    Image.new("RGB", (64, 48), (10, 250, 10)).save(picture)
    write_packs(data_dir())
    first = make_window(make_jobs)
    first.open_paths([picture])
    before = ended(qtbot, first, 1)[0]
    first.close()
    again = make_window(make_jobs)
    assert again.remembered.recent() == [picture]
    again.open_paths([picture])
    after = ended(qtbot, again, 1)[0]
    assert after.findings == before.findings
    assert after.state is JobState.DONE


def test_stopping_takes_effect_within_a_second_and_keeps_what_was_found(
    qtbot: QtBot, make_window: MakeWindow, own_home: Path
) -> None:
    write_packs(data_dir(), work=400)
    window = make_window(make_jobs)
    window.open_sample()
    files = window.desk.files
    qtbot.waitUntil(lambda: len(files) == 1 and bool(next(iter(files)).findings), timeout=PATIENCE_MS)
    item = next(iter(files))
    assert item.state is JobState.RUNNING
    asked = time.monotonic()
    window.desk.work.strip.view.selectRow(0)
    QTest.keyClick(window.desk.work.strip.view, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: item.state is JobState.CANCELLED, timeout=5_000)
    assert time.monotonic() - asked < 1.0
    assert item.findings


def test_closing_while_it_runs_takes_less_than_a_second(
    qtbot: QtBot, make_window: MakeWindow, own_home: Path
) -> None:
    write_packs(data_dir(), work=400)
    window = make_window(make_jobs)
    window.open_paths([sample_file()])
    files = window.desk.files
    qtbot.waitUntil(lambda: len(files) == 1 and bool(next(iter(files)).findings), timeout=PATIENCE_MS)
    asked = time.monotonic()
    window.close()
    assert time.monotonic() - asked < 1.0
