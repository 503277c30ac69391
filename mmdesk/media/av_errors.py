"""The one place where errors of FFmpeg and PyAV become sentences."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av.error

from mmdesk.errors import DamagedMedia, MediaError, TooLarge, UnsupportedMedia
from mmdesk.sentences import sentence

AV_ERRORS = (av.error.FFmpegError, OSError, ValueError, ArithmeticError, LookupError, MemoryError)
"""What PyAV raises about a file: FFmpeg's own codes, and Python's about numbers that make no sense."""


@contextmanager
def av_failures(path: Path) -> Iterator[None]:
    """Turns whatever FFmpeg and PyAV raise inside the block into our own errors."""
    try:
        yield
    except AV_ERRORS as failure:
        raise media_failure(path, failure) from failure


def media_failure(path: Path, failure: Exception) -> MediaError:
    """The sentence for an error of FFmpeg."""
    if isinstance(failure, MemoryError):
        return TooLarge(
            path,
            sentence("This file needs more memory than there is."),
            sentence("Close other programs, or save the file in a smaller size."),
        )
    if isinstance(failure, av.error.DecoderNotFoundError):
        return UnsupportedMedia(
            path,
            sentence("mmdesk cannot read the codec of this file."),
            sentence("Convert it to MP4 with H.264 and AAC and open that."),
        )
    return DamagedMedia(
        path,
        sentence("This file is damaged or incomplete."),
        sentence("Copy or download it again; if it came from a camera, try its repair function."),
    )
