"""What a canvas can draw: pixels in one or more sizes, and the moment they belong to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CRISP_PICTURES_FROM = 2.0
CRISP_FRAMES_FROM = 8.0


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """Pixels ready for the screen.

    Attributes:
        width: Columns of the picture itself (the levels may have fewer).
        height: Rows of the picture itself.
        levels: uint8 [h, w, 4] blue, green, red, unused, or [h, w, 3] red, green, blue; C-contiguous,
            the finest first, each of the next about half as large. Nobody writes into them any more.
        t: Presentation time of a video frame, seconds from the start of the container; None for
            a picture.
    """

    width: int
    height: int
    levels: tuple[NDArray[np.uint8], ...]
    t: float | None = None

    def paint(self, painter: QPainter, target: QRectF, visible: QRectF) -> None:
        """Draws the part that is seen.

        Args:
            painter: In device pixels.
            target: Where all of the picture would lie, device pixels.
            visible: The viewport, device pixels.
        """
        seen = target.intersected(visible)
        if seen.isEmpty():
            return
        pixels = self._level_for(target.width())
        rows, columns = pixels.shape[:2]
        across, down = target.width() / columns, target.height() / rows
        left, right = _span(seen.left() - target.left(), seen.right() - target.left(), across, columns)
        top, bottom = _span(seen.top() - target.top(), seen.bottom() - target.top(), down, rows)
        crisp = target.width() / self.width >= (CRISP_PICTURES_FROM if self.t is None else CRISP_FRAMES_FROM)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not crisp)
        place = QRectF(
            target.left() + left * across,
            target.top() + top * down,
            (right - left) * across,
            (bottom - top) * down,
        )
        painter.drawImage(place, _window_on(pixels, left, top, right - left, bottom - top))

    def _level_for(self, width: float) -> NDArray[np.uint8]:
        """The smallest level that need not grow, so that drawing never skips pixels."""
        fitting = [level for level in self.levels if level.shape[1] >= width]
        return fitting[-1] if fitting else self.levels[0]


def _span(start: float, end: float, step: float, count: int) -> tuple[int, int]:
    """First and one past the last of the pixels that touch [start, end], with one more for smoothing."""
    first = max(0, int(start / step) - 1)
    return first, max(first + 1, min(count, int(end / step) + 2))


def _window_on(pixels: NDArray[np.uint8], x: int, y: int, width: int, height: int) -> QImage:
    """A part of the pixels without copying (Qt cannot scale images wider than 32,767 pixels whole)."""
    stride, size = pixels.strides[0], pixels.shape[2]
    memory = pixels.reshape(-1)[y * stride + size * x :]
    layout = QImage.Format.Format_RGB32 if size == 4 else QImage.Format.Format_RGB888
    return QImage(memory.data, width, height, stride, layout)
