"""The strip of files: progress, time left, pause, stop, retry; by mouse, keyboard and menu."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from pytestqt.qtbot import QtBot

from mmdesk.events import Failed, MediaKind, Progress, Stage, Started, Warned
from mmdesk.gui.desk import sample_file
from mmdesk.gui.files.actions import FileAction
from mmdesk.gui.files.item import Item
from mmdesk.gui.files.model import FilesModel
from mmdesk.gui.files.words import state_words, time_left
from mmdesk.jobs.state import JobState
from mmdesk.sentences import sentence
from tests.gui.conftest import Faked
from tests.gui.fake_jobs import caption

LEFT, NO_KEY = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
STOPPED = sentence("Stopped on request."), sentence("What was found so far is kept.")


def items(faked: Faked) -> list[Item]:
    return list(faked.window.desk.files)


def press(faked: Faked, item: Item, action: FileAction) -> None:
    view = faked.window.desk.work.strip.view
    place = view.button_place(item, action).center()
    QTest.mouseMove(view.viewport(), place)
    QTest.mouseClick(view.viewport(), LEFT, NO_KEY, place)


def test_progress_speed_and_time_left_are_told(qtbot: QtBot, faked: Faked, tmp_path: Path) -> None:
    path = sample_file()
    (job,) = faked.open(path)
    (item,) = items(faked)
    assert state_words(item) == "Waiting"
    faked.jobs.tell(job, JobState.RUNNING, Started(path, MediaKind.VIDEO, 60.0))
    faked.jobs.tell(job, Progress(path, Stage.WATCHING, 0.25, 4.21, 75.0))
    qtbot.waitUntil(lambda: item.progress is not None)
    assert state_words(item) == "Watching · 4.2× real time · 1 minute left"
    assert not faked.window.desk.work.strip.title.isVisible(), "one file needs no header"
    faked.window.grab()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "1 second left"),
        (59, "59 seconds left"),
        (61, "1 minute left"),
        (3000, "50 minutes left"),
        (7300, "2 hours left"),
    ],
)
def test_time_left_is_told_as_people_do(faked: Faked, seconds: float, words: str) -> None:
    assert time_left(seconds) == words


def test_buttons_ask_the_queue(qtbot: QtBot, faked: Faked, tmp_path: Path) -> None:
    first, second = faked.open(tmp_path / "a.mp4", tmp_path / "b.mp4")
    one, two = items(faked)
    faked.jobs.tell(first, JobState.RUNNING)
    qtbot.waitUntil(lambda: one.state is JobState.RUNNING)
    press(faked, one, FileAction.PAUSE)
    press(faked, two, FileAction.STOP)
    assert faked.jobs.asked == [("pause", first), ("cancel", second)]
    faked.jobs.tell(first, JobState.PAUSED)
    faked.jobs.tell(second, Failed(two.path, *STOPPED, cancelled=True), JobState.CANCELLED)
    qtbot.waitUntil(lambda: two.state is JobState.CANCELLED)
    press(faked, one, FileAction.RESUME)
    press(faked, two, FileAction.RETRY)
    assert faked.jobs.asked[2:] == [("resume", first), ("retry", second)]
    assert not two.failed, "being stopped is no failure"
    assert state_words(two) == "Stopped · 0 findings"
    press(faked, two, FileAction.REMOVE)
    assert items(faked) == [one]


def test_keys_do_the_same_for_all_selected(qtbot: QtBot, faked: Faked, tmp_path: Path) -> None:
    jobs = faked.open(tmp_path / "a.mp4", tmp_path / "b.mp4")
    view = faked.window.desk.work.strip.view
    view.setFocus()
    view.selectAll()
    QTest.keyClick(view, Qt.Key.Key_Space)
    assert faked.jobs.asked == [("pause", job) for job in jobs]
    faked.jobs.asked.clear()
    QTest.keyClick(view, Qt.Key.Key_Delete)
    assert faked.jobs.asked == [("cancel", job) for job in jobs]
    view.selectRow(1)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert faked.window.desk.work.item is items(faked)[1]


def test_all_are_paused_and_go_on(qtbot: QtBot, faked: Faked, tmp_path: Path) -> None:
    jobs = faked.open(tmp_path / "a.mp4", tmp_path / "b.mp4")
    strip = faked.window.desk.work.strip
    qtbot.waitUntil(strip.pause.isEnabled)
    strip.pause.click()
    strip.pause.click()
    asked = [("pause", job) for job in jobs] + [("resume", job) for job in jobs]
    assert faked.jobs.asked == asked


def test_a_retry_begins_with_an_empty_page(qtbot: QtBot, faked: Faked, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    (job,) = faked.open(path)
    (item,) = items(faked)
    faked.jobs.run(job, path, MediaKind.PICTURE, caption(0, "A dog."))
    qtbot.waitUntil(lambda: item.state is JobState.DONE)
    faked.jobs.tell(job, JobState.WAITING)
    faked.jobs.run(job, path, MediaKind.PICTURE, caption(0, "A cat."), caption(0, "A mouse."))
    model = faked.window.desk.work.text.model
    qtbot.waitUntil(lambda: model.rowCount() == 2)
    assert [model.line(row).text for row in range(2)] == ["A cat.", "A mouse."]


def test_warnings_are_counted_and_listed(qtbot: QtBot, faked: Faked, tmp_path: Path) -> None:
    path = sample_file()
    (job,) = faked.open(path)
    (item,) = items(faked)
    warned = Warned(path, sentence("Some pictures are damaged and were left out."), sentence("Copy all"))
    faked.jobs.tell(job, JobState.RUNNING, Started(path, MediaKind.VIDEO, 1.0), warned)
    faked.jobs.tell(job, JobState.DONE)
    qtbot.waitUntil(lambda: item.state is JobState.DONE)
    assert state_words(item) == "Done · 0 findings · 1 warning"
    assert faked.window.acts.problems.isEnabled()


def test_finished_files_are_taken_out_but_not_the_shown_one(
    qtbot: QtBot, faked: Faked, tmp_path: Path
) -> None:
    paths = [tmp_path / f"{n}.png" for n in range(4)]
    jobs = faked.open(*paths)
    for job, path in zip(jobs[:3], paths, strict=False):
        faked.jobs.run(job, path, MediaKind.PICTURE)
    qtbot.waitUntil(lambda: items(faked)[2].state is JobState.DONE)
    faked.window.desk.work.strip.clear_asked.emit()
    assert [item.path for item in items(faked)] == [paths[0], paths[3]]
    faked.window.desk.files.remove(items(faked)[1])
    faked.window.desk.files.remove(items(faked)[0])
    assert faked.window.welcome.isVisible()


def test_hundreds_of_files_with_failures(qtbot: QtBot, faked: Faked, tmp_path: Path) -> None:
    files = faked.window.desk.files
    jobs = faked.open(*(tmp_path / f"{n}.png" for n in range(500)))
    for job in jobs[::7]:
        faked.jobs.fail(job, tmp_path / "x.png", sentence("This file is empty."))
    qtbot.waitUntil(lambda: sum(item.failed for item in files) == len(jobs[::7]))
    qtbot.waitUntil(lambda: faked.window.desk.work.strip.problems.text() == f"{len(jobs[::7])} failed")


def test_events_of_a_removed_file_are_passed_over(qtbot: QtBot, faked: Faked, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    (job,) = faked.open(path)
    faked.window.desk.session.act(FileAction.REMOVE, items(faked)[0])
    faked.jobs.run(job, path, MediaKind.PICTURE, caption(0, "A dog."))
    assert faked.open(tmp_path / "b.png")
    assert len(items(faked)) == 1


def test_a_model_of_files_obeys_qt(faked: Faked) -> None:
    model = FilesModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    for job in range(5):
        model.add(Item(job, Path(f"{job}.png")))
    model.remove(next(iter(model)))
    assert [item.job for item in model] == [1, 2, 3, 4]
    assert model.item(0) is None
    assert model.item(3) is list(model)[2]
