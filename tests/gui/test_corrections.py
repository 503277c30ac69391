"""Edited exports come back: a dialog shows what is different, and only what is left checked is kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from mmdesk.config.paths import results_file
from mmdesk.control import Control
from mmdesk.events import Finding, Found, MediaKind, Started
from mmdesk.export.corrections import Change, Correction
from mmdesk.export.formats import Choices, Format, export
from mmdesk.export.reading import Reading
from mmdesk.export.result import Mark, Result
from mmdesk.gui.dialogs.corrections import CorrectionsDialog
from mmdesk.gui.dialogs.formats import FORMATS, groups, title, use
from mmdesk.gui.dialogs.save import SaveDialog
from mmdesk.gui.files.item import Item
from mmdesk.library.project import Project
from mmdesk.library.store import Asked, Outcome
from mmdesk.media.digest import content_hash
from mmdesk.sentences import sentence
from tests.gui.conftest import Faked
from tests.gui.fake_jobs import caption, transcript

FINDINGS = (caption(0, "一只狗。"), transcript(1, 2, "Yes."), transcript(3, 4, "No."))


def kept(qtbot: QtBot, faked: Faked, path: Path) -> Item:
    """A file whose findings are in the window and in the project."""
    path.write_bytes(b"any bytes")
    project = Project(results_file())
    started = Started(path, MediaKind.VIDEO, 5.0)
    run = project.results.begin(path, content_hash(path, Control()), Asked("key"), started)
    run.add([Found(path, each) for each in FINDINGS])
    run.end(Outcome.FINISHED, 1.0)
    project.close()
    (job,) = faked.open(path)
    faked.jobs.run(job, path, MediaKind.VIDEO, *FINDINGS)
    item = next(iter(faked.window.desk.files))
    qtbot.waitUntil(lambda: item.finished is not None)
    return item


def edited(path: Path, folder: Path, before: str, after: str) -> Path:
    with_project = Project(results_file())
    view = with_project.view_of(path)
    with_project.close()
    assert view is not None
    file = folder / "edited.srt"
    export(Result(path, view.findings, view.passport), Format.SRT, file, Choices(), Control())
    file.write_text(file.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    return file


def test_what_is_taken_over_is_kept_and_shown(
    qtbot: QtBot, faked: Faked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = kept(qtbot, faked, tmp_path / "a.mp4")
    file = edited(item.path, tmp_path, "Yes.", "Maybe.")
    asked: list[CorrectionsDialog] = []

    def accept(dialog: CorrectionsDialog) -> int:
        asked.append(dialog)
        dialog.take.click()
        return dialog.result()

    monkeypatch.setattr(CorrectionsDialog, "exec", accept)
    faked.window.desk.corrector.read(item, file)
    qtbot.waitUntil(lambda: faked.window.status.said.text() == "1 corrections were taken over.")
    assert len(asked) == 1
    assert [each.text for each in item.findings] == ["一只狗。", "Maybe.", "No."]
    assert [item.lines[n].text for n in range(len(item.lines))] == ["一只狗。", "Maybe.", "No."]
    project = Project(results_file())
    view = project.view_of(item.path)
    project.close()
    assert view is not None
    assert [each.text for each in view.findings] == ["一只狗。", "Maybe.", "No."]
    assert [each.after for each in view.passport.edits] == ["Maybe."]


def test_the_same_file_says_so(qtbot: QtBot, faked: Faked, tmp_path: Path) -> None:
    item = kept(qtbot, faked, tmp_path / "a.mp4")
    faked.window.desk.corrector.read(item, edited(item.path, tmp_path, "x", "x"))
    said = "edited.srt says the same as the results here."
    qtbot.waitUntil(lambda: faked.window.status.said.text() == said)


def test_results_that_are_not_kept_yet_are_a_sentence(qtbot: QtBot, faked: Faked, tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    (job,) = faked.open(path)
    faked.jobs.run(job, path, MediaKind.VIDEO, *FINDINGS)
    (tmp_path / "x.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\nYes\n")
    faked.window.desk.corrector.read(next(iter(faked.window.desk.files)), tmp_path / "x.srt")
    qtbot.waitUntil(lambda: "are not kept yet" in faked.window.status.said.text())


def changes() -> Reading:
    new = Mark(7.0, 7.5, "nods", "gesture")
    first, second = FINDINGS[1], FINDINGS[2]
    assert isinstance(first, Finding)
    return Reading(
        (
            Correction(Change.CHANGED, 1, first, transcript(1, 2, "Maybe.")),
            Correction(Change.DELETED, 2, second, None),
            Correction(Change.ADDED, None, None, new),
        ),
        (sentence("This file was exported from another recording, {name}.", name="b.mp4"),),
    )


def test_single_changes_can_be_left_out_by_the_keyboard(qtbot: QtBot, faked: Faked) -> None:
    reading = changes()
    dialog = CorrectionsDialog("edited.eaf", reading, faked.window)
    qtbot.addWidget(dialog)
    dialog.show()
    model = dialog.table.model()
    shown = [[model.data(model.index(row, column)) for column in range(4)] for row in range(3)]
    assert shown[0] == ["changed · Transcript", "0:00:01.0 – 0:00:02.0", "Yes.", "Maybe."]
    assert shown[1][2:] == ["No.", ""]
    assert shown[2] == ["added · Mark", "0:00:07.0 – 0:00:07.5", "", "nods (gesture)"]
    dialog.table.setFocus()
    dialog.table.setCurrentIndex(model.index(1, 0))
    QTest.keyClick(dialog.table, Qt.Key.Key_Space)
    assert dialog.chosen == [reading.corrections[0], reading.corrections[2]]
    for row in (0, 2):
        model.setData(model.index(row, 0), Qt.CheckState.Unchecked, Qt.ItemDataRole.CheckStateRole)
    assert not dialog.take.isEnabled()
    dialog.reject()
    assert dialog.result() == QDialog.DialogCode.Rejected


@pytest.mark.parametrize("name", FORMATS)
def test_the_preview_shows_what_would_be_written(
    qtbot: QtBot, faked: Faked, tmp_path: Path, name: str
) -> None:
    item = kept(qtbot, faked, tmp_path / "a.mp4")
    project = Project(results_file())
    view = project.view_of(item.path)
    assert view is not None
    from mmdesk.library.edits import Change as Edit

    project.edits.do(view.entry.number, Edit(None, Mark(1.0, 2.0, "looks up")))
    project.close()
    dialog = SaveDialog(item, [item], faked.window.desk.background, faked.window)
    qtbot.addWidget(dialog)
    dialog.formats[name].setChecked(True)
    wanted = "looks up" if name in ("clips", "frames") else "一只狗。"
    qtbot.waitUntil(lambda: wanted in dialog.preview.toPlainText())
    assert dialog.use.text() == use(name)


def test_lines_can_be_chosen_for_subtitles(qtbot: QtBot, faked: Faked, tmp_path: Path) -> None:
    item = kept(qtbot, faked, tmp_path / "a.mp4")
    dialog = SaveDialog(item, [item], faked.window.desk.background, faked.window)
    qtbot.addWidget(dialog)
    qtbot.waitUntil(lambda: "一只狗。" in dialog.preview.toPlainText())
    dialog.lines["transcript"].click()
    qtbot.waitUntil(lambda: "一只狗。" not in dialog.preview.toPlainText())
    assert "Yes." in dialog.preview.toPlainText()
    assert [each.lines for each in dialog.savings()] == ["transcript"]
    dialog.formats["csv"].setChecked(True)
    assert not dialog.lines["all"].isVisibleTo(dialog)


def test_every_format_has_its_place_and_words() -> None:
    assert sorted(name for _, names in groups() for name in names) == sorted(FORMATS)
    assert {str(each) for each in Format} == set(FORMATS)
    assert all(title(name) and use(name) for name in FORMATS)
