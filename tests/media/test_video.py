"""Frames and their times: every frame once, at its own moment, from wherever one starts."""

from __future__ import annotations

import gc
import random
import sys
import threading
import time
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from av import VideoFrame

from mmdesk.control import Control
from mmdesk.errors import Cancelled, MediaError, TooLarge, UnreadableFile, UnsupportedMedia
from mmdesk.media.info import MediaInfo
from mmdesk.media.probe import probe
from mmdesk.media.video import Frame, VideoReader
from tests.media.films_for_tests import Film, Subtitle, number_in, steady, write_film

PAL = Fraction(1, 25)
UNEVEN = [0, 40, 80, 500, 520, 540, 1900, 2000, 2033, 2067, 2100, 3000, 3001, 3050, 4500]
OPEN_GOP = {"g": "8", "bf": "2", "x264-params": "open-gop=1:keyint=8:min-keyint=8:scenecut=0"}


def read(path: Path, t0: float = 0.0, t1: float | None = None) -> list[tuple[float, int]]:
    with VideoReader(probe(path), Control()) as reader:
        return [(round(frame.t, 6), number_in(frame.rgb())) for frame in reader.frames(t0, t1)]


def expected(times: list[int], zero: int = 0) -> list[tuple[float, int]]:
    return [((t - zero) / 1000, number) for number, t in enumerate(times)]


@pytest.mark.parametrize("name", ["film.mp4", "film.mkv", "film.mov", "film.ts", "film.avi"])
def test_every_frame_comes_once_with_its_own_time(tmp_path: Path, name: str) -> None:
    path = write_film(tmp_path / name, Film(steady(30)))
    assert read(path) == expected(steady(30))


@pytest.mark.parametrize(("name", "codec"), [("v.mkv", "libx264"), ("v.mp4", "libx264"), ("v.mkv", "ffv1")])
def test_variable_frame_rate_keeps_the_exact_times(tmp_path: Path, name: str, codec: str) -> None:
    path = write_film(tmp_path / name, Film(UNEVEN, codec=codec))
    assert read(path) == expected(UNEVEN)


def test_a_frame_lasts_until_the_next_one(tmp_path: Path) -> None:
    path = write_film(tmp_path / "v.mkv", Film(UNEVEN, codec="ffv1"))
    with VideoReader(probe(path), Control()) as reader:
        frames = list(reader.frames())
    for frame, after in pairwise(frames):
        assert frame.t + frame.duration == pytest.approx(after.t, abs=1e-9)
    assert frames[-1].duration > 0


@pytest.mark.parametrize("name", ["late.mkv", "late.mp4", "late.ts"])
def test_times_count_from_the_start_of_the_container(tmp_path: Path, name: str) -> None:
    path = write_film(tmp_path / name, Film(steady(20, first=5000)))
    assert read(path) == expected(steady(20))
    assert probe(path).start == pytest.approx(5.0)


def test_a_picture_that_starts_after_the_sound_keeps_its_distance(tmp_path: Path) -> None:
    path = write_film(tmp_path / "sound_first.mp4", Film(steady(20, first=1000), sound=(0, 3000)))
    assert read(path) == expected(steady(20, first=1000))


@pytest.mark.parametrize(
    ("name", "film"),
    [
        ("b.mp4", Film(steady(120, step=40), "libx264", OPEN_GOP)),
        ("b.mkv", Film(steady(120, step=40), "libx264", OPEN_GOP)),
        ("b.ts", Film(steady(120, step=40), "libx264", OPEN_GOP)),
        ("b.mkv", Film(UNEVEN * 1, "libx264", {"g": "4", "bf": "2"})),
        (
            "h.mp4",
            Film(steady(120, step=40), "libx265", {"x265-params": "log-level=none:keyint=10:open-gop=1"}),
        ),
        ("m.mpg", Film(steady(120, step=40), "mpeg2video", {"g": "12", "bf": "2"}, clock=PAL)),
        ("w.webm", Film(steady(60, step=40), "libvpx-vp9", {"g": "15", "deadline": "realtime"})),
        ("a.avi", Film(steady(120, step=40), "mpeg4", {"g": "12"})),
        ("late.mkv", Film(steady(120, first=7000, step=40), "libx264", {"g": "10", "bf": "3"})),
    ],
    ids=["mp4", "mkv", "ts", "uneven", "hevc", "mpeg2", "vp9", "avi", "late"],
)
def test_reading_from_a_moment_gives_what_reading_through_gives(
    tmp_path: Path, name: str, film: Film
) -> None:
    path = write_film(tmp_path / name, film)
    control = Control()
    info = probe(path)
    with VideoReader(info, control) as reader:
        through = [(frame.t, frame.rgb().tobytes()) for frame in reader.frames()]
    moments = [t for t, _ in through[::7]] + [t + 0.013 for t, _ in through[::11]]
    random.Random(1).shuffle(moments)
    with VideoReader(info, control) as reader:
        for moment in moments:
            end = moment + 0.3
            found = [(frame.t, frame.rgb().tobytes()) for frame in reader.frames(moment, end)]
            assert found == [pair for pair in through if moment <= pair[0] < end], moment
        assert reader.problems == ()


def test_neighbouring_stretches_share_no_frame_and_miss_none(tmp_path: Path) -> None:
    path = write_film(tmp_path / "v.mp4", Film(UNEVEN, "libx264", {"bf": "2"}))
    with VideoReader(probe(path), Control()) as reader:
        pieces = [number_in(f.rgb()) for t in range(5) for f in reader.frames(float(t), float(t + 1))]
    assert pieces == list(range(len(UNEVEN)))


def test_an_abandoned_iterator_loses_no_frame(tmp_path: Path) -> None:
    path = write_film(tmp_path / "v.mp4", Film(steady(20)))
    with VideoReader(probe(path), Control()) as reader:
        first = next(reader.frames())
        assert [number_in(f.rgb()) for f in reader.frames(first.t + first.duration)] == list(range(1, 20))
        assert [number_in(f.rgb()) for f in reader.frames()] == list(range(20))


def test_an_iterator_that_was_overtaken_says_so(tmp_path: Path) -> None:
    path = write_film(tmp_path / "v.mp4", Film(steady(20)))
    with VideoReader(probe(path), Control()) as reader:
        first = reader.frames()
        next(first)
        reader.frame_at(1.5)
        with pytest.raises(RuntimeError):
            next(first)


def test_frame_at_is_what_a_player_shows(tmp_path: Path) -> None:
    path = write_film(tmp_path / "v.mkv", Film(UNEVEN, "libx264", {"g": "5"}))
    moments = [0.0, 0.05, 0.499, 0.5, 1.0, 1.9, 3.0005, 3.001, 4.6, 99.0, -1.0, 2.05, 0.51]
    with VideoReader(probe(path), Control()) as reader:
        for moment in moments:
            shown = max((n for n, t in enumerate(UNEVEN) if t / 1000 <= moment), default=0)
            assert number_in(reader.frame_at(moment).rgb()) == shown, moment


def test_stepping_visits_every_frame_both_ways(tmp_path: Path) -> None:
    path = write_film(tmp_path / "v.mkv", Film(UNEVEN, "libx264", {"g": "5"}))
    times = [t / 1000 for t in UNEVEN]
    with VideoReader(probe(path), Control()) as reader:
        forward = [0.0]
        while (following := reader.next_time(forward[-1])) is not None:
            forward.append(following)
        back = [forward[-1]]
        while (before := reader.previous_time(back[-1])) is not None:
            back.append(before)
    assert forward == pytest.approx(times)
    assert back == pytest.approx(times[::-1])


@pytest.mark.parametrize("rotation", [90, 180, -90])
def test_a_turned_film_stands_upright(tmp_path: Path, rotation: int) -> None:
    path = write_film(tmp_path / "r.mp4", Film(steady(5), rotation=rotation))
    info = probe(path)
    assert info.video is not None
    with VideoReader(info, Control()) as reader:
        frame = reader.frame_at(0.4)
    upright = frame.rgb()
    assert (info.video.width, info.video.height) == frame.size == upright.shape[1::-1]
    assert number_in(np.rot90(upright, -rotation // 90)) == 4
    capture = cv2.VideoCapture(str(path))
    others = [capture.read()[1] for _ in range(5)]
    capture.release()
    assert np.abs(others[-1][:, :, ::-1].astype(int) - upright).mean() < 6


def test_pixels_that_are_not_square_are_made_square(tmp_path: Path) -> None:
    path = write_film(tmp_path / "anamorphic.mp4", Film(steady(5), pixel_aspect=Fraction(3, 2)))
    info = probe(path)
    assert info.video is not None
    assert (info.video.width, info.video.height) == (240, 128)
    with VideoReader(info, Control()) as reader:
        frame = reader.frame_at(0.3)
    assert frame.rgb().shape == (128, 240, 3)
    assert number_in(frame.rgb()) == 3


def test_small_and_limited_pictures_are_scaled_in_one_step(tmp_path: Path) -> None:
    path = write_film(tmp_path / "v.mp4", Film(steady(6), rotation=90))
    with VideoReader(probe(path), Control()) as reader:
        frame = reader.frame_at(0.5)
    assert frame.small(32, 64).shape == (64, 32, 3)
    assert number_in(np.rot90(frame.small(32, 64), -1)) == 5
    assert frame.rgb(max_side=80).shape == (80, 64, 3)
    assert frame.rgb(max_side=4000).shape == (160, 128, 3)
    assert frame.rgb().flags.c_contiguous


@pytest.mark.parametrize(("height", "matrix"), [(240, "bt601"), (720, "bt709")])
def test_colours_and_levels_are_right(tmp_path: Path, height: int, matrix: str) -> None:
    """Black, white and primaries survive; untagged films are read as every player reads them."""
    colours = np.array([[0, 0, 0], [255, 255, 255], [220, 30, 30], [30, 200, 40], [40, 50, 220]], np.uint8)
    picture = np.repeat(np.repeat(colours[np.newaxis], height, 0), 64, 1)
    path = tmp_path / "colours.mp4"
    with av.open(str(path), "w") as output:
        stream = output.add_stream("libx264", rate=10, options={"qp": "1"})
        stream.width, stream.height, stream.pix_fmt = picture.shape[1], height, "yuv420p"
        frame = VideoFrame.from_ndarray(picture, format="rgb24").reformat(
            format="yuv420p",
            dst_colorspace="ITU709" if matrix == "bt709" else "ITU601",
            dst_color_range="MPEG",
        )
        frame.colorspace = 2
        output.mux([*stream.encode(frame), *stream.encode(None)])
    with VideoReader(probe(path), Control()) as reader:
        rgb = reader.frame_at(0).rgb()
    assert np.abs(rgb[height // 2, 32::64].astype(int) - colours).max() <= 4


def test_cancel_stops_within_a_second_and_pause_holds(tmp_path: Path) -> None:
    path = write_film(tmp_path / "v.mkv", Film(steady(250), "mjpeg", size=(640, 480)))
    control = Control()
    seen: list[Frame] = []
    ended: list[float] = []

    def read_all() -> None:
        try:
            with VideoReader(probe(path), control) as reader:
                while True:
                    for frame in reader.frames():
                        seen[:] = [frame]
        except Cancelled:
            ended.append(time.monotonic())

    thread = threading.Thread(target=read_all)
    thread.start()
    while not seen:
        time.sleep(0.01)
    control.pause()
    time.sleep(0.3)
    held = seen[-1].t
    time.sleep(0.2)
    assert seen[-1].t == held
    cancelled = time.monotonic()
    control.cancel()
    thread.join(5)
    assert ended
    assert ended[0] - cancelled < 1.0


def test_a_reader_that_was_cancelled_gives_nothing_more(tmp_path: Path) -> None:
    path = write_film(tmp_path / "v.mkv", Film(steady(50)))
    control = Control()
    with VideoReader(probe(path), control) as reader:
        next(reader.frames())
        control.cancel()
        for _ in range(2):
            with pytest.raises(Cancelled):
                list(reader.frames(3.0))


def test_sound_alone_is_no_film(tmp_path: Path) -> None:
    path = write_film(tmp_path / "s.mp4", Film([], sound=(0, 2000)))
    with pytest.raises(UnsupportedMedia):
        VideoReader(probe(path), Control())


def test_subtitles_and_sound_do_not_disturb_the_frames(tmp_path: Path) -> None:
    film = Film(steady(30), "libx264", sound=(0, 3000), subtitles=(Subtitle(500, 1500, "Hi"),))
    assert read(write_film(tmp_path / "all.mp4", film)) == expected(steady(30))


def test_frames_hold_their_pixels_after_the_reader_is_closed(tmp_path: Path) -> None:
    path = write_film(tmp_path / "v.mp4", Film(steady(30), "libx264"))
    info: MediaInfo = probe(path)
    with VideoReader(info, Control()) as reader:
        frames = list(reader.frames())
    assert [number_in(frame.rgb()) for frame in frames] == list(range(30))


def test_a_film_larger_than_8k_is_refused(tmp_path: Path) -> None:
    path = write_film(tmp_path / "huge.mkv", Film([0], "mjpeg", size=(8192, 6144)))
    with pytest.raises((TooLarge, UnsupportedMedia)):  # some containers do not even tell the size
        probe(path)


def test_a_frame_that_cannot_be_converted_is_a_sentence(tmp_path: Path) -> None:
    path = write_film(tmp_path / "v.mp4", Film(steady(3)))
    with VideoReader(probe(path), Control()) as reader:
        frame = reader.frame_at(0)
    with pytest.raises(MediaError) as caught:
        frame.small(1 << 20, 1 << 20)
    assert caught.value.path == path


def test_a_film_that_vanishes_before_it_is_read_again(tmp_path: Path) -> None:
    path = write_film(tmp_path / "v.mp4", Film(steady(30)))
    with VideoReader(probe(path), Control()) as reader:
        assert len(list(reader.frames())) == 30
        path.unlink()
        with pytest.raises(UnreadableFile):
            list(reader.frames())


@pytest.mark.skipif(sys.platform != "linux", reason="counts threads in /proc")
def test_closing_ends_the_decoder_and_its_threads_at_once(tmp_path: Path) -> None:
    path = write_film(tmp_path / "v.mp4", Film(steady(30), "libx264", size=(320, 256)))
    tasks = Path("/proc/self/task")
    info, control = probe(path), Control()
    gc.collect()
    gc.disable()  # what only the collector frees stays for minutes in a program that is busy
    try:
        before = len(list(tasks.iterdir()))
        for moment in (0.0, 2.0, 1.0):
            with VideoReader(info, control) as reader:
                reader.frame_at(moment)
        with VideoReader(info, control) as reader:
            next(reader.frames())
        assert len(list(tasks.iterdir())) <= before
    finally:
        gc.enable()
