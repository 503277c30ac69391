"""Words broken into lines, the last of which is shortened when there are more than may be."""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QTextLayout, QTextOption

# More than the rows that are seen at once, so that painting again breaks no line again.
_KEPT = 256


class Layouts:
    """Remembers how words were broken: each call into Qt may have to wait for the interpreter. Qt thread."""

    def __init__(self) -> None:
        """Remembers nothing yet."""
        self._kept: OrderedDict[tuple[str, str, int, int], QTextLayout] = OrderedDict()

    def of(self, text: str, font: QFont, width: int, most: int) -> QTextLayout:
        """As `laid_out`."""
        key = (text, font.key(), width, most)
        layout = self._kept.pop(key, None)
        self._kept[key] = layout = laid_out(text, font, width, most) if layout is None else layout
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return layout


def laid_out(text: str, font: QFont, width: int, most: int) -> QTextLayout:
    """Breaks words into lines.

    Args:
        text: The words; line breaks in them count as spaces.
        font: To write them in.
        width: Of a line, device-independent pixels.
        most: How many lines there may be.

    Returns:
        The layout, ready to be drawn.
    """
    flat = " ".join(text.split())
    layout = _broken(flat, font, width, most + 1)
    if layout.lineCount() <= most:
        return layout
    start = layout.lineAt(most - 1).textStart()
    # Positions of Qt count UTF-16 units, those of Python characters.
    kept = flat.encode("utf-16-le", "surrogatepass")[: 2 * start].decode("utf-16-le", "ignore")
    rest = QFontMetrics(font).elidedText(flat[len(kept) :], Qt.TextElideMode.ElideRight, width)
    return _broken(kept + rest, font, width, most)


def _broken(text: str, font: QFont, width: int, most: int) -> QTextLayout:
    layout = QTextLayout(text, font)
    wrap = QTextOption()
    wrap.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(wrap)
    layout.beginLayout()
    height = 0.0
    for _ in range(most):
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(width)
        line.setPosition(QPointF(0, height))
        height += line.height()
    layout.endLayout()
    return layout
