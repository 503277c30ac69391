"""`python -m mmdesk.gui.printing TARGET`: prints a report into a PDF file, without a screen.

On standard input stands a JSON object with `html` and `passport`.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF
from PySide6.QtGui import (
    QGuiApplication,
    QPageLayout,
    QPageSize,
    QPdfWriter,
    QRawFont,
    QTextDocument,
    QTextLayout,
)

from mmdesk.gui.pdf_text import with_text

_DOTS_PER_INCH = 300
_MARGIN_MM = 16.0


def print_pdf(html: str, passport: str) -> bytes:
    """Prints a page; needs a QGuiApplication.

    Args:
        html: What Qt's rich text understands, pictures as `data:` addresses.
        passport: JSON that is attached as `passport.json`.

    Returns:
        The file; its text can be searched and copied.
    """
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    text = _printed(html, passport, buffer)
    buffer.close()
    fonts = _fonts(text)
    return with_text(bytes(data.data()), text, lambda one, other: _same_glyph(one, other, fonts))


def _printed(html: str, passport: str, device: QIODevice) -> str:
    """Prints; gives the text."""
    writer = QPdfWriter(device)
    writer.setResolution(_DOTS_PER_INCH)
    writer.setCreator("mmdesk")
    writer.setTitle("mmdesk")
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    writer.setPageMargins(margins, QPageLayout.Unit.Millimeter)
    writer.addFileAttachment("passport.json", QByteArray(passport.encode()), "application/json")
    document = QTextDocument()
    document.documentLayout().setPaintDevice(writer)
    document.setPageSize(writer.pageLayout().paintRectPixels(_DOTS_PER_INCH).size().toSizeF())
    document.setHtml(html)
    document.print_(writer)
    return document.toPlainText()


def _fonts(text: str) -> list[QRawFont]:
    """The fonts that characters are drawn with, those included that stand in for a missing glyph."""
    layout = QTextLayout("".join(sorted(set(text))), QTextDocument().defaultFont())
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    return [run.rawFont() for run in layout.glyphRuns()]


def _same_glyph(one: str, other: str, fonts: list[QRawFont]) -> bool:
    for font in fonts:
        glyphs = [font.glyphIndexesForString(each) for each in (one, other)]
        if glyphs[0] == glyphs[1] and glyphs[0] and glyphs[0][0] != 0:
            return True
    return False


def main() -> int:
    """Reads, prints, writes; 0 when the file was written."""
    asked = json.loads(sys.stdin.buffer.read())
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    application = QGuiApplication(sys.argv[:1])
    data = print_pdf(asked["html"], asked["passport"])
    del application
    try:
        Path(sys.argv[1]).write_bytes(data)
    except OSError as failure:
        sys.stdout.write(str(failure.errno))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
