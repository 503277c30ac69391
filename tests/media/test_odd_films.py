"""Films that are not as they should be: odd times, changing sizes, missing and damaged parts."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import pytest
from av import VideoFrame

from mmdesk.control import Control
from mmdesk.errors import DamagedMedia
from mmdesk.media.probe import probe
from mmdesk.media.video import VideoReader
from tests.media.films_for_tests import MS, Film, number_in, numbered, steady, write_film

PAL = Fraction(1, 25)


def read(path: Path, t0: float = 0.0, t1: float | None = None) -> list[tuple[float, int]]:
    with VideoReader(probe(path), Control()) as reader:
        return [(round(frame.t, 6), number_in(frame.rgb())) for frame in reader.frames(t0, t1)]


def expected(times: list[int], zero: int = 0) -> list[tuple[float, int]]:
    return [((t - zero) / 1000, number) for number, t in enumerate(times)]


def test_a_film_that_changes_size_midway_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "sizes.ts"
    parts = [write_film(tmp_path / f"{n}.ts", Film(steady(10, first=n * 1000), size=size)) for n, size in
             enumerate([(160, 128), (320, 256), (96, 64)])]  # fmt: skip
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    with VideoReader(probe(path), Control()) as reader:
        frames = list(reader.frames())
        assert [frame.rgb().shape for frame in frames][::10] == [(128, 160, 3), (256, 320, 3), (64, 96, 3)]
    assert [number_in(frame.rgb()) for frame in frames] == list(range(10)) * 3
    assert [round(frame.t, 3) for frame in frames] == [t / 1000 for t in steady(30)]
    assert {frame.small(32, 32).shape for frame in frames} == {(32, 32, 3)}


def test_a_clock_that_starts_again_is_continued(tmp_path: Path) -> None:
    part = write_film(tmp_path / "part.ts", Film(steady(20, first=3000)))
    path = tmp_path / "twice.ts"
    path.write_bytes(part.read_bytes() * 2)
    with VideoReader(probe(path), Control()) as reader:
        frames = list(reader.frames())
        assert [number_in(frame.rgb()) for frame in frames] == list(range(20)) * 2
        assert [round(frame.t, 2) for frame in frames] == [t / 1000 for t in steady(40)]
        assert "backwards" in str(reader.problems[0])
        later = [number_in(frame.rgb()) for frame in reader.frames(2.5, 3.0)]
    assert later == list(range(5, 10))


def test_times_that_run_backwards_are_put_in_order(tmp_path: Path) -> None:
    times = [0, 100, 200, 150, 300, 300, 400]
    path = write_with_times(tmp_path / "odd.mkv", times)
    with VideoReader(probe(path), Control()) as reader:
        frames = list(reader.frames())
        assert [number_in(frame.rgb()) for frame in frames] == list(range(7))
        assert all(a.t < b.t for a, b in pairwise(frames))
        assert [round(frame.t, 1) for frame in frames] == [0.0, 0.1, 0.2, 0.2, 0.3, 0.3, 0.4]
        assert len(reader.problems) == 1
        assert [number_in(frame.rgb()) for frame in reader.frames(0.25, 0.35)] == [4, 5]


def write_with_times(path: Path, times: list[int]) -> Path:
    """Intra-only pictures whose packets claim any time, in rising order of decoding."""
    with av.open(str(path), "w") as output:
        stream = output.add_stream("mjpeg", rate=10)
        stream.width, stream.height, stream.pix_fmt = 160, 128, "yuvj420p"
        stream.time_base = stream.codec_context.time_base = MS
        for number, t in enumerate(times):
            frame = VideoFrame.from_ndarray(numbered(number), format="rgb24")
            frame.pts, frame.time_base = number * 100, MS
            for packet in stream.encode(frame):
                packet.pts, packet.dts = t, None
                packet.dts = min(times[number:])
                output.mux(packet)
    return path


@pytest.mark.parametrize(
    ("name", "container", "codec"),
    [("x", "h264", "libx264"), ("x", "m4v", "mpeg4"), ("x", "mpeg2video", "mpeg2video")],
)
def test_a_stream_without_times_gets_estimated_ones(
    tmp_path: Path, name: str, container: str, codec: str
) -> None:
    film = Film(steady(30, step=40), codec, {"g": "10"}, clock=PAL)
    path = write_film(tmp_path / name, film, container)
    with VideoReader(probe(path), Control()) as reader:
        frames = list(reader.frames())
        assert [number_in(frame.rgb()) for frame in frames] == list(range(30))
        assert [frame.t for frame in frames] == pytest.approx(
            [t / 1000 for t in steady(30, step=40)], abs=0.1
        )
        assert all(a.t < b.t for a, b in pairwise(frames))
        assert [number_in(frame.rgb()) for frame in reader.frames(frames[17].t, frames[20].t)] == [17, 18, 19]


def test_an_avi_with_reordered_frames_counts_evenly(tmp_path: Path) -> None:
    """It stores only the order of decoding, so all times are late by the frames that were reordered."""
    path = write_film(
        tmp_path / "x.avi", Film(steady(60, step=40), "libx264", {"bf": "2", "g": "10"}, clock=PAL)
    )
    with VideoReader(probe(path), Control()) as reader:
        frames = list(reader.frames())
        assert [number_in(frame.rgb()) for frame in frames] == list(range(60))
        assert frames[0].t <= 0.08
        assert [f.t - frames[0].t for f in frames] == pytest.approx([n * 0.04 for n in range(60)])
        assert [number_in(f.rgb()) for f in reader.frames(frames[33].t, frames[36].t)] == [33, 34, 35]
        assert reader.problems == ()


def test_a_broken_off_film_gives_what_is_there_and_says_so(tmp_path: Path) -> None:
    whole = write_film(tmp_path / "whole.mkv", Film(steady(200), "libx264", {"g": "10"}))
    path = tmp_path / "cut.mkv"
    path.write_bytes(whole.read_bytes()[: whole.stat().st_size * 6 // 10])
    with VideoReader(probe(path), Control()) as reader:
        numbers = [number_in(frame.rgb()) for frame in reader.frames()]
        assert numbers == list(range(len(numbers)))
        assert 80 < len(numbers) < 160
        assert any("breaks off" in str(problem) for problem in reader.problems)


def test_a_whole_film_has_no_problems(tmp_path: Path) -> None:
    path = write_film(tmp_path / "late.mkv", Film(steady(30, first=5000), "libx264", sound=(5000, 8000)))
    with VideoReader(probe(path), Control()) as reader:
        assert len(list(reader.frames())) == 30
        assert reader.problems == ()


def test_damaged_pictures_are_left_out_and_the_rest_goes_on(tmp_path: Path) -> None:
    path = write_film(tmp_path / "v.mkv", Film(steady(60), "libx264", {"g": "10"}))
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 60] = bytes(60)
    path.write_bytes(data)
    with VideoReader(probe(path), Control()) as reader:
        numbers = [number_in(frame.rgb()) for frame in reader.frames()]
    assert 40 <= len(numbers) <= 60
    assert numbers[:10] == list(range(10))
    assert numbers[-5:] == list(range(55, 60))


def test_a_film_of_which_nothing_can_be_decoded_is_damaged(tmp_path: Path) -> None:
    path = write_film(
        tmp_path / "v.mp4", Film(steady(30), "libx264", container_options={"movflags": "faststart"})
    )
    data = path.read_bytes()
    start = data.index(b"mdat") + 4
    path.write_bytes(data[:start] + bytes(len(data) - start))
    info = probe(path)
    with VideoReader(info, Control()) as reader, pytest.raises(DamagedMedia):
        list(reader.frames())


def test_a_file_cut_off_while_it_is_read_ends_with_a_problem(tmp_path: Path) -> None:
    path = write_film(tmp_path / "v.mkv", Film(steady(250), "mjpeg", size=(640, 480)))
    info = probe(path)
    with VideoReader(info, Control()) as reader:
        frames = reader.frames()
        numbers = [number_in(next(frames).rgb())]
        with path.open("r+b") as file:
            file.truncate(info.size_bytes // 2)
        numbers += [number_in(frame.rgb()) for frame in frames]
        assert any("breaks off" in str(problem) for problem in reader.problems)
    assert numbers == list(range(len(numbers)))
    assert 50 < len(numbers) < 250
