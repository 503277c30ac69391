"""Paints a valence as a bar from the middle (0) to the left (-1) or right (+1), with its word.

The word and the side say the same as the colour, so nobody needs to tell the colours apart.
"""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from mmdesk.events import Finding
from mmdesk.gui.style.theme import digits_font
from mmdesk.gui.style.tokens import Colours, TypeSize
from mmdesk.gui.text.lines import label
from mmdesk.gui.text.words import sentiment_name, valence

BLOCK_WIDTH = 104
NARROW_BLOCK_WIDTH = 56
_TRACK = 6


def colour_of(sentiment: Finding, worn: Colours) -> QColor:
    """The colour of its class."""
    return QColor(
        {"negative": worn.negative, "neutral": worn.neutral, "positive": worn.positive}[label(sentiment)]
    )


def paint_valence(painter: QPainter, place: QRect, sentiment: Finding, worn: Colours) -> None:
    """Paints word and number (the number alone where it is narrow) above the bar."""
    colour = colour_of(sentiment, worn)
    font = digits_font(painter.font(), TypeSize.CAPTION)
    painter.setFont(font)
    painter.setPen(colour)
    middle = place.center().y()
    words = QRect(place.left(), middle - 18, place.width(), 18)
    if place.width() >= BLOCK_WIDTH:
        painter.drawText(
            words, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), sentiment_name(sentiment)
        )
    painter.drawText(
        words, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), valence(sentiment)
    )
    _paint_bar(
        painter, QRectF(place.left(), middle + 4, place.width(), _TRACK), sentiment.value or 0.0, colour, worn
    )


def _paint_bar(painter: QPainter, track: QRectF, value: float, colour: QColor, worn: Colours) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(worn.border))
    painter.drawRoundedRect(track, _TRACK / 2, _TRACK / 2)
    middle = track.center().x()
    length = max(-1.0, min(1.0, value)) * track.width() / 2
    filled = QRectF(min(middle, middle + length), track.top(), abs(length), _TRACK)
    painter.setBrush(colour)
    painter.drawRoundedRect(filled, _TRACK / 2, _TRACK / 2)
    painter.setBrush(QColor(worn.border_strong))
    painter.drawRect(QRectF(middle - 0.5, track.top() - 2, 1, _TRACK + 4))
