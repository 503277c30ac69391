"""Mends the table from glyphs to characters (ToUnicode, ISO 32000-1, 9.10.3) of PDF files that Qt writes.

Qt notes for each glyph the first character that the font draws with it. CJK fonts draw radicals
(U+2F00) with the glyphs of the characters that people write (U+4E00), Arabic is drawn with presentation
forms, and "fi" is one glyph: searching and copying would give other characters than the text has.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Callable, Iterator

from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, StreamObject

_CHARACTER = re.compile(rb"<([0-9A-Fa-f]{4})>")
_ARRAY = re.compile(rb"\[[^\]]*\]")
_RADICALS = range(0x2E80, 0x2FE0)

SameGlyph = Callable[[str, str], bool]


def with_text(pdf: bytes, text: str, same_glyph: SameGlyph) -> bytes:
    """The file with the characters that its text has.

    Args:
        pdf: As Qt wrote it.
        text: Everything that was printed.
        same_glyph: Whether a font of the file draws two characters alike.
    """
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    there = set(text)
    for font in _fonts(writer):
        table = font["/ToUnicode"].get_object()
        if isinstance(table, StreamObject):
            data = _ARRAY.sub(lambda found: _mended(found.group(), there, same_glyph), table.get_data())
            table.set_data(data)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _fonts(writer: PdfWriter) -> Iterator[DictionaryObject]:
    """Every font with a table, each once."""
    seen: set[int] = set()
    for page in writer.pages:
        resources = page["/Resources"].get_object()
        fonts = resources.get("/Font", {}) if isinstance(resources, DictionaryObject) else {}
        for each in fonts.values():
            font = each.get_object()
            if isinstance(font, DictionaryObject) and "/ToUnicode" in font and id(font) not in seen:
                seen.add(id(font))
                yield font


def _mended(array: bytes, there: set[str], same_glyph: SameGlyph) -> bytes:
    return _CHARACTER.sub(lambda found: _right(found.group(), there, same_glyph), array)


def _right(code: bytes, there: set[str], same_glyph: SameGlyph) -> bytes:
    noted = chr(int(code[1:-1], 16))
    if noted in there:
        return code
    right = " " if noted == "\t" else unicodedata.normalize("NFKC", noted)
    if right == noted and ord(noted) in _RADICALS:
        right = next((each for each in there if same_glyph(noted, each)), noted)
    return b"<" + right.encode("utf-16-be").hex().upper().encode() + b">" if set(right) <= there else code
