"""The ring around a large surface that the keyboard acts on; clicking it needs no ring."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QFocusEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from mmdesk.gui.style.theme import colours

_BY_KEY = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)


class FocusRing(QObject):
    """Knows whether its widget got the focus by the keyboard."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget
        self._wanted = False
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follows the focus; Qt's hook."""
        if isinstance(event, QFocusEvent):
            self._wanted = event.gotFocus() and event.reason() in _BY_KEY
        return False

    def paint(self, painter: QPainter) -> None:
        """Draws the ring when it is wanted; device-independent pixels."""
        if self._wanted:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(colours().focus), 2))
            painter.drawRect(QRectF(self._widget.rect()).adjusted(1, 1, -1, -1))
