"""Every layout of a video frame becomes the right colours in the right places."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from PySide6.QtMultimedia import QtVideo, QVideoFrame, QVideoFrameFormat

from mmdesk.gui.viewers.sink_frames import ToDraw, draw, upright_size

Plane = NDArray[np.uint8] | NDArray[np.uint16]
FORMAT = QVideoFrameFormat.PixelFormat
RED, BLUE = (81, 90, 240), (41, 240, 110)  # Y, Cb, Cr of BT.601, limited range
SIZE = QSize(104, 58)


def _filled(pixel_format: FORMAT) -> QVideoFrame:
    """Red in the left half, blue in the right."""
    frame = QVideoFrame(QVideoFrameFormat(SIZE, pixel_format))
    assert frame.map(QVideoFrame.MapMode.WriteOnly)
    name = pixel_format.name.removeprefix("Format_")
    deep = {"P010": 256, "P016": 256, "YUV420P10": 4}.get(name, 0)
    for index in range(frame.planeCount()):
        bits = frame.bits(index)
        memory: Plane = np.frombuffer(bits, np.uint16) if deep else np.frombuffer(bits, np.uint8)
        stride = frame.bytesPerLine(index) // memory.itemsize
        rows = memory[: memory.size // stride * stride].reshape(-1, stride)
        _fill(rows, _levels(name, index), deep or 1)
    frame.unmap()
    return frame


def _levels(name: str, index: int) -> tuple[int, ...]:
    """Which of Y, Cb, Cr are in a plane, in order."""
    if index == 0:
        return (0,)
    if name in ("NV12", "P010", "P016"):
        return (1, 2)
    if name == "NV21":
        return (2, 1)
    return (3 - index,) if name == "YV12" else (index,)


def _fill(rows: Plane, levels: tuple[int, ...], gain: int) -> None:
    width = SIZE.width() if levels == (0,) else SIZE.width() // 2 * len(levels)
    for at, level in enumerate(levels):
        step = len(levels)
        rows[:, at : width // 2 : step] = RED[level] * gain
        rows[:, width // 2 + at : width : step] = BLUE[level] * gain


@pytest.mark.parametrize("name", ["YUV420P", "YV12", "YUV422P", "YUV420P10", "NV12", "NV21", "P010", "P016"])
@pytest.mark.parametrize("shown", [(104, 58), (50, 30), (400, 300)])
def test_layouts(name: str, shown: tuple[int, int]) -> None:
    drawing = draw(ToDraw(_filled(getattr(FORMAT, f"Format_{name}")), 1.5, *shown))
    pixels = drawing.levels[0]
    assert (drawing.width, drawing.height, drawing.t) == (104, 58, 1.5)
    assert pixels.shape == (*reversed(min(shown, (104, 58))), 4)
    third = pixels.shape[1] // 3
    assert np.abs(pixels[:, :third, :3].astype(int) - (0, 0, 254)).max() < 4
    assert np.abs(pixels[:, -third:, :3].astype(int) - (255, 0, 0)).max() < 4


def test_a_turned_frame_stands_upright() -> None:
    frame = _filled(FORMAT.Format_NV12)
    frame.setRotation(QtVideo.Rotation.Clockwise90)
    assert upright_size(frame) == (58, 104)
    pixels = draw(ToDraw(frame, 0.0, 1000, 1000)).levels[0]
    assert pixels.shape == (104, 58, 4)
    assert pixels[5, 30, 2] > 250, "the left half is on top now"
    assert pixels[-5, 30, 0] > 250


def test_other_layouts_are_converted_by_qt() -> None:
    image = QImage(60, 40, QImage.Format.Format_RGB32)
    image.fill(0xFF204060)
    pixels = draw(ToDraw(QVideoFrame(image), 0.0, 30, 20)).levels[0]
    assert pixels.shape == (40, 60, 4)
    assert (pixels[:, :, :3] == (0x60, 0x40, 0x20)).all()
