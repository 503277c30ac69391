"""Marks on a time bar: instants with a caption above the line, sentiment as colour below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from mmdesk.gui.style.theme import colours


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that was found at a time.

    Attributes:
        t0: Start, seconds from the start of the container.
        t1: End; equals `t0` for an instant.
        value: Valence in [-1, 1] for a sentiment; None for a caption or another instant.
    """

    t0: float
    t1: float
    value: float | None = None


def valence_colour(value: float) -> QColor:
    """The colour of a valence in [-1, 1], through neutral in the middle."""
    worn = colours()
    share = min(1.0, abs(value))
    end = QColor(worn.positive if value > 0 else worn.negative)
    middle = QColor(worn.neutral)
    return QColor.fromRgbF(
        middle.redF() + (end.redF() - middle.redF()) * share,
        middle.greenF() + (end.greenF() - middle.greenF()) * share,
        middle.blueF() + (end.blueF() - middle.blueF()) * share,
    )


class MarkStrip:
    """Marks painted once into a pixmap; marks that are added are painted onto it."""

    def __init__(self) -> None:
        self._marks: tuple[Mark, ...] = ()
        self._painted = 0
        self._pixmap = QPixmap()
        self._key: tuple[QSize, float, float, str] | None = None

    def set_marks(self, marks: Sequence[Mark]) -> None:
        """All marks; cheap when the earlier ones are the first of them."""
        if tuple(marks[: len(self._marks)]) != self._marks:
            self._key = None
        self._marks = tuple(marks)

    def pixmap(self, size: QSize, ratio: float, duration: float, line: QRectF) -> QPixmap:
        """The strip.

        Args:
            size: Device-independent pixels.
            ratio: Device pixels per device-independent pixel.
            duration: Seconds that the line stands for.
            line: Where the time line is; instants stand above it and spans below.
        """
        key = (size, ratio, duration, colours().window)
        if key != self._key:
            self._key, self._painted = key, 0
            self._pixmap = QPixmap(size * ratio)
            self._pixmap.setDevicePixelRatio(ratio)
            self._pixmap.fill(Qt.GlobalColor.transparent)
        if self._painted < len(self._marks) and duration > 0:
            self._paint(line.width() / duration, line)
        return self._pixmap

    def _paint(self, scale: float, line: QRectF) -> None:
        painter = QPainter(self._pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.translate(line.topLeft())
        painter.setBrush(QColor(colours().text_muted))
        instants, spans = _columns(self._marks[self._painted :], scale)
        for column in instants:
            painter.drawEllipse(QPointF(column, -8), 1.75, 1.75)
        for (left, width), value in spans.items():
            painter.setBrush(valence_colour(value))
            painter.drawRoundedRect(QRectF(left, 6, width, 3), 1.5, 1.5)
        painter.end()
        self._painted = len(self._marks)


def _columns(marks: Sequence[Mark], scale: float) -> tuple[set[int], dict[tuple[int, int], float]]:
    """What is to be painted once however many marks fall together: pixels of instants, and of spans."""
    instants: set[int] = set()
    spans: dict[tuple[int, int], float] = {}
    for mark in marks:
        left = int(mark.t0 * scale)
        if mark.value is None:
            instants.add(left)
        else:
            spans[left, max(2, int(mark.t1 * scale) - left - 1)] = mark.value
    return instants, spans
