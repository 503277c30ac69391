"""The window plays with QMediaPlayer: its clock and ours must be one, or a click jumps to the wrong place."""

from __future__ import annotations

import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from mmdesk.control import Control
from mmdesk.media.probe import probe
from mmdesk.media.video import VideoReader
from tests.media.films_for_tests import Film, number_in, steady, write_film

UNEVEN = [0, 40, 80, 400, 520, 560, 900, 1000, 1033, 1100, 1500]

_SHOWN_AT_LEAST = 2

FILMS = {
    "plain.mp4": Film(steady(15)),
    "late.mkv": Film(steady(15, first=5000)),
    "late.ts": Film(steady(15, first=5000)),
    "sound_first.mp4": Film(steady(15, first=1000), sound=(0, 2500)),
    "sound_later.mp4": Film(steady(15), sound=(1000, 2000)),
    "reordered.mp4": Film(steady(15), "libx264", {"bf": "3"}, sound=(0, 1500)),
    "no_edit_list.mp4": Film(steady(15), "libx264", {"bf": "3"}, {"use_editlist": "0"}, sound=(0, 1500)),
    "reordered.avi": Film(steady(15, step=40), "libx264", {"bf": "2"}, clock=Fraction(1, 25)),
    "uneven.mkv": Film(UNEVEN, "libx264", {"bf": "2"}),
}


@pytest.mark.timeout(180)
def test_our_times_are_those_of_the_player(tmp_path: Path) -> None:
    paths = [write_film(tmp_path / name, film) for name, film in FILMS.items()]
    trimmed = Film(steady(15), "libx264", {"g": "8", "bf": "2"})
    paths.append(trim(write_film(tmp_path / "trimmed.mp4", trimmed), 350))
    script = Path(__file__).with_name("player_times.py")
    done = subprocess.run(
        [sys.executable, str(script), *map(str, paths)], capture_output=True, text=True, timeout=150
    )
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("[")]
    assert len(lines) == len(paths), done.stderr
    for path, line in zip(paths, lines, strict=True):
        played = {spelled(bars): t for t, bars in line}
        with VideoReader(probe(path), Control()) as reader:
            ours = {number_in(frame.rgb()): frame.t for frame in reader.frames()}
        assert len(played) >= _SHOWN_AT_LEAST, path.name  # without a sound device Qt ends early
        for number, t in played.items():
            assert t == pytest.approx(ours[number], abs=0.002), (path.name, number)


def trim(path: Path, milliseconds: int) -> Path:
    """Makes the edit list of an MP4 begin later: players skip what lies before, in the middle of a GOP."""
    data = bytearray(path.read_bytes())
    header, edits = data.index(b"mdhd"), data.index(b"elst")
    scale = int.from_bytes(data[header + 16 : header + 20], "big")
    media_time = slice(edits + 16, edits + 20)
    later = int.from_bytes(data[media_time], "big") + milliseconds * scale // 1000
    data[media_time] = later.to_bytes(4, "big")
    path.write_bytes(data)
    return path


def spelled(bars: list[int]) -> int:
    return int("".join(str(int(bar > 140)) for bar in bars), 2)
