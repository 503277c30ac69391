"""Results are saved in every format; closing asks nothing and leaves nothing behind."""

from __future__ import annotations

import csv
import json
import threading
import time
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from mmdesk.events import MediaKind, Started
from mmdesk.gui.desk import sample_file
from mmdesk.gui.dialogs.save import SaveDialog, Saving
from mmdesk.gui.files.item import Item
from mmdesk.gui.preferences import FOLLOW, MUTED, VOLUME
from mmdesk.jobs.state import JobState
from tests.gui.conftest import Faked
from tests.gui.fake_jobs import caption, sentiment, transcript


def analysed(qtbot: QtBot, faked: Faked, *paths: Path) -> list[Item]:
    for job, path in zip(faked.open(*paths), paths, strict=True):
        faked.jobs.run(
            job,
            path,
            MediaKind.PICTURE,
            caption(0, "一只狗。"),
            transcript(1, 2, "Yes."),
            sentiment(1, 2, "Yes.", 0.5),
        )
    items = list(faked.window.desk.files)
    qtbot.waitUntil(lambda: all(item.state is JobState.DONE for item in items))
    return items


@pytest.mark.parametrize("name", ["srt", "vtt", "txt", "csv", "jsonl", "eaf", "xmp", "html"])
def test_every_format_is_written(qtbot: QtBot, faked: Faked, tmp_path: Path, name: str) -> None:
    items = analysed(qtbot, faked, tmp_path / "a.png")
    dialog = SaveDialog(items[0], items, faked.window.desk.background, faked.window)
    qtbot.addWidget(dialog)
    dialog.formats[name].setChecked(True)
    (saving,) = dialog.savings()
    target = tmp_path / ("a.xmp" if name == "xmp" else f"a.mmdesk.{name}")
    assert saving == Saving(items[0], name, target)
    faked.window.desk.save(dialog.savings())
    qtbot.waitUntil(lambda: faked.window.status.said.text() == f"Saved {target.name}.")
    text = saving.target.read_text(encoding="utf-8-sig")
    assert "一只狗。" in text
    if name == "csv":
        assert len(list(csv.DictReader(text.splitlines()))) == 3
    if name == "jsonl":
        assert [json.loads(line)["kind"] for line in text.splitlines()[1:]] == [
            "caption",
            "transcript",
            "sentiment",
        ]


def test_all_files_are_saved_and_none_over_another(qtbot: QtBot, faked: Faked, tmp_path: Path) -> None:
    items = analysed(qtbot, faked, tmp_path / "one" / "a.png", tmp_path / "two" / "a.jpg")
    dialog = SaveDialog(items[0], items, faked.window.desk.background, faked.window)
    qtbot.addWidget(dialog)
    dialog.every.setChecked(True)
    dialog.place.setText(str(tmp_path))
    assert [saving.target.name for saving in dialog.savings()] == ["a.mmdesk.srt", "a (2).mmdesk.srt"]
    faked.window.desk.save(dialog.savings())
    qtbot.waitUntil(lambda: "Saved 2 files" in faked.window.status.said.text())
    assert len(list(tmp_path.glob("*.srt"))) == 2


def test_a_sidecar_of_another_program_is_left_alone(qtbot: QtBot, faked: Faked, tmp_path: Path) -> None:
    (tmp_path / "a.xmp").write_text("another program's")
    items = analysed(qtbot, faked, tmp_path / "a.png")
    dialog = SaveDialog(items[0], items, faked.window.desk.background, faked.window)
    qtbot.addWidget(dialog)
    dialog.formats["xmp"].setChecked(True)
    assert [saving.target.name for saving in dialog.savings()] == ["a.mmdesk.xmp"]


def test_replacing_is_said_before(qtbot: QtBot, faked: Faked, tmp_path: Path) -> None:
    (tmp_path / "a.mmdesk.srt").write_text("older")
    items = analysed(qtbot, faked, tmp_path / "a.png")
    dialog = SaveDialog(items[0], items, faked.window.desk.background, faked.window)
    qtbot.addWidget(dialog)
    assert dialog.note.text() == "1 file there will be replaced."


def test_a_place_that_cannot_be_written_is_said(qtbot: QtBot, faked: Faked, tmp_path: Path) -> None:
    items = analysed(qtbot, faked, tmp_path / "a.png")
    (tmp_path / "file").write_text("")
    faked.window.desk.save([Saving(items[0], "srt", tmp_path / "file" / "a.srt")])
    qtbot.waitUntil(lambda: "could not be saved" in faked.window.status.said.text())


def test_the_sample_is_not_saved_into_the_program(qtbot: QtBot, faked: Faked) -> None:
    items = analysed(qtbot, faked, sample_file())
    dialog = SaveDialog(items[0], items, faked.window.desk.background, faked.window)
    qtbot.addWidget(dialog)
    assert dialog.savings()[0].target.parent != sample_file().parent


def test_the_status_bar_says_what_really_ran(qtbot: QtBot, faked: Faked, tmp_path: Path) -> None:
    assert faked.window.status.models.text() == "No model has run yet"
    analysed(qtbot, faked, tmp_path / "a.png")
    said = faked.window.status.models.text()
    assert "starter-caption 1.2.3 · fp32 · CPU" in said
    assert "starter-sentiment-text 1.0.0 · int8 · NVIDIA CUDA" in said
    assert "stream 2" not in said, "subtitles are no model"


def test_closing_takes_less_than_a_second_and_ends_every_thread(qtbot: QtBot, faked: Faked) -> None:
    path = sample_file()
    before = set(threading.enumerate())
    (job,) = faked.open(path)
    faked.jobs.tell(job, JobState.RUNNING, Started(path, MediaKind.VIDEO, 22.0))
    qtbot.waitUntil(lambda: next(iter(faked.window.desk.files)).kind is MediaKind.VIDEO)
    began = time.monotonic()
    assert faked.window.close()
    assert time.monotonic() - began < 1.0
    assert faked.jobs.closed
    faked.jobs.tell(job, JobState.DONE)
    qtbot.wait(50)
    left = [t.name for t in threading.enumerate() if t not in before and not t.name.startswith("Dummy")]
    assert left == []


def test_closing_before_anything_was_opened(qtbot: QtBot, faked: Faked) -> None:
    assert faked.window.close()
    assert faked.jobs.closed


def test_volume_and_following_are_remembered(qtbot: QtBot, faked: Faked) -> None:
    settings = faked.window.remembered.settings
    faked.window.desk.work.stage.sound_changed.emit(0.3, True)
    faked.window.desk.work.text.follow.click()
    assert settings.get(VOLUME) == pytest.approx(0.3)
    assert settings.get(MUTED)
    assert settings.get(FOLLOW) is False
    assert not faked.window.acts.follow.isChecked()


def test_where_the_person_watches_is_told_to_the_queue(qtbot: QtBot, faked: Faked) -> None:
    path = sample_file()
    (job,) = faked.open(path)
    faked.jobs.tell(job, JobState.RUNNING, Started(path, MediaKind.VIDEO, 22.0))
    qtbot.waitUntil(lambda: next(iter(faked.window.desk.files)).kind is MediaKind.VIDEO)
    faked.window.desk.work.stage.position_changed.emit(9.5)
    assert faked.jobs.watched[-1] == (job, 9.5)


def test_a_click_on_a_line_moves_the_film(qtbot: QtBot, faked: Faked) -> None:
    path = sample_file()
    (job,) = faked.open(path)
    faked.jobs.run(job, path, MediaKind.VIDEO, caption(2, "A cup."), caption(12.5, "A cat."))
    work = faked.window.desk.work
    qtbot.waitUntil(lambda: work.text.model.rowCount() == 2)
    work.text.jumped.emit(12.5)
    qtbot.waitUntil(lambda: abs(work.stage.stage.position - 12.5) < 0.1, timeout=15_000)
    qtbot.waitUntil(lambda: work.text.model.current_row() == 1)
