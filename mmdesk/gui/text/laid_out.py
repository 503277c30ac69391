"""Words broken into lines, the last of which is shortened when there are more than may be."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QTextLayout, QTextOption


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
