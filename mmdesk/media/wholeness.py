"""Tells from a file's own structure whether its end is missing.

RIFF (WAV, AVI), Matroska and MP4 all say in their headers how long they should be.
"""

from __future__ import annotations

import os
from typing import BinaryIO

from mmdesk.sentences import Sentence, sentence

_EBML = b"\x1a\x45\xdf\xa3"
_SEGMENT = b"\x18\x53\x80\x67"
_STREAMED_RIFF = 0xFFFFF000
_MOST_BOXES = 2000


def end_is_missing(file: BinaryIO) -> bool:
    """Whether the file is shorter than it says.

    Args:
        file: Open for reading; its position is not kept.

    Returns:
        True when the end is missing; False when it is whole or its format does not say.
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    head = file.read(64)
    if head.startswith(b"RIFF"):
        declared = int.from_bytes(head[4:8], "little")
        return 0 < declared < _STREAMED_RIFF and 8 + declared > size + 1
    if head.startswith(_EBML):
        return (_matroska_end(file) or 0) > size
    return head[4:8] == b"ftyp" and _boxes_end(file, size) > size


def cut_off(end: float) -> Sentence:
    """The sentence for a file whose last moment is `end` seconds."""
    return sentence("The end of this file is missing; it breaks off at {end} seconds.", end=round(end, 1))


def _matroska_end(file: BinaryIO) -> int | None:
    """Where the segment should end; None when it was streamed and does not say (RFC 8794, section 6)."""
    file.seek(len(_EBML))
    header = _vint(file)
    file.seek(header or 0, os.SEEK_CUR)
    if file.read(len(_SEGMENT)) != _SEGMENT:
        return None
    length = _vint(file)
    return None if length is None else file.tell() + length


def _vint(file: BinaryIO) -> int | None:
    """An EBML data size: as many leading zero bits as there are further bytes; all ones is unknown."""
    first = file.read(1)
    if not first or first[0] == 0:
        return None
    further = 8 - first[0].bit_length()
    value = int.from_bytes(bytes([first[0] & (0x7F >> further)]) + file.read(further), "big")
    return None if value == (1 << 7 * (further + 1)) - 1 else value


def _boxes_end(file: BinaryIO, size: int) -> int:
    """Where the last top-level box should end (ISO/IEC 14496-12, section 4.2)."""
    position = 0
    for _ in range(_MOST_BOXES):
        file.seek(position)
        head = file.read(16)
        length = int.from_bytes(head[:4], "big")
        if length == 1:
            length = int.from_bytes(head[8:16], "big")
        if position >= size or length < 8:
            break
        position += length
    return position
