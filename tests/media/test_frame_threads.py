"""One frame may be looked at by several threads at once (each crash here would take the program along)."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from mmdesk.control import Control
from mmdesk.media.frame import Frame
from mmdesk.media.probe import probe
from mmdesk.media.video import VideoReader
from tests.media.films_for_tests import Film, steady, write_film


def looks_the_same(frame: Frame) -> bool:
    """Whether every conversion gives the same, while others convert the frame too."""
    expected = frame.small(32, 18)
    with ThreadPoolExecutor(3) as pool:
        small = [pool.submit(frame.small, 32, 18) for _ in range(20)]
        large = [pool.submit(frame.rgb, 320) for _ in range(4)]
    return (
        all((each.result() == expected).all() for each in small)
        and len({x.result().shape for x in large}) == 1
    )


def test_threads_convert_one_frame_at_once(tmp_path: Path) -> None:
    info = probe(write_film(tmp_path / "film.mp4", Film(steady(60), size=(640, 480))))
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-4)
    try:
        with VideoReader(info, Control()) as reader:
            assert all(looks_the_same(frame) for frame in reader.frames())
    finally:
        sys.setswitchinterval(before)
