"""Sound at its own time: tones start and stop where they were written."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from mmdesk.control import Control
from mmdesk.errors import Cancelled, UnsupportedMedia
from mmdesk.media.probe import probe
from mmdesk.media.sound import SAMPLE_RATE, AudioChunk, read_sound
from mmdesk.sentences import Sentence
from tests.media.films_for_tests import Film, steady, write_film

FORMATS = [
    ("s.wav", "pcm_s16le"), ("s.flac", "flac"), ("s.mp3", "libmp3lame"), ("s.mp4", "aac"), ("s.mka", "aac"),
    ("s.ogg", "libopus"), ("s.mkv", "libopus"), ("s.ts", "aac"),
]  # fmt: skip


def chunks(path: Path, t0: float = 0.0, t1: float | None = None) -> list[AudioChunk]:
    return list(read_sound(probe(path), Control(), t0, t1))


def timeline(found: list[AudioChunk], seconds: float) -> NDArray[np.float32]:
    """All chunks laid at their times; NaN where there is none."""
    line = np.full(round(seconds * SAMPLE_RATE), np.nan, np.float32)
    for chunk in found:
        first = round(chunk.t0 * SAMPLE_RATE)
        piece = chunk.samples[: max(0, len(line) - first)]
        line[first : first + len(piece)] = piece
    return line


def loud(line: NDArray[np.float32], t0: float, t1: float) -> float:
    return float(np.sqrt(np.mean(line[round(t0 * SAMPLE_RATE) : round(t1 * SAMPLE_RATE)] ** 2)))


@pytest.mark.parametrize(("name", "codec"), FORMATS)
def test_tones_are_where_they_were_written(tmp_path: Path, name: str, codec: str) -> None:
    path = write_film(tmp_path / name, Film([], sound=(0, 4000), sound_codec=codec))
    found = chunks(path)
    line = timeline(found, 4.0)
    for second in range(4):
        level = loud(line, second + 0.1, second + 0.9)
        assert level == pytest.approx(0.354, abs=0.03) if second % 2 == 0 else level < 0.02
    # MPEG-TS has no room to say how many samples the encoder put in front: up to 1024 at 16 kHz.
    assert first_loud(line, 1.5) == pytest.approx(2.0, abs=0.07 if name.endswith("ts") else 0.035)
    assert all(chunk.samples.dtype == np.float32 and chunk.samples.ndim == 1 for chunk in found)
    for before, after in pairwise(found):
        assert before.t1 == pytest.approx(after.t0, abs=1e-6)


def first_loud(line: NDArray[np.float32], after: float) -> float:
    start = round(after * SAMPLE_RATE)
    return after + float(np.argmax(np.abs(line[start:]) > 0.2)) / SAMPLE_RATE


@pytest.mark.parametrize(("name", "codec"), FORMATS)
@pytest.mark.parametrize(("t0", "t1"), [(0.0, 0.5), (2.3, 3.1), (1.7, 2.2), (3.5, None)])
def test_a_stretch_is_the_same_as_in_the_whole(
    tmp_path: Path, name: str, codec: str, t0: float, t1: float | None
) -> None:
    path = write_film(tmp_path / name, Film([], sound=(0, 4000), sound_codec=codec))
    whole = timeline(chunks(path), 4.0)
    found = chunks(path, t0, t1)
    assert found[0].t0 == pytest.approx(t0, abs=1 / SAMPLE_RATE)
    if t1 is not None:
        assert found[-1].t1 == pytest.approx(t1, abs=1 / SAMPLE_RATE)
    part = timeline(found, 4.0)
    inside = ~np.isnan(part) & ~np.isnan(whole)
    assert inside.sum() >= (((t1 or 3.9) - t0) * SAMPLE_RATE) - 10
    assert np.sqrt(np.mean((part[inside] - whole[inside]) ** 2)) < 0.04


@pytest.mark.parametrize("name", ["late.mp4", "late.mkv"])
def test_sound_that_starts_late_keeps_its_distance(tmp_path: Path, name: str) -> None:
    path = write_film(tmp_path / name, Film(steady(40), sound=(1000, 4000), sound_codec="aac"))
    line = timeline(chunks(path), 4.0)
    assert np.isnan(line[: round(0.9 * SAMPLE_RATE)]).all()
    assert first_loud(np.nan_to_num(line), 1.2) == pytest.approx(2.0, abs=0.035)


def test_times_count_from_the_start_of_the_container(tmp_path: Path) -> None:
    path = write_film(tmp_path / "late.mkv", Film(steady(40, first=6000), sound=(6000, 10_000)))
    assert first_loud(timeline(chunks(path), 4.0), 1.2) == pytest.approx(2.0, abs=0.035)


def test_a_gap_stays_a_gap(tmp_path: Path) -> None:
    parts = [
        write_film(tmp_path / f"{n}.ts", Film([], sound=sound))
        for n, sound in enumerate([(0, 2000), (4000, 6000)])
    ]
    path = tmp_path / "gap.ts"
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    line = timeline(chunks(path), 6.0)
    assert np.isnan(line[round(2.2 * SAMPLE_RATE) : round(3.8 * SAMPLE_RATE)]).all()
    assert loud(line, 4.1, 4.9) > 0.3


@pytest.mark.parametrize("layout", ["stereo", "5.1", "7.1"])
def test_channels_are_mixed_without_clipping(tmp_path: Path, layout: str) -> None:
    path = tmp_path / "many.wav"
    channels = {"stereo": 2, "5.1": 6, "7.1": 8}[layout]
    with av.open(str(path), "w") as output:
        stream = output.add_stream("pcm_f32le", rate=48_000, layout=layout)
        tone = 0.9 * np.sin(2 * np.pi * 440 * np.arange(48_000) / 48_000)
        samples = np.repeat(tone[:, np.newaxis], channels, 1).astype(np.float32).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(samples, format="flt", layout=layout)
        frame.sample_rate = 48_000
        output.mux([*stream.encode(frame), *stream.encode(None)])
    line = timeline(chunks(path), 1.0)
    assert np.nanmax(np.abs(line)) <= 1.0
    assert np.nanmax(np.abs(line[1000:-1000])) == pytest.approx(0.9, abs=0.02)


def test_a_cut_off_wav_gives_what_is_there(tmp_path: Path) -> None:
    path = write_film(tmp_path / "s.wav", Film([], sound=(0, 4000), sound_codec="pcm_s16le"))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    problems: list[Sentence] = []
    info = probe(path)
    found = list(read_sound(info, Control(), note=problems.append))
    assert found[-1].t1 == pytest.approx(2.0, abs=0.05)
    assert any("breaks off" in str(problem) for problem in problems) or info.duration == pytest.approx(
        2.0, abs=0.1
    )


def test_damaged_packets_leave_a_gap_and_a_note(tmp_path: Path) -> None:
    path = write_film(tmp_path / "s.mkv", Film([], sound=(0, 6000)))
    data = bytearray(path.read_bytes())
    for start in range(len(data) // 2, len(data) // 2 + 400):
        data[start] = 0xFF
    path.write_bytes(data)
    problems: list[Sentence] = []
    found = list(read_sound(probe(path), Control(), note=problems.append))
    assert found[0].t0 == pytest.approx(0, abs=0.05)
    assert found[-1].t1 > 5.5


def test_a_film_without_sound(tmp_path: Path) -> None:
    path = write_film(tmp_path / "v.mp4", Film(steady(5)))
    with pytest.raises(UnsupportedMedia):
        chunks(path)


def test_cancel(tmp_path: Path) -> None:
    path = write_film(tmp_path / "s.wav", Film([], sound=(0, 4000), sound_codec="pcm_s16le"))
    control = Control()
    reading = read_sound(probe(path), control)
    next(reading)
    control.cancel()
    with pytest.raises(Cancelled):
        list(reading)
