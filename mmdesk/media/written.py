"""Text files: which subtitle format they hold, and their text in whatever encoding."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LIKELY = ("gb18030", "big5", "big5hkscs", "cp932", "cp949", "cp1252", "cp1251")
_TIMES = re.compile(
    rb"(?m)^\s*-?\d{1,3}:\d{1,2}:\d{1,2}[.,]\d{1,3}[ \t]*-->[ \t]*-?\d{1,3}:\d{1,2}:\d{1,2}[.,]\d{1,3}"
)
_SCRIPT = re.compile(rb"(?mi)^\s*\[(script info|v4\+? styles|events)\]")
_BYTE_ORDER_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def subtitle_format(head: bytes) -> str | None:
    """Tells subtitle formats by their ASCII parts, which every encoding in use has in common.

    Args:
        head: The first bytes of a file, enough for a cue or two.

    Returns:
        FFmpeg's name of the format: "webvtt", "ass" or "srt"; None when it is no subtitle file.
    """
    ascii_parts = head.replace(b"\0", b"").replace(b"\r", b"\n")
    for mark in _BYTE_ORDER_MARKS:
        ascii_parts = ascii_parts.removeprefix(mark)
    if ascii_parts.lstrip().startswith(b"WEBVTT"):
        return "webvtt"
    if _SCRIPT.search(ascii_parts):
        return "ass"
    return "srt" if _TIMES.search(ascii_parts) else None


def decode_text(data: bytes) -> tuple[str, str] | None:
    """Text of a file by its byte order mark, else as UTF-8, else by charset-normalizer's statistics.

    Where several encodings fit equally well (short Western texts), the one in widest use is taken.

    Returns:
        The text and Python's name of the encoding; None when no encoding fits.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace"), encoding
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        likely = _likely_encoding(data)
    return None if likely is None else (data.decode(likely, errors="replace"), likely)


def _likely_encoding(data: bytes) -> str | None:
    # Only lines with something to tell encodings apart: an ASS file is mostly ASCII styles.
    telling = [line for line in data.split(b"\n") if not line.isascii()]
    matches = list(from_bytes(data if b"\0" in data else b"\n".join(telling)))
    if not matches:
        return None
    best = (matches[0].chaos, -matches[0].coherence)
    equals = [match.encoding for match in matches if (match.chaos, -match.coherence) == best]
    return min(equals, key=lambda name: _LIKELY.index(name) if name in _LIKELY else len(_LIKELY))
