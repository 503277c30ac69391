"""The name of a file's content, by which kept results are found again after a rename or move."""

from __future__ import annotations

import hashlib
from pathlib import Path

from mmdesk.control import Control
from mmdesk.media.files import opened

_CHUNK = 1 << 20


def content_hash(path: Path, control: Control) -> str:
    """SHA-256 of a file's bytes; any thread, holds the GIL only between chunks of 1 MiB.

    Args:
        path: A regular file.
        control: Asked after every chunk.

    Returns:
        64 hexadecimal digits.

    Raises:
        UnreadableFile: Missing, not allowed, not a regular file, or it went away while reading.
        EmptyFile: Zero bytes.
        Cancelled: The person stopped the work.
    """
    digest = hashlib.sha256()
    with opened(path) as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            control.checkpoint()
    return digest.hexdigest()
