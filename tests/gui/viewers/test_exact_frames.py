"""Seeking and stepping show exactly the frame of a container time, whatever the container does."""

from __future__ import annotations

import itertools
import random
import struct
from fractions import Fraction
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from mmdesk.control import Control
from mmdesk.gui.viewers.video_viewer import VideoViewer
from mmdesk.media.probe import probe
from mmdesk.media.video import VideoReader
from tests.gui.viewers.screens import number_of, wait_for_number, wait_for_position
from tests.media.films_for_tests import Film, number_in, steady, write_film

_GAPS = random.Random(4).choices((16, 17, 33, 40, 42, 200), k=59)
VARIABLE = list(itertools.accumulate(_GAPS, initial=0))
H264 = {"g": "30", "preset": "ultrafast"}
FILMS = {
    "steady.mp4": Film(steady(60, step=33), codec="libx264", options=H264, sound=(0, 2000)),
    "variable.mp4": Film(VARIABLE, codec="libx264", options=H264),
    "variable-b-frames.mp4": Film(VARIABLE, codec="libx264", options={"g": "30", "bf": "3"}),
    "variable.mkv": Film(VARIABLE, codec="libx264", options=H264),
    "variable.webm": Film(VARIABLE, codec="libvpx", options={"g": "30", "deadline": "realtime"}),
    "late-start.mkv": Film([5000 + t for t in VARIABLE], codec="libx264", options=H264, sound=(5000, 7000)),
    "late-picture.mp4": Film(steady(60, first=1000, step=33), codec="libx264", options=H264, sound=(0, 3000)),
    "late-sound.mp4": Film(steady(60, step=33), codec="libx264", options=H264, sound=(700, 2000)),
    "stream.ts": Film(
        steady(60, first=5000, step=40), codec="mpeg2video", clock=Fraction(1, 25), sound=(5000, 7400),
        sound_codec="mp2",
    ),
    "h264.ts": Film(steady(60, first=3000, step=40), codec="libx264", options=H264),
    "intra.avi": Film(steady(60, step=40), codec="mjpeg", clock=Fraction(1, 25)),
}  # fmt: skip


def _truth(path: Path) -> list[tuple[float, int]]:
    """Start and number of every frame, decoded straight through."""
    with VideoReader(probe(path), Control()) as reader:
        return [(frame.t, number_in(frame.rgb())) for frame in reader.frames()]


@pytest.fixture(params=[*FILMS, "edited.mp4"])
def film(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    name = str(request.param)
    if name == "edited.mp4":
        return _edited(tmp_path / name)
    return write_film(tmp_path / name, FILMS[name])


def _edited(path: Path) -> Path:
    """A film whose edit list leaves out its first 0.4 s, in the middle of a group of pictures."""
    options = {"g": "30", "bf": "3"}
    film = Film(steady(75, step=33), codec="libx264", options=options, sound=(0, 2500))
    box = bytearray(write_film(path, film).read_bytes())
    timescale = struct.unpack_from(">I", box, box.find(b"mdhd") + 16)[0]
    entry = box.find(b"elst") + 12
    length, start = struct.unpack_from(">Ii", box, entry)
    struct.pack_into(">Ii", box, entry, length - 400, start + timescale * 4 // 10)
    path.write_bytes(box)
    return path


def _opened(qtbot: QtBot, viewer: VideoViewer, film: Path) -> list[tuple[float, int]]:
    truth = _truth(film)
    assert len(truth) >= 59
    viewer.open(film)
    wait_for_number(qtbot, viewer, truth[0][1])
    wait_for_position(qtbot, viewer, truth[0][0])
    return truth


def test_the_edit_list_leaves_out_what_it_should(tmp_path: Path) -> None:
    truth = _truth(_edited(tmp_path / "edited.mp4"))
    assert truth[0] == (0.0, 13)
    assert truth[-1][1] == 74


def test_a_finding_time_jumps_to_its_frame(qtbot: QtBot, viewer: VideoViewer, film: Path) -> None:
    truth = _opened(qtbot, viewer, film)
    for at in random.Random(1).sample(range(len(truth)), 12):
        t, number = truth[at]
        viewer.seek(t)
        wait_for_number(qtbot, viewer, number)
        wait_for_position(qtbot, viewer, t)
        qtbot.wait(30)
        assert number_of(viewer.canvas.drawing) == number, "a late frame replaced the right one"
        assert viewer.canvas.drawing is not None
        assert viewer.canvas.drawing.t == pytest.approx(t, abs=0.0006)


def test_a_time_inside_a_frame_shows_that_frame(qtbot: QtBot, viewer: VideoViewer, film: Path) -> None:
    truth = _opened(qtbot, viewer, film)
    for at in (40, 7, 23):
        viewer.seek((truth[at][0] + 3 * truth[at + 1][0]) / 4)
        wait_for_number(qtbot, viewer, truth[at][1])


def test_stepping_shows_the_neighbours(qtbot: QtBot, viewer: VideoViewer, film: Path) -> None:
    truth = _opened(qtbot, viewer, film)
    viewer.seek(truth[30][0])
    wait_for_number(qtbot, viewer, truth[30][1])
    for at in (31, 32, 33, 34, 33, 32, 31, 30, 29, 28, 27):
        viewer.playback.step(1 if truth[at][0] > viewer.playback.position else -1)
        wait_for_number(qtbot, viewer, truth[at][1])
        wait_for_position(qtbot, viewer, truth[at][0])


def test_steps_in_a_hurry_are_all_taken(qtbot: QtBot, viewer: VideoViewer, film: Path) -> None:
    truth = _opened(qtbot, viewer, film)
    for _ in range(9):
        viewer.playback.step(1)
    wait_for_number(qtbot, viewer, truth[9][1])
    for _ in range(4):
        viewer.playback.step(-1)
    wait_for_number(qtbot, viewer, truth[5][1])


def test_there_is_nothing_before_the_first_and_behind_the_last(
    qtbot: QtBot, viewer: VideoViewer, film: Path
) -> None:
    truth = _opened(qtbot, viewer, film)
    viewer.playback.step(-1)
    qtbot.wait(100)
    assert number_of(viewer.canvas.drawing) == truth[0][1]
    viewer.seek(truth[-1][0])
    wait_for_number(qtbot, viewer, truth[-1][1])
    viewer.playback.step(1)
    qtbot.wait(200)
    assert number_of(viewer.canvas.drawing) == truth[-1][1]
    viewer.playback.step(-1)
    wait_for_number(qtbot, viewer, truth[-2][1])
