"""Turns Qt's video frames into drawings, on a worker thread.

`QVideoFrame.toImage` holds the GIL while it converts, which stops the Qt thread for as long; so the
planes are handed to `media.screen`, which shrinks them to what the screen shows and converts that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage
from PySide6.QtMultimedia import QVideoFrame, QVideoFrameFormat

from mmdesk.gui.viewers.drawing import Drawing

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from mmdesk.media.screen import YuvMatrix, YuvPlanes

    Plane = NDArray[np.uint8] | NDArray[np.uint16]

_Format = QVideoFrameFormat.PixelFormat
_LARGEST_SD_HEIGHT = 576


@dataclass(frozen=True, slots=True, eq=False)
class ToDraw:
    """A frame on its way to the screen.

    Attributes:
        frame: As the sink got it.
        t: Its start, seconds from the start of the container.
        width: Device pixels that it will cover.
        height: Device pixels that it will cover.
    """

    frame: QVideoFrame
    t: float
    width: int
    height: int


def _turn(frame: QVideoFrame) -> int:
    """Degrees clockwise that make it stand upright: of the stream, and of this frame."""
    return (frame.surfaceFormat().rotation().value + frame.rotation().value) % 360


def upright_size(frame: QVideoFrame) -> tuple[int, int]:
    """Width and height as shown."""
    size = frame.size()
    across, down = size.width(), size.height()
    return (down, across) if _turn(frame) % 180 else (across, down)


def draw(request: ToDraw) -> Drawing:
    """Converts a frame; worker thread. Never larger than the frame itself."""
    from mmdesk.media.screen import turned, yuv_to_bgra

    frame = request.frame
    full = upright_size(frame)
    wanted = (request.width, request.height)
    width, height = wanted if wanted[0] < full[0] and wanted[1] < full[1] else full
    turn = _turn(frame)
    across, down = (height, width) if turn % 180 else (width, height)
    if frame.pixelFormat() in _LAYOUTS and frame.map(QVideoFrame.MapMode.ReadOnly):
        try:
            pixels = yuv_to_bgra(_LAYOUTS[frame.pixelFormat()](frame), max(1, across), max(1, down))
        finally:
            frame.unmap()
        return Drawing(
            *full, (turned(pixels, turn, frame.surfaceFormat().isMirrored() != frame.mirrored()),), request.t
        )
    return Drawing(*full, (_pixels(frame.toImage(), full),), request.t)  # toImage turns it by itself


def _pixels(image: QImage, size: tuple[int, int]) -> NDArray[np.uint8]:
    """The rarer formats (RGB from screen recorders, 4:4:4, JPEG), converted by Qt; black if it cannot."""
    import numpy as np

    if image.isNull():
        return np.zeros((size[1], size[0], 4), np.uint8)
    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.bytesPerLine())
    # A copy: the memory goes with the QImage.
    return rows[:, : 4 * plain.width()].reshape(plain.height(), plain.width(), 4).copy()


def _plane(
    frame: QVideoFrame, index: int, width: int, height: int, deep: bool = False, channels: int = 1
) -> Plane:
    """A view on the memory of one plane of a mapped frame."""
    import numpy as np

    bits = frame.bits(index)
    memory: Plane = np.frombuffer(bits, np.uint16) if deep else np.frombuffer(bits, np.uint8)
    stride = frame.bytesPerLine(index) // memory.itemsize
    rows: Plane = memory[: stride * height].reshape(height, stride)[:, : width * channels]
    return rows if channels == 1 else rows.reshape(height, width, channels)


def _planar(down: int, first: int = 1, gain: float = 1.0) -> Callable[[QVideoFrame], YuvPlanes]:
    def read(frame: QVideoFrame) -> YuvPlanes:
        from mmdesk.media.screen import YuvPlanes

        width, height, deep = frame.width(), frame.height(), gain != 1.0
        chroma = tuple(
            _plane(frame, index, (width + 1) // 2, (height + down - 1) // down, deep)
            for index in (first, 3 - first)
        )
        return YuvPlanes(_plane(frame, 0, width, height, deep), chroma, gain, _matrix(frame), _full(frame))

    return read


def _interleaved(gain: float = 1.0, swapped: bool = False) -> Callable[[QVideoFrame], YuvPlanes]:
    def read(frame: QVideoFrame) -> YuvPlanes:
        from mmdesk.media.screen import YuvPlanes

        width, height, deep = frame.width(), frame.height(), gain != 1.0
        both = _plane(frame, 1, (width + 1) // 2, (height + 1) // 2, deep, channels=2)
        chroma = (both[..., 1], both[..., 0]) if swapped else (both,)
        return YuvPlanes(_plane(frame, 0, width, height, deep), chroma, gain, _matrix(frame), _full(frame))

    return read


_LAYOUTS: dict[_Format, Callable[[QVideoFrame], YuvPlanes]] = {
    _Format.Format_YUV420P: _planar(2),
    _Format.Format_YV12: _planar(2, first=2),
    _Format.Format_YUV422P: _planar(1),
    _Format.Format_YUV420P10: _planar(2, gain=1 / 4),
    _Format.Format_NV12: _interleaved(),
    _Format.Format_NV21: _interleaved(swapped=True),
    _Format.Format_P010: _interleaved(gain=1 / 256),
    _Format.Format_P016: _interleaved(gain=1 / 256),
}


def _matrix(frame: QVideoFrame) -> YuvMatrix:
    """As tagged; untagged BT.601 up to 576 rows, else BT.709, which is what Qt and FFmpeg take it for."""
    from mmdesk.media.screen import YuvMatrix

    space = QVideoFrameFormat.ColorSpace
    tagged = {
        space.ColorSpace_BT601: YuvMatrix.BT601,
        space.ColorSpace_BT709: YuvMatrix.BT709,
        space.ColorSpace_BT2020: YuvMatrix.BT2020,
    }
    untagged = YuvMatrix.BT601 if frame.height() <= _LARGEST_SD_HEIGHT else YuvMatrix.BT709
    return tagged.get(frame.surfaceFormat().colorSpace(), untagged)


def _full(frame: QVideoFrame) -> bool:
    return frame.surfaceFormat().colorRange() is QVideoFrameFormat.ColorRange.ColorRange_Full
