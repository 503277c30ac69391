"""Drawings in several colours of the theme: SVG files whose `$names` are fields of `Colours`."""

from __future__ import annotations

from string import Template

from PySide6.QtCore import QByteArray, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QWidget

from mmdesk.config.paths import resources_dir
from mmdesk.gui.style.theme import colours, follow_theme


class Illustration(QWidget):
    """A drawing of a fixed size. Decoration only: screen readers pass over it."""

    def __init__(self, name: str, size: QSize, parent: QWidget | None = None) -> None:
        """Shows `resources/illustrations/<name>.svg`."""
        super().__init__(parent)
        self._template = (resources_dir() / "illustrations" / f"{name}.svg").read_text(encoding="utf-8")
        self._drawing = QSvgRenderer(self)
        self.setFixedSize(size)
        follow_theme(self._recolour)

    def _recolour(self) -> None:
        drawing = Template(self._template).substitute(colours().by_name())
        self._drawing.load(QByteArray(drawing.encode()))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints it."""
        painter = QPainter(self)
        self._drawing.render(painter, self.rect().toRectF())
        painter.end()
