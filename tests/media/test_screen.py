"""Pixels for the screen: right colours, right sizes, the right way up."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest
from av import VideoFrame
from av.video.reformatter import ColorRange, Colorspace
from numpy.typing import NDArray

from mmdesk.media.screen import YuvMatrix, YuvPlanes, screen_levels, turned, yuv_to_bgra

_SWSCALE = {YuvMatrix.BT601: Colorspace.ITU601, YuvMatrix.BT709: Colorspace.ITU709}


def _yuv(colour: tuple[int, int, int], matrix: YuvMatrix, full: bool) -> tuple[float, float, float]:
    """ITU-R BT.709-6 section 3, from a colour in [0, 255] to 8-bit levels."""
    red, green, blue = (level / 255 for level in colour)
    kr, kb = matrix.value
    luma = kr * red + (1 - kr - kb) * green + kb * blue
    cb, cr = (blue - luma) / (2 * (1 - kb)), (red - luma) / (2 * (1 - kr))
    if full:
        return 255 * luma, 255 * cb + 128, 255 * cr + 128
    return 16 + 219 * luma, 224 * cb + 128, 224 * cr + 128


_LEVELS = (0, 90, 255)
_COLOURS = list(itertools.product(_LEVELS, _LEVELS, _LEVELS))


@pytest.mark.parametrize("matrix", list(YuvMatrix))
@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("layout", ["planar", "interleaved", "10 bits", "16 bits"])
def test_colours_come_back(matrix: YuvMatrix, full: bool, layout: str) -> None:
    for colour in _COLOURS:
        levels = [min(255, round(level)) for level in _yuv(colour, matrix, full)]
        pixels = yuv_to_bgra(_planes(levels, layout, matrix, full), 12, 8)
        blue, green, red, _ = pixels[4, 6].tolist()
        assert (red, green, blue) == pytest.approx(colour, abs=4)


def _planes(levels: list[int], layout: str, matrix: YuvMatrix, full: bool) -> YuvPlanes:
    luma = np.full((8, 12), levels[0], np.uint8)
    cb, cr = np.full((4, 6), levels[1], np.uint8), np.full((4, 6), levels[2], np.uint8)
    if layout == "planar":
        return YuvPlanes(luma, (cb, cr), 1.0, matrix, full)
    if layout == "interleaved":
        return YuvPlanes(luma, (np.dstack((cb, cr)),), 1.0, matrix, full)
    if layout == "10 bits":
        return YuvPlanes(_deep(luma, 2), (_deep(cb, 2), _deep(cr, 2)), 1 / 4, matrix, full)
    return YuvPlanes(_deep(luma, 8), (np.dstack((_deep(cb, 8), _deep(cr, 8))),), 1 / 256, matrix, full)


def _deep(plane: NDArray[np.uint8], bits: int) -> NDArray[np.uint16]:
    return (plane.astype(np.uint16) << bits).astype(np.uint16)


@pytest.mark.parametrize("matrix", list(_SWSCALE))
def test_a_frame_looks_like_ffmpeg_converts_it(matrix: YuvMatrix) -> None:
    noise = np.random.default_rng(3).integers(0, 255, (9, 16, 3), np.uint8)
    smooth = np.repeat(np.repeat(noise, 40, axis=0), 40, axis=1)
    frame = VideoFrame.from_ndarray(smooth, "rgb24").reformat(
        format="yuv420p", dst_colorspace=_SWSCALE[matrix], dst_color_range=ColorRange.MPEG
    )
    luma, cb, cr = (_array(frame, index) for index in range(3))
    ours = yuv_to_bgra(YuvPlanes(luma, (cb, cr), 1.0, matrix), 640, 360)
    assert np.abs(ours[:, :, 2::-1].astype(int) - smooth).mean() < 4


def _array(frame: VideoFrame, index: int) -> NDArray[np.uint8]:
    plane = frame.planes[index]
    rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
    return np.ascontiguousarray(rows[: plane.height, : plane.width])


def test_shrinking_averages() -> None:
    stripes = np.tile(np.array([16, 235], np.uint8), (400, 400))
    grey = np.full((200, 400), 128, np.uint8)
    small = yuv_to_bgra(YuvPlanes(stripes, (grey, grey)), 150, 75)
    assert small.shape == (75, 150, 4)
    assert small[:, :, :3].min() > 120
    assert small[:, :, :3].max() < 136
    assert (small[:, :, 3] == 255).all()


def test_odd_sizes_and_padded_rows() -> None:
    luma = np.full((37, 64), 235, np.uint8)[:, :51]
    chroma = np.full((19, 32), 128, np.uint8)[:, :26]
    assert (yuv_to_bgra(YuvPlanes(luma, (chroma, chroma)), 51, 37)[:, :, :3] == 255).all()


def test_levels_halve_until_they_are_small() -> None:
    picture = np.full((601, 1001, 3), (10, 20, 30), np.uint8)
    first, *levels = screen_levels(picture)
    assert first is picture
    assert [level.shape for level in levels] == [(301, 501, 4), (151, 251, 4)]
    for level in levels:
        assert (level == (30, 20, 10, 255)).all()
        assert level.flags.c_contiguous


def test_levels_of_a_line_end() -> None:
    assert len(screen_levels(np.zeros((1, 5000, 3), np.uint8))) == 1


@pytest.mark.parametrize(
    ("clockwise", "mirrored", "corner"), [(0, 0, 0), (90, 0, 1), (180, 0, 3), (270, 0, 2), (0, 1, 1)]
)
def test_turning_moves_the_first_corner(clockwise: int, mirrored: bool, corner: int) -> None:
    marked = np.zeros((4, 6, 4), np.uint8)
    marked[0, 0] = 255
    result = turned(marked, clockwise, bool(mirrored))
    corners = [result[0, 0], result[0, -1], result[-1, 0], result[-1, -1]]
    assert [int(value[0]) for value in corners].index(255) == corner
    assert Fraction(*result.shape[:2]) == (Fraction(4, 6) if clockwise % 180 == 0 else Fraction(6, 4))
