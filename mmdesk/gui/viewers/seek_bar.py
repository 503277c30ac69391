"""The time bar: click or drag anywhere, marks of what was found, the time under the pointer."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QSlider, QWidget

from mmdesk.gui.language import follow_language, tr
from mmdesk.gui.style.theme import colours, follow_theme
from mmdesk.gui.viewers.marks import Mark, MarkStrip

_MARGIN = 8
_HEIGHT = 32
_TRACK = 4.0
_TRACK_HOVERED = 6.0
_KNOB = 6.0


class SeekBar(QSlider):
    """A slider over time; its value is milliseconds (what screen readers speak is the time).

    Signals:
        sought: The person wants to be at this second.
        pointed: The second under the pointer, and the pointer's column; -1 when it left.
    """

    sought = Signal(float)
    pointed = Signal(float, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setRange(0, 0)
        self._strip = MarkStrip()
        self._held = self._hovered = False
        follow_theme(self.update)
        follow_language(self.retranslate)

    def set_duration(self, seconds: float) -> None:
        """The time that the bar stands for."""
        self.setRange(0, round(seconds * 1000))

    def set_position(self, seconds: float) -> None:
        """Where playback is; ignored while the person drags."""
        if not self._held:
            self.setValue(round(seconds * 1000))

    def set_marks(self, marks: Sequence[Mark]) -> None:
        """What was found."""
        self._strip.set_marks(marks)
        self.update()

    def retranslate(self) -> None:
        """Sets all texts."""
        self.setAccessibleName(tr("Position in time"))

    def sizeHint(self) -> QSize:
        """Qt's hook."""
        return QSize(240, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Qt's hook."""
        return QSize(80, _HEIGHT)

    def _line(self) -> QRectF:
        return QRectF(_MARGIN, self.height() / 2, max(1, self.width() - 2 * _MARGIN), 0)

    def _seconds_at(self, x: float) -> float:
        line = self._line()
        share = min(1.0, max(0.0, (x - line.left()) / line.width()))
        return share * self.maximum() / 1000

    def paintEvent(self, event: QPaintEvent) -> None:
        """Track, played part, marks, knob, focus ring; Qt's hook."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        worn, line = colours(), self._line()
        share = self.value() / self.maximum() if self.maximum() else 0.0
        lively = self._hovered or self._held
        thick = _TRACK_HOVERED if lively else _TRACK
        track = QRectF(line.left(), line.top() - thick / 2, line.width(), thick)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(worn.border_strong if lively else worn.border))
        painter.drawRoundedRect(track, thick / 2, thick / 2)
        painter.setBrush(QColor(worn.accent))
        played = QRectF(track.topLeft(), QPointF(line.left() + share * line.width(), track.bottom()))
        painter.drawRoundedRect(played, thick / 2, thick / 2)
        self._paint_marks(painter, line)
        if self.maximum():
            self._paint_knob(painter, QPointF(played.right(), line.top()), lively)
        painter.end()

    def _paint_marks(self, painter: QPainter, line: QRectF) -> None:
        strip = self._strip.pixmap(self.size(), self.devicePixelRatioF(), self.maximum() / 1000, line)
        painter.drawPixmap(QPointF(0, 0), strip)

    def _paint_knob(self, painter: QPainter, middle: QPointF, lively: bool) -> None:
        worn = colours()
        radius = _KNOB + 1 if lively else _KNOB
        painter.setBrush(QColor(worn.accent_hover if lively else worn.accent))
        painter.setPen(QPen(QColor(worn.surface), 2))
        painter.drawEllipse(middle, radius + 1, radius + 1)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(worn.focus), 2))
            painter.drawEllipse(middle, radius + 4, radius + 4)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Goes to where it was pressed; Qt's hook."""
        if event.button() == Qt.MouseButton.LeftButton and self.maximum():
            self._held = True
            self._seek_to(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drags, or tells the time under the pointer; Qt's hook."""
        x = event.position().x()
        if self._held:
            self._seek_to(x)
        if self.maximum():
            self.pointed.emit(self._seconds_at(x), round(x))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Lets go; Qt's hook."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._held = False
            self.update()

    def _seek_to(self, x: float) -> None:
        seconds = self._seconds_at(x)
        self.setValue(round(seconds * 1000))
        self.sought.emit(seconds)
        self.update()

    def event(self, event: QEvent) -> bool:
        """Follows the pointer in and out; Qt's hook."""
        if event.type() in (QEvent.Type.Enter, QEvent.Type.Leave):
            self._hovered = event.type() is QEvent.Type.Enter
            if not self._hovered:
                self.pointed.emit(-1.0, 0)
            self.update()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left to the viewer's shortcuts; Qt's hook."""
        event.ignore()
