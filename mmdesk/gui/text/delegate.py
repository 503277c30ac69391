"""Paints one line of the text panel: time, words with what was found in them, sentiment."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, QSize, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontMetrics,
    QPainter,
    QTextCharFormat,
    QTextLayout,
)
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from mmdesk.events import Finding, FindingKind
from mmdesk.gui.style.icon_cache import IconCache
from mmdesk.gui.style.theme import colours, digits_font
from mmdesk.gui.style.tokens import Colours, Radius, Space, TypeSize
from mmdesk.gui.text.laid_out import Layouts
from mmdesk.gui.text.lines import Line
from mmdesk.gui.text.model import Role
from mmdesk.gui.text.times import clock
from mmdesk.gui.text.valence import BLOCK_WIDTH, NARROW_BLOCK_WIDTH, paint_valence
from mmdesk.gui.text.words import doubt

_ICONS = {
    FindingKind.CAPTION: "caption",
    FindingKind.TRANSCRIPT: "transcript",
    FindingKind.SENTIMENT: "sentiment",
    FindingKind.TAGS: "tags",
}
_LINES = 2
_MOST_LINES = 12
_PADDING = 2 * Space.SMALL + Space.TIGHT
_NARROW = 400
_ICON = 16
_BAR = 3
_WIDEST_WORDS = 560


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the parts of a line are painted."""

    time: QRect
    icon: QRect
    text: QRect
    side: QRect


class LineDelegate(QStyledItemDelegate):
    """Paints lines.

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
        self._layouts = Layouts()

    def usual_height(self, metrics: QFontMetrics) -> int:
        """Height of a row whose words fit on two lines, as most do."""
        return _LINES * metrics.lineSpacing() + _PADDING

    def height_for(self, line: Line, font: QFont, width: int) -> int:
        """Height of a row in which all words of a line can be read (up to twelve lines of them)."""
        place = self._places(QRect(0, 0, width, 1), line).text
        words = self._layouts.of(line.text, font, place.width(), _MOST_LINES)
        metrics = QFontMetrics(font)
        needed = words.lineCount() * metrics.lineSpacing() + _PADDING
        return max(self.usual_height(metrics), needed)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """The usual size; the view makes rows taller that need it when they are seen."""
        return QSize(240, self.usual_height(QFontMetrics(option.font)))

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
            paint_valence(painter, places.side, line.sentiment, worn)
        elif line.unsure is not None:
            _paint_doubt(painter, places.side, line.unsure, worn)
        painter.restore()

    def words_place(self, row: QRect, line: Line) -> QRect:
        """Where the words of a line are painted in its row."""
        return self._places(row, line).text

    def _places(self, row: QRect, line: Line) -> _Places:
        left = row.left() + Space.MEDIUM
        time_width = (56 if self.longest >= 3600 else 44) if self.timed else 0
        top = row.center().y() - _ICON // 2
        icon_left = left + time_width + (Space.SMALL if self.timed else 0)
        text_left = icon_left + _ICON + Space.SMALL
        block = BLOCK_WIDTH if row.width() >= _NARROW else NARROW_BLOCK_WIDTH
        right = min(row.right() - Space.MEDIUM, text_left + _WIDEST_WORDS + Space.MEDIUM + block)
        sided = line.sentiment is not None or line.unsure is not None
        words_right = right - (block + Space.MEDIUM if sided else 0)
        return _Places(
            QRect(left, row.top(), time_width, row.height()),
            QRect(icon_left, top, _ICON, _ICON),
            QRect(text_left, row.top(), max(40, words_right - text_left), row.height()),
            QRect(right - block, row.top(), block, row.height()),
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
        spacing = QFontMetrics(option.font).lineSpacing()
        most = max(_LINES, (place.height() - _PADDING) // spacing)
        words = self._layouts.of(line.text, option.font, place.width(), _MOST_LINES)
        if words.lineCount() > most:
            words = self._layouts.of(line.text, option.font, place.width(), most)
        painter.setPen(QColor(worn.text if line.unsure is None else worn.text_muted))
        top = place.top() + (place.height() - words.boundingRect().height()) / 2
        words.draw(painter, QPointF(place.left(), top), _marks(words.text(), self.query, worn))


def _paint_doubt(painter: QPainter, place: QRect, caption: Finding, worn: Colours) -> None:
    painter.setFont(digits_font(painter.font(), TypeSize.CAPTION))
    painter.setPen(QColor(worn.text_muted))
    words = QFontMetrics(painter.font()).elidedText(
        doubt(caption), Qt.TextElideMode.ElideRight, place.width()
    )
    painter.drawText(place, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), words)


def _ground(state: QStyle.StateFlag, current: bool, worn: Colours) -> str:
    """Colour behind a row; empty for none."""
    if state & QStyle.StateFlag.State_Selected:
        return worn.accent_soft
    if state & QStyle.StateFlag.State_MouseOver or current:
        return worn.hover
    return ""


def _marks(words: str, query: str, worn: Colours) -> list[QTextLayout.FormatRange]:
    """Marks every place where the query stands."""
    wanted, inside = query.casefold(), words.casefold()
    if not wanted or len(inside) != len(words):
        return []
    marks = []
    start = inside.find(wanted)
    while start >= 0:
        mark = QTextLayout.FormatRange()
        # Qt counts UTF-16 units, Python characters.
        mark.start, mark.length = _units(words[:start]), _units(words[start : start + len(wanted)])
        mark.format = QTextCharFormat()
        mark.format.setBackground(QBrush(QColor(worn.match)))
        marks.append(mark)
        start = inside.find(wanted, start + len(wanted))
    return marks


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
