"""The time bar: clicks, drags, marks, and the preview under the pointer."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mmdesk.gui.application import Application
from mmdesk.gui.style.tokens import LIGHT
from mmdesk.gui.viewers.marks import Mark, valence_colour
from mmdesk.gui.viewers.seek_bar import SeekBar
from mmdesk.gui.viewers.transport import TransportBar
from mmdesk.gui.viewers.video_viewer import VideoViewer
from tests.gui.viewers.screens import colour_at, number_of, wait
from tests.media.films_for_tests import Film, steady, write_film


@pytest.fixture
def bar(qtbot: QtBot) -> SeekBar:
    made = SeekBar()
    qtbot.addWidget(made)
    made.resize(216, 32)  # 200 points for the line
    made.set_duration(100.0)
    made.show()
    return made


def test_a_click_goes_there_and_a_drag_follows(qtbot: QtBot, bar: SeekBar) -> None:
    sought: list[float] = []
    bar.sought.connect(sought.append)
    QTest.mousePress(bar, Qt.MouseButton.LeftButton, pos=QPoint(58, 16))
    QTest.mouseMove(bar, QPoint(108, 16))
    bar.set_position(3.0)  # playback goes on, but the person holds the knob
    assert bar.value() == 50_000
    QTest.mouseMove(bar, QPoint(400, 16))
    QTest.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=QPoint(400, 16))
    assert sought == pytest.approx([25.0, 50.0, 100.0])
    bar.set_position(3.0)
    assert bar.value() == 3_000


def test_nothing_is_sought_while_the_length_is_unknown(qtbot: QtBot, bar: SeekBar) -> None:
    bar.set_duration(0.0)
    sought: list[float] = []
    bar.sought.connect(sought.append)
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=QPoint(58, 16))
    assert sought == []


def _is(colour: tuple[int, int, int], wanted: QColor) -> bool:
    return colour == (wanted.red(), wanted.green(), wanted.blue())


def test_marks_stand_at_their_times_in_their_colours(bar: SeekBar) -> None:
    bar.set_marks([Mark(20.0, 40.0, -1.0), Mark(60.0, 80.0, 1.0), Mark(50.0, 50.0)])
    assert _is(colour_at(bar, 68, 23), QColor(LIGHT.negative))
    assert _is(colour_at(bar, 148, 23), QColor(LIGHT.positive))
    empty = colour_at(bar, 30, 23)
    assert colour_at(bar, 30, 8) == empty
    assert colour_at(bar, 108, 8) != empty
    bar.set_marks(())
    assert colour_at(bar, 68, 23) == empty


def test_marks_that_come_later_are_added_and_changed_ones_replaced(bar: SeekBar) -> None:
    first = [Mark(20.0, 40.0, -1.0)]
    bar.set_marks(first)
    assert _is(colour_at(bar, 68, 23), QColor(LIGHT.negative))
    bar.set_marks([*first, Mark(60.0, 80.0, -1.0)])
    assert _is(colour_at(bar, 148, 23), QColor(LIGHT.negative))
    bar.set_marks([Mark(20.0, 40.0, 1.0), Mark(60.0, 80.0, -1.0)])
    assert _is(colour_at(bar, 68, 23), QColor(LIGHT.positive))
    bar.set_duration(200.0)
    assert _is(colour_at(bar, 38, 23), QColor(LIGHT.positive))


def test_marks_change_their_colours_with_the_theme(bar: SeekBar, qapp: Application) -> None:
    bar.set_marks([Mark(20.0, 40.0, -1.0)])
    light = colour_at(bar, 68, 23)
    qapp.theme.choose("dark")
    assert colour_at(bar, 68, 23) != light


def test_a_neutral_value_has_the_neutral_colour() -> None:
    assert valence_colour(0.0).name() == LIGHT.neutral
    assert valence_colour(-1.0).name() == LIGHT.negative
    assert valence_colour(2.0).name() == LIGHT.positive


def test_the_play_button_is_a_whole_disc(qtbot: QtBot) -> None:
    bar = TransportBar()
    qtbot.addWidget(bar)
    bar.resize(900, 52)
    bar.show()
    button = bar.play
    assert (button.width(), button.height()) == (44, 44)
    accent = colour_at(button, 22, 6)
    assert _is(accent, QColor(LIGHT.accent))
    assert colour_at(button, 6, 22) == colour_at(button, 38, 22) == colour_at(button, 22, 38) == accent


def test_a_narrow_bar_leaves_out_what_has_no_room(qtbot: QtBot) -> None:
    bar = TransportBar()
    qtbot.addWidget(bar)
    bar.resize(900, 52)
    bar.show()
    assert bar.volume.isVisible()
    bar.resize(400, 52)
    assert not bar.volume.isVisible()
    assert bar.play.isVisible()
    assert bar.seek_bar.width() >= 80


def test_the_pointer_on_the_time_bar_shows_that_frame(
    qtbot: QtBot, viewer: VideoViewer, tmp_path: Path
) -> None:
    viewer.open(write_film(tmp_path / "film.mkv", Film(steady(100, step=40), codec="libx264")))
    wait(qtbot, lambda: viewer.playback.duration > 3)
    bar = viewer.transport.seek_bar
    QTest.mouseMove(bar, QPoint(bar.width() // 2 - 30, 16))
    QTest.mouseMove(bar, QPoint(bar.width() // 2, 16))
    preview = viewer.preview
    wait(qtbot, lambda: preview.isVisible() and preview.drawing is not None)
    wait(qtbot, lambda: abs(number_of(preview.drawing) - 50) <= 1)
    assert preview.geometry().bottom() <= bar.mapTo(viewer, QPoint(0, 0)).y()
    viewer.clear()
    assert not preview.isVisible()
