"""What lies over the window while files are held above it."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from mmdesk.gui.language import tr
from mmdesk.gui.style.icon_cache import IconCache
from mmdesk.gui.style.theme import colours
from mmdesk.gui.style.tokens import IconSize, Radius, Space, TypeSize


class Highlight(QWidget):
    """Says that files may be let go here. Qt thread only."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._icons = IconCache(self)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A veil, a dashed frame and what will happen."""
        worn = colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = QColor(worn.window)
        veil.setAlphaF(0.6)
        painter.fillRect(self.rect(), veil)
        ground = QColor(worn.accent_soft)
        ground.setAlphaF(0.92)
        inside = self.rect().adjusted(Space.MEDIUM, Space.MEDIUM, -Space.MEDIUM, -Space.MEDIUM)
        painter.setPen(QPen(QColor(worn.accent), 2, Qt.PenStyle.DashLine))
        painter.setBrush(ground)
        painter.drawRoundedRect(inside, Radius.CARD, Radius.CARD)
        edge = int(IconSize.LARGE)
        middle = inside.center()
        self._icons.paint(
            painter, "save", worn.accent, QRect(middle.x() - edge // 2, middle.y() - edge, edge, edge)
        )
        font = painter.font()
        font.setPixelSize(TypeSize.TITLE)
        font.setWeight(font.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(QColor(worn.text))
        words = QRect(inside.left(), middle.y() + Space.SMALL, inside.width(), 32)
        painter.drawText(words, int(Qt.AlignmentFlag.AlignCenter), tr("Drop to open"))
        painter.end()
