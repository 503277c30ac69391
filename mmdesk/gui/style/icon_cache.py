"""Icons for painters: drawn once per colour and screen scale, forgotten when the theme changes."""

from __future__ import annotations

from PySide6.QtCore import QObject, QRect
from PySide6.QtGui import QPainter, QPixmap

from mmdesk.gui.style.icons import pixmap
from mmdesk.gui.style.theme import follow_theme


class IconCache(QObject):
    """Belongs to a delegate or widget that paints icons. Qt thread only."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._drawn: dict[tuple[str, str, int, float], QPixmap] = {}
        follow_theme(self._forget)

    def _forget(self) -> None:
        self._drawn.clear()

    def paint(self, painter: QPainter, name: str, colour: str, place: QRect) -> None:
        """Paints an icon into a square.

        Args:
            painter: In device-independent pixels.
            name: Of the icon.
            colour: `#rrggbb`.
            place: The square.
        """
        scale = painter.device().devicePixelRatioF()
        key = (name, colour, place.width(), scale)
        if key not in self._drawn:
            self._drawn[key] = pixmap(name, colour, place.width(), scale)
        painter.drawPixmap(place.topLeft(), self._drawn[key])
