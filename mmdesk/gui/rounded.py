"""Rounds the corners of a frame whose inside is painted by others."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QWidget

from mmdesk.gui.style.theme import colours
from mmdesk.gui.style.tokens import Radius


class RoundedCorners(QWidget):
    """Lies over a widget and paints what is outside its round corners, and its border.

    Clipping the inside would leave jagged corners; painting over them keeps them smooth.
    """

    def __init__(self, over: QWidget) -> None:
        """Belongs to `over`."""
        super().__init__(over)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        over.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keeps the size of what it lies over, and stays on top."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.ChildAdded, QEvent.Type.Show):
            over = self.parentWidget()
            if over is not None:
                self.setGeometry(over.rect())
            self.raise_()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the four corners in the colour of the window, and the border."""
        worn = colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inside = QPainterPath()
        inside.addRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), Radius.CARD, Radius.CARD)
        outside = QPainterPath()
        outside.addRect(QRectF(self.rect()))
        painter.fillPath(outside.subtracted(inside), QColor(worn.window))
        painter.setPen(QColor(worn.border))
        painter.drawPath(inside)
        painter.end()
