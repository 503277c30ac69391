"""Boxes with labels over a picture or a video frame."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from mmdesk.gui.style.tokens import DARK, Radius, Space, TypeSize

_SAME_FRAME = 0.0005


@dataclass(frozen=True, slots=True)
class Overlay:
    """A box that is shown with the moments it was found in, and never with others.

    Attributes:
        box: x, y, width, height in fractions [0, 1] of the picture.
        label: A few words; may be empty.
        role: Field of `Colours` to draw it in ("accent", "positive", ...).
        t0: First moment, seconds; every moment (and pictures) by default.
        t1: Last moment, inclusive.
    """

    box: tuple[float, float, float, float]
    label: str = ""
    role: str = "accent"
    t0: float = -math.inf
    t1: float = math.inf

    def at(self, t: float | None) -> bool:
        """Whether it belongs to the frame that starts at `t` (to any when it is a picture)."""
        return t is None or self.t0 - _SAME_FRAME <= t <= self.t1 + _SAME_FRAME


def paint_overlays(
    painter: QPainter, overlays: Sequence[Overlay], t: float | None, target: QRectF, ratio: float
) -> None:
    """Draws the boxes of a moment.

    Args:
        painter: In device pixels.
        overlays: All of them.
        t: Start of the frame that is shown; None for a picture.
        target: Where all of the picture lies, device pixels.
        ratio: Device pixels per device-independent pixel.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    font = painter.font()
    font.setPixelSize(round(TypeSize.CAPTION * ratio))
    painter.setFont(font)
    for overlay in overlays:
        if overlay.at(t):
            _paint(painter, overlay, target, ratio)
    painter.restore()


def _paint(painter: QPainter, overlay: Overlay, target: QRectF, ratio: float) -> None:
    x, y, width, height = overlay.box
    place = QRectF(
        target.left() + x * target.width(),
        target.top() + y * target.height(),
        width * target.width(),
        height * target.height(),
    )
    colour = QColor(DARK.by_name()[overlay.role])  # the stage is dark in both themes
    radius = Radius.CHIP * ratio
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen in (QPen(QColor(0, 0, 0, 140), 4 * ratio), QPen(colour, 2 * ratio)):
        painter.setPen(pen)
        painter.drawRoundedRect(place, radius, radius)
    if overlay.label:
        _paint_label(painter, overlay.label, place, colour, ratio)


def _paint_label(painter: QPainter, label: str, box: QRectF, colour: QColor, ratio: float) -> None:
    metrics = QFontMetricsF(painter.font())
    height = metrics.height() + 2 * Space.HAIR * ratio
    width = metrics.horizontalAdvance(label) + 2 * Space.SMALL * ratio
    top = box.top() - height - Space.HAIR * ratio
    plate = QRectF(box.left(), top if top >= 0 else box.bottom() + Space.HAIR * ratio, width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(plate, Radius.CHIP * ratio, Radius.CHIP * ratio)
    painter.setPen(QColor(DARK.on_accent))
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, label)
