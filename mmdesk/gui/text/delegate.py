"""Paints one line of the text panel: time, words with what was found in them, sentiment."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, QSize, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFontMetrics,
    QPainter,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from mmdesk.events import FindingKind
from mmdesk.gui.style.icon_cache import IconCache
from mmdesk.gui.style.theme import colours, digits_font
from mmdesk.gui.style.tokens import Colours, Radius, Space
from mmdesk.gui.text.lines import Line
from mmdesk.gui.text.model import Role
from mmdesk.gui.text.times import clock
from mmdesk.gui.text.valence import BLOCK_WIDTH, paint_valence

_ICONS = {
    FindingKind.CAPTION: "caption",
    FindingKind.TRANSCRIPT: "transcript",
    FindingKind.SENTIMENT: "sentiment",
}
_LINES = 2
_ICON = 16
_BAR = 3
_WIDEST_WORDS = 560


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the parts of a line are painted."""

    time: QRect
    icon: QRect
    text: QRect
    valence: QRect


class LineDelegate(QStyledItemDelegate):
    """All lines have the height of two lines of words, so that 100,000 of them scroll at once.

    Attributes:
        query: Words that are marked wherever they stand.
        timed: Whether times are shown; not for a picture.
        longest: The latest time to be shown, which decides how wide times are.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.query = ""
        self.timed = True
        self.longest = 0.0
        self._icons = IconCache(self)

    def row_height(self, metrics: QFontMetrics) -> int:
        """Height of every line."""
        return _LINES * metrics.lineSpacing() + 2 * Space.SMALL + Space.TIGHT

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """The same for every line."""
        return QSize(240, self.row_height(QFontMetrics(option.font)))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paints the whole row."""
        line = index.data(Role.LINE)
        if not isinstance(line, Line):
            return
        worn = colours()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, option, bool(index.data(Role.CURRENT)), worn)
        places = self._places(option.rect, line)
        self._paint_time(painter, option, places, line, worn)
        self._icons.paint(painter, _ICONS.get(line.kind, "finding"), worn.text_muted, places.icon)
        self._paint_words(painter, option, places.text, line, worn)
        if line.sentiment is not None:
            paint_valence(painter, places.valence, line.sentiment, worn)
        painter.restore()

    def _places(self, row: QRect, line: Line) -> _Places:
        left = row.left() + Space.MEDIUM
        time_width = (56 if self.longest >= 3600 else 44) if self.timed else 0
        top = row.center().y() - _ICON // 2
        icon_left = left + time_width + (Space.SMALL if self.timed else 0)
        text_left = icon_left + _ICON + Space.SMALL
        right = min(row.right() - Space.MEDIUM, text_left + _WIDEST_WORDS + Space.MEDIUM + BLOCK_WIDTH)
        words_right = right - (BLOCK_WIDTH + Space.MEDIUM if line.sentiment is not None else 0)
        return _Places(
            QRect(left, row.top(), time_width, row.height()),
            QRect(icon_left, top, _ICON, _ICON),
            QRect(text_left, row.top(), max(40, words_right - text_left), row.height()),
            QRect(right - BLOCK_WIDTH, row.top(), BLOCK_WIDTH, row.height()),
        )

    def _paint_ground(
        self, painter: QPainter, option: QStyleOptionViewItem, current: bool, worn: Colours
    ) -> None:
        inside = option.rect.adjusted(Space.TIGHT, 1, -Space.TIGHT, -1)
        ground = _ground(option.state, current, worn)
        painter.setPen(Qt.PenStyle.NoPen)
        if ground:
            painter.setBrush(QColor(ground))
            painter.drawRoundedRect(inside, Radius.CONTROL, Radius.CONTROL)
        if current:
            painter.setBrush(QColor(worn.accent))
            painter.drawRoundedRect(
                QRect(inside.left(), inside.top() + 8, _BAR, inside.height() - 16), 1.5, 1.5
            )
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QColor(worn.focus))
            painter.drawRoundedRect(inside.adjusted(0, 0, -1, -1), Radius.CONTROL, Radius.CONTROL)

    def _paint_time(
        self, painter: QPainter, option: QStyleOptionViewItem, places: _Places, line: Line, worn: Colours
    ) -> None:
        if not self.timed:
            return
        painter.setFont(digits_font(option.font))
        painter.setPen(QColor(worn.text_muted))
        painter.drawText(
            places.time, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), clock(line.t0)
        )

    def _paint_words(
        self, painter: QPainter, option: QStyleOptionViewItem, place: QRect, line: Line, worn: Colours
    ) -> None:
        font = option.font
        words = _elided(line.text, QFontMetrics(font), place.width())
        layout = QTextLayout(words, font)
        wrap = QTextOption()
        wrap.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(wrap)
        height = _lay_out(layout, place.width())
        painter.setPen(QColor(worn.text))
        layout.draw(
            painter,
            QPointF(place.left(), place.top() + (place.height() - height) / 2),
            _marks(words, self.query, worn),
        )


def _ground(state: QStyle.StateFlag, current: bool, worn: Colours) -> str:
    """Colour behind a row; empty for none."""
    if state & QStyle.StateFlag.State_Selected:
        return worn.accent_soft
    if state & QStyle.StateFlag.State_MouseOver or current:
        return worn.hover
    return ""


def _elided(text: str, metrics: QFontMetrics, width: int) -> str:
    """The text, shortened to what fits on the lines of a row."""
    flat = " ".join(text.split())
    # Wrapping wastes up to a word per line, so that much less than the lines' widths fits.
    room = _LINES * width - 4 * metrics.averageCharWidth() * (_LINES - 1)
    return metrics.elidedText(flat, Qt.TextElideMode.ElideRight, max(room, width))


def _lay_out(layout: QTextLayout, width: int) -> float:
    """Breaks the text into lines; returns their height."""
    layout.beginLayout()
    height = 0.0
    for _ in range(_LINES):
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(width)
        line.setPosition(QPointF(0, height))
        height += line.height()
    layout.endLayout()
    return height


def _marks(words: str, query: str, worn: Colours) -> list[QTextLayout.FormatRange]:
    """Marks every place where the query stands."""
    wanted, inside = query.casefold(), words.casefold()
    if not wanted or len(inside) != len(words):
        return []
    marks = []
    start = inside.find(wanted)
    while start >= 0:
        mark = QTextLayout.FormatRange()
        mark.start, mark.length = start, len(wanted)
        mark.format = QTextCharFormat()
        mark.format.setBackground(QBrush(QColor(worn.match)))
        marks.append(mark)
        start = inside.find(wanted, start + len(wanted))
    return marks
