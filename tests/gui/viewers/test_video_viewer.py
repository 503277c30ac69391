"""Films and sounds in the viewer: keys, speed, volume, ends, failures, and what is told to the owner."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mmdesk.control import Control
from mmdesk.gui.application import Application
from mmdesk.gui.viewers.film import Film as OpenFilm
from mmdesk.gui.viewers.film import FilmReader, Look, Want
from mmdesk.gui.viewers.overlays import Overlay
from mmdesk.gui.viewers.video_viewer import VideoViewer
from mmdesk.media.probe import probe
from mmdesk.media.video import VideoReader
from mmdesk.sentences import Sentence
from tests.gui.viewers.screens import colour_at, number_of, rgb_of, wait, wait_for_number, wait_for_position
from tests.media.films_for_tests import Film, steady, write_film

H264 = {"g": "25", "preset": "ultrafast"}


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """4 s, 25 frames a second, with sound."""
    return write_film(
        tmp_path / "film.mp4", Film(steady(100, step=40), codec="libx264", options=H264, sound=(0, 4000))
    )


def _open(qtbot: QtBot, viewer: VideoViewer, film: Path) -> None:
    viewer.open(film)
    wait_for_number(qtbot, viewer, 0)
    viewer.canvas.setFocus()


def test_it_waits_at_the_first_frame(qtbot: QtBot, viewer: VideoViewer, film: Path) -> None:
    _open(qtbot, viewer, film)
    qtbot.wait(200)
    assert number_of(viewer.canvas.drawing) == 0
    assert not viewer.playback.playing
    assert viewer.transport.time.text() == "0:00 / 0:04"


def test_positions_come_often_in_order_and_name_the_shown_frame(
    qtbot: QtBot, viewer: VideoViewer, film: Path
) -> None:
    _open(qtbot, viewer, film)
    told: list[float] = []
    viewer.position_changed.connect(told.append)
    start = time.monotonic()
    viewer.play()
    wait(qtbot, lambda: viewer.playback.position > 2.5)
    assert len(told) / (time.monotonic() - start) >= 20
    assert told == sorted(told)
    viewer.pause()
    qtbot.wait(150)
    drawing = viewer.canvas.drawing
    assert drawing is not None
    assert number_of(drawing) == round(viewer.playback.position / 0.04)
    assert drawing.t == pytest.approx(viewer.playback.position, abs=0.001)


def test_it_keeps_real_time(qtbot: QtBot, viewer: VideoViewer, film: Path) -> None:
    _open(qtbot, viewer, film)
    viewer.play()
    wait(qtbot, lambda: viewer.playback.position > 0.2)
    begun, at = time.monotonic(), viewer.playback.position
    wait(qtbot, lambda: viewer.playback.position > at + 2)
    assert time.monotonic() - begun == pytest.approx(2.0, abs=0.4)


def test_keys_play_jump_and_step(qtbot: QtBot, viewer: VideoViewer, film: Path) -> None:
    _open(qtbot, viewer, film)
    canvas = viewer.canvas
    QTest.keyClick(canvas, Qt.Key.Key_Period)
    wait_for_number(qtbot, viewer, 1)
    QTest.keyClick(canvas, Qt.Key.Key_End)
    wait_for_number(qtbot, viewer, 99)
    QTest.keyClick(canvas, Qt.Key.Key_Comma)
    wait_for_number(qtbot, viewer, 98)
    QTest.keyClick(canvas, Qt.Key.Key_J)
    wait_for_number(qtbot, viewer, 0)
    QTest.keyClick(canvas, Qt.Key.Key_Space)
    wait(qtbot, lambda: viewer.playback.playing and viewer.playback.position > 0.2)
    QTest.keyClick(canvas, Qt.Key.Key_K)
    assert not viewer.playback.playing
    QTest.keyClick(canvas, Qt.Key.Key_Home)
    wait_for_number(qtbot, viewer, 0)


def test_space_on_a_button_still_plays(qtbot: QtBot, viewer: VideoViewer, film: Path) -> None:
    _open(qtbot, viewer, film)
    viewer.transport.mute.setFocus()
    QTest.keyClick(viewer.transport.mute, Qt.Key.Key_Space)
    assert viewer.playback.playing
    assert not viewer.transport.mute.isChecked()


def test_at_the_end_it_stays_and_plays_again_from_the_start(
    qtbot: QtBot, viewer: VideoViewer, film: Path
) -> None:
    _open(qtbot, viewer, film)
    viewer.seek(3.5)
    wait_for_number(qtbot, viewer, 87)
    viewer.play()
    wait(qtbot, lambda: not viewer.playback.playing)
    qtbot.wait(300)
    assert number_of(viewer.canvas.drawing) == 99
    assert viewer.playback.position == pytest.approx(viewer.playback.duration)
    viewer.playback.step(-1)
    wait_for_number(qtbot, viewer, 98)
    viewer.play()
    wait(qtbot, lambda: not viewer.playback.playing)
    viewer.play()
    wait(qtbot, lambda: viewer.playback.playing and 0.1 < viewer.playback.position < 1)


def test_seeking_while_it_plays_goes_on_there(qtbot: QtBot, viewer: VideoViewer, film: Path) -> None:
    _open(qtbot, viewer, film)
    viewer.play()
    wait(qtbot, lambda: number_of(viewer.canvas.drawing) > 2)
    viewer.seek(2.0)
    assert viewer.playback.position == 2.0
    wait(qtbot, lambda: number_of(viewer.canvas.drawing) > 55)
    assert viewer.playback.playing


def test_a_seek_before_anything_was_loaded_is_kept(qtbot: QtBot, viewer: VideoViewer, film: Path) -> None:
    viewer.open(film)
    viewer.seek(2.0)
    wait_for_number(qtbot, viewer, 50)


def test_scrubbing_ends_at_the_last_place(qtbot: QtBot, viewer: VideoViewer, film: Path) -> None:
    _open(qtbot, viewer, film)
    for hundredth in range(0, 300, 7):
        viewer.seek(hundredth / 100)
        qtbot.wait(4)
    viewer.seek(1.2)
    wait_for_number(qtbot, viewer, 30)
    qtbot.wait(400)
    assert number_of(viewer.canvas.drawing) == 30


def test_speed_changes_time_and_is_shown(qtbot: QtBot, viewer: VideoViewer, film: Path) -> None:
    _open(qtbot, viewer, film)
    for _ in range(3):
        QTest.keyClick(viewer.canvas, Qt.Key.Key_BracketRight)
    assert viewer.transport.speed.text() == "2×"
    viewer.play()
    wait(qtbot, lambda: viewer.playback.position > 0.4)
    begun, at = time.monotonic(), viewer.playback.position
    wait(qtbot, lambda: viewer.playback.position > at + 2)
    assert time.monotonic() - begun == pytest.approx(1.0, abs=0.35)
    for _ in range(9):
        QTest.keyClick(viewer.canvas, Qt.Key.Key_BracketLeft)
    assert viewer.transport.speed.text() == "0.25×"


def test_volume_and_mute_are_told_to_the_owner(qtbot: QtBot, viewer: VideoViewer, film: Path) -> None:
    _open(qtbot, viewer, film)
    told: list[tuple[float, bool]] = []
    viewer.sound_changed.connect(lambda volume, muted: told.append((round(volume, 2), muted)))
    viewer.set_sound(0.5, muted=False)
    assert told == []
    QTest.keyClick(viewer.canvas, Qt.Key.Key_Up)
    QTest.keyClick(viewer.canvas, Qt.Key.Key_M)
    QTest.keyClick(viewer.canvas, Qt.Key.Key_Down)
    assert told == [(0.55, False), (0.55, True), (0.5, False)]
    assert viewer.transport.volume.value() == 50


def test_a_click_on_the_picture_plays_and_a_drag_does_not(
    qtbot: QtBot, viewer: VideoViewer, film: Path
) -> None:
    _open(qtbot, viewer, film)
    QTest.mouseClick(viewer.canvas, Qt.MouseButton.LeftButton)
    assert viewer.playback.playing
    QTest.mousePress(viewer.canvas, Qt.MouseButton.LeftButton, pos=QPoint(50, 50))
    QTest.mouseMove(viewer.canvas, QPoint(150, 90))
    QTest.mouseRelease(viewer.canvas, Qt.MouseButton.LeftButton, pos=QPoint(150, 90))
    assert viewer.playback.playing


def test_a_resized_window_gets_a_frame_of_its_size(qtbot: QtBot, viewer: VideoViewer, tmp_path: Path) -> None:
    large = Film(steady(3), codec="libx264", options=H264, size=(1280, 720))
    _open(qtbot, viewer, write_film(tmp_path / "large.mp4", large))
    viewer.resize(500, 400)
    wait(qtbot, lambda: viewer.canvas.drawing is not None and viewer.canvas.drawing.levels[0].shape[1] == 500)
    viewer.canvas.zoom(20)
    wait(
        qtbot, lambda: viewer.canvas.drawing is not None and viewer.canvas.drawing.levels[0].shape[1] == 1280
    )
    assert number_of(viewer.canvas.drawing) == 0


def test_a_turned_film_stands_upright(qtbot: QtBot, viewer: VideoViewer, tmp_path: Path) -> None:
    path = write_film(tmp_path / "turned.mp4", Film(steady(4), codec="libx264", options=H264, rotation=90))
    viewer.open(path)
    wait(qtbot, lambda: viewer.canvas.drawing is not None)
    drawing = viewer.canvas.drawing
    assert drawing is not None
    with VideoReader(probe(path), Control()) as reader:
        expected = reader.frame_at(0.0).rgb()
    assert drawing.levels[0].shape[:2] == expected.shape[:2]
    assert np.abs(rgb_of(drawing).astype(int) - expected).mean() < 6


@pytest.mark.parametrize("codec", ["libx264", "mjpeg"])
def test_the_player_and_the_reader_paint_the_same_colours(
    qtbot: QtBot, viewer: VideoViewer, tmp_path: Path, codec: str
) -> None:
    path = write_film(tmp_path / "film.mkv", Film(steady(4), codec=codec))
    viewer.open(path)
    wait(qtbot, lambda: viewer.canvas.drawing is not None)
    played = viewer.canvas.drawing
    reader = FilmReader()
    still = reader.look(Look(OpenFilm(path), Want.PIXELS)).drawing
    reader.close()
    assert played is not None
    assert still is not None
    assert np.abs(rgb_of(played).astype(int) - rgb_of(still)).mean() < 3


def test_boxes_show_with_their_own_frame_only(qtbot: QtBot, viewer: VideoViewer, film: Path) -> None:
    _open(qtbot, viewer, film)
    viewer.seek(2.0)
    wait_for_number(qtbot, viewer, 50)
    view = viewer.canvas.view
    x, y = view.x + view.width * view.scale / 2, view.y + 0.4 * view.height * view.scale
    viewer.set_overlays([Overlay((0, 0.4, 1, 0.5), t0=2.0, t1=2.0)])
    boxed = colour_at(viewer.canvas, round(x), round(y))
    viewer.playback.step(1)
    wait_for_number(qtbot, viewer, 51)
    assert colour_at(viewer.canvas, round(x), round(y)) != boxed
    viewer.playback.step(-1)
    wait_for_number(qtbot, viewer, 50)
    assert colour_at(viewer.canvas, round(x), round(y)) == boxed


def test_a_damaged_film_is_told_and_does_not_play(qtbot: QtBot, viewer: VideoViewer, tmp_path: Path) -> None:
    path = tmp_path / "broken.mp4"
    path.write_bytes(b"\x00\x00\x00\x18ftypisom" + bytes(range(256)) * 40)
    with (
        qtbot.waitSignals([viewer.failed, viewer.gave_up], timeout=5000),
        qtbot.captureExceptions() as raised,
    ):
        viewer.open(path)
        viewer.play()
    assert raised == []
    assert not viewer.playback.playing


def test_a_film_that_the_player_cannot_open_is_shown_without_its_sound(
    qtbot: QtBot, viewer: VideoViewer, film: Path
) -> None:
    _open(qtbot, viewer, film)
    told: list[Sentence] = []
    viewer.failed.connect(told.append)
    viewer.playback.player.problem.emit(Sentence("This file's format cannot be played here."))
    assert len(told) == 1
    viewer.seek(1.0)
    wait_for_number(qtbot, viewer, 25)
    viewer.playback.step(-1)
    wait_for_number(qtbot, viewer, 24)


@pytest.mark.parametrize("sound", [None, (0, 2400)])
def test_av1_which_qt_decodes_on_a_gpu_only_is_played_all_the_same(
    qtbot: QtBot, viewer: VideoViewer, tmp_path: Path, sound: tuple[int, int] | None
) -> None:
    film = Film(steady(60, step=40), codec="libsvtav1", options={"preset": "12", "g": "25"}, sound=sound)
    viewer.open(write_film(tmp_path / "film.mp4", film))
    wait_for_number(qtbot, viewer, 0)
    viewer.seek(1.0)
    wait_for_number(qtbot, viewer, 25)
    wait_for_position(qtbot, viewer, 1.0)
    for number in (26, 27, 26, 25, 24):
        viewer.playback.step(1 if number > round(viewer.playback.position / 0.04) else -1)
        wait_for_number(qtbot, viewer, number)
    viewer.play()
    begun = time.monotonic()
    seen: set[int] = set()
    while viewer.playback.playing and time.monotonic() < begun + 10:
        qtbot.wait(5)
        seen.add(number_of(viewer.canvas.drawing))
    assert time.monotonic() - begun == pytest.approx(1.44, abs=0.5)
    assert len(seen) > 15
    assert viewer.playback.position == pytest.approx(viewer.playback.duration)
    viewer.play()
    wait(qtbot, lambda: 2 < number_of(viewer.canvas.drawing) < 30)


def test_another_file_replaces_the_first_at_any_time(
    qtbot: QtBot, viewer: VideoViewer, film: Path, tmp_path: Path
) -> None:
    second = write_film(tmp_path / "second.mp4", Film(steady(20, first=0, step=50), codec="libx264"))
    for _ in range(4):
        viewer.open(film)
        viewer.play()
        viewer.open(second)
        viewer.seek(0.5)
    wait_for_number(qtbot, viewer, 10)
    qtbot.wait(200)
    assert number_of(viewer.canvas.drawing) == 10
    assert viewer.playback.duration == pytest.approx(1.0, abs=0.1)
    viewer.clear()
    qtbot.wait(100)
    assert viewer.canvas.drawing is None


def test_a_sound_shows_how_loud_it_is_and_plays(qtbot: QtBot, viewer: VideoViewer, tmp_path: Path) -> None:
    path = write_film(tmp_path / "beeps.wav", Film((), sound=(0, 4000), sound_codec="pcm_s16le"))
    viewer.open(path, has_picture=False)
    view = viewer.sound_view
    wait(qtbot, lambda: view.waveform is not None and view.waveform.complete)
    wave = view.waveform
    assert wave is not None
    loud = [wave.peaks[int(t / wave.step)] for t in (0.5, 2.5)]
    still = [wave.peaks[int(t / wave.step)] for t in (1.5, 3.5)]
    assert loud == pytest.approx([0.5, 0.5], abs=0.05)
    assert max(still) < 0.02
    viewer.play()
    wait(qtbot, lambda: viewer.playback.position > 0.5)
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(view.width() // 2, 60))
    wait(qtbot, lambda: 2.0 < viewer.playback.position < 3.0)
    wait(qtbot, lambda: not viewer.playback.playing)
    assert viewer.playback.position == pytest.approx(4.0, abs=0.1)
    assert viewer.transport.back.isHidden()


def test_every_control_has_a_name_and_a_tip_with_its_key(viewer: VideoViewer, qapp: Application) -> None:
    bar = viewer.transport
    controls = (bar.play, bar.back, bar.forward, bar.speed, bar.mute, bar.volume, bar.fit)
    for control in controls:
        assert control.accessibleName()
        assert control.toolTip().startswith(control.accessibleName())
        assert control.toolTip().endswith(")")
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert bar.seek_bar.accessibleName()
    qapp.language.choose("zh")
    viewer.retranslate()
    assert all(control.accessibleName() for control in controls)


def test_emitting_positions_keeps_the_count_of_true(qtbot: QtBot, viewer: VideoViewer, film: Path) -> None:
    _open(qtbot, viewer, film)
    before = sys.getrefcount(True)
    for _ in range(300):
        viewer.position_changed.emit(1.0)
        viewer.playing_changed.emit(True)
    QApplication.processEvents()
    assert sys.getrefcount(True) > before - 100
