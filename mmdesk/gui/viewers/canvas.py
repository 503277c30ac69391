"""The surface on which pictures and video frames are shown: zoom, pan, overlays, a word when empty."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QGestureEvent, QPinchGesture, QWidget

from mmdesk.gui.style.theme import colours, follow_theme
from mmdesk.gui.viewers.drawing import Drawing
from mmdesk.gui.viewers.focus_ring import FocusRing
from mmdesk.gui.viewers.overlays import Overlay, paint_overlays
from mmdesk.gui.viewers.view import View

WHEEL_STEP = 1.2
KEY_STEP = 1.25
_WHEEL_NOTCH = 120.0


class Canvas(QWidget):
    """Shows one `Drawing` at a time.

    Only blits: what it is given is ready for the screen. Qt thread only.

    Signals:
        clicked: Pressed and released without dragging.
        view_changed: Zoomed, panned or resized.
    """

    clicked = Signal()
    view_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(160, 120)
        self.grabGesture(Qt.GestureType.PinchGesture)
        self._drawing: Drawing | None = None
        self._overlays: tuple[Overlay, ...] = ()
        self._view = View()
        self._message = ""
        self._grabbed: QPointF | None = None
        self._dragged = False
        self._ring = FocusRing(self)
        follow_theme(self.update)

    @property
    def drawing(self) -> Drawing | None:
        """What is shown."""
        return self._drawing

    @property
    def view(self) -> View:
        """Where it lies."""
        return self._view

    def show_drawing(self, drawing: Drawing | None, message: str = "") -> None:
        """Shows a picture or frame; a new size is fitted, the same size keeps the view.

        Args:
            drawing: None shows nothing but the message.
            message: A few words in the middle when there is no drawing.
        """
        self._drawing, self._message = drawing, message
        if drawing is not None:
            self._view = self._view.of(drawing.width, drawing.height)
        self.update()

    def set_overlays(self, overlays: Sequence[Overlay]) -> None:
        """Boxes over the picture; each shows with its own moments only."""
        self._overlays = tuple(overlays)
        self.update()

    def fit(self) -> None:
        """Shows all of the picture."""
        self._show_view(self._view.fit())

    def one_to_one(self) -> None:
        """Shows every picture pixel as one screen pixel, around the middle."""
        self._show_view(self._view.scaled(1.0, *self._middle()))

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Zooms at a point of the widget (the middle by default)."""
        x, y = self._device(at) if at is not None else self._middle()
        self._show_view(self._view.zoomed(factor, x, y))

    def pan(self, dx: float, dy: float) -> None:
        """Moves the picture by device-independent pixels."""
        ratio = self.devicePixelRatioF()
        self._show_view(self._view.panned(dx * ratio, dy * ratio))

    def _show_view(self, view: View) -> None:
        if view != self._view:
            self._view = view
            self.update()
            self.view_changed.emit()
        self._show_cursor()

    def _middle(self) -> tuple[float, float]:
        return self._view.port_width / 2, self._view.port_height / 2

    def _device(self, point: QPointF) -> tuple[float, float]:
        ratio = self.devicePixelRatioF()
        return point.x() * ratio, point.y() * ratio

    def _can_pan(self) -> bool:
        view = self._view
        return (
            view.width * view.scale > view.port_width + 1 or view.height * view.scale > view.port_height + 1
        )

    def _show_cursor(self) -> None:
        if self._drawing is None or not self._can_pan():
            self.unsetCursor()
        elif self._grabbed is not None:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        else:
            self.setCursor(Qt.CursorShape.OpenHandCursor)

    def sizeHint(self) -> QSize:
        """A common video size; Qt's hook."""
        return QSize(640, 360)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Background, pixels, overlays, focus ring; Qt's hook."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colours().stage))
        if self._drawing is None:
            self._paint_message(painter)
        else:
            self._paint_drawing(painter, self._drawing)
        self._ring.paint(painter)
        painter.end()

    def _paint_drawing(self, painter: QPainter, drawing: Drawing) -> None:
        ratio, view = self.devicePixelRatioF(), self._view
        painter.save()
        painter.scale(1 / ratio, 1 / ratio)
        target = QRectF(view.x, view.y, view.width * view.scale, view.height * view.scale)
        drawing.paint(painter, target, QRectF(0, 0, view.port_width, view.port_height))
        paint_overlays(painter, self._overlays, drawing.t, target, ratio)
        painter.restore()

    def _paint_message(self, painter: QPainter) -> None:
        painter.setPen(QColor(colours().on_stage_muted))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._message)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keeps what is in the middle; Qt's hook."""
        self._measure_port()

    def _measure_port(self) -> None:
        ratio = self.devicePixelRatioF()
        self._show_view(self._view.in_port(self.width() * ratio, self.height() * ratio))

    def event(self, event: QEvent) -> bool:
        """Pinch gestures and screens of another density; Qt's hook."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._measure_port()
        elif isinstance(event, QNativeGestureEvent):
            if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
                self.zoom(1.0 + event.value(), event.position())
                return True
        elif isinstance(event, QGestureEvent):
            return self._pinch(event)
        return super().event(event)

    def _pinch(self, event: QGestureEvent) -> bool:
        pinch = event.gesture(Qt.GestureType.PinchGesture)
        if not isinstance(pinch, QPinchGesture):
            return False
        middle = self.mapFromGlobal(pinch.centerPoint().toPoint())
        self.zoom(pinch.scaleFactor(), QPointF(middle))
        event.accept(pinch)
        return True

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zooms at the pointer; Qt's hook."""
        if self._drawing is not None:
            notches = event.angleDelta().y() / _WHEEL_NOTCH
            self.zoom(WHEEL_STEP**notches, event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Takes hold of the picture; Qt's hook."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._grabbed, self._dragged = event.position(), False
            self._show_cursor()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drags the picture; Qt's hook."""
        if self._grabbed is None:
            return
        moved = event.position() - self._grabbed
        if not self._dragged and moved.manhattanLength() < QApplication.startDragDistance():
            return
        self._dragged = True
        self._grabbed = event.position()
        self.pan(moved.x(), moved.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Lets go, or was a click; Qt's hook."""
        if event.button() != Qt.MouseButton.LeftButton or self._grabbed is None:
            return
        self._grabbed = None
        self._show_cursor()
        if not self._dragged:
            self.clicked.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Fits, or goes to 1:1 at the pointer when it is fitted; Qt's hook."""
        if self._view.fitted and self._view.scale < 1.0:
            self._show_view(self._view.scaled(1.0, *self._device(event.position())))
        else:
            self.fit()
