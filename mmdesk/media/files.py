"""Opens regular files and nothing else; the one place where OS errors of media become sentences.

Python hands the bytes to FFmpeg, Pillow and the subtitle reader, so that no library ever sees a
name: any name works (newline, emoji, undecodable bytes) and none can be taken for a URL, a device
or a numbered sequence.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from mmdesk.errors import EmptyFile, MediaError, UnreadableFile
from mmdesk.sentences import Sentence, sentence


def file_status(path: Path) -> os.stat_result:
    """Looks at a file without opening it, so a pipe or device never blocks.

    Raises:
        UnreadableFile: Missing, not allowed, a dangling or circular link, or not a regular file.
        EmptyFile: Zero bytes.
    """
    with os_failures(path):
        status = path.stat()
    _require_regular(path, status)
    if status.st_size == 0:
        raise EmptyFile(
            path,
            sentence("This file is empty."),
            sentence("The copy or download may have failed; get the file again."),
        )
    return status


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Opens a regular file for reading; any thread.

    The check is repeated on the open file, and opening never waits, so a file that is swapped for
    a pipe in between is still refused.

    Raises:
        UnreadableFile: As `file_status`, also when reading inside the block fails.
        EmptyFile: Zero bytes.
    """
    file_status(path)
    with os_failures(path), open(path, "rb", opener=_open_without_waiting) as file:
        _require_regular(path, os.fstat(file.fileno()))
        yield file


@contextmanager
def os_failures(path: Path) -> Iterator[None]:
    """Turns an `OSError` inside the block into `UnreadableFile`."""
    try:
        yield
    except OSError as failure:
        raise unreadable(path, failure) from failure
    except ValueError as failure:  # a null byte in the name
        if "null" not in str(failure):
            raise
        raise _refusal(path, sentence("A file cannot have this name.")) from failure


def unreadable(path: Path, failure: OSError) -> UnreadableFile:
    """The sentence for an operating system's refusal."""
    if isinstance(failure, FileNotFoundError):
        return _missing(path)
    if isinstance(failure, PermissionError):
        return UnreadableFile(
            path,
            sentence("You are not allowed to read this file."),
            sentence("Ask its owner for permission, or copy it to a folder of your own."),
        )
    if failure.errno == errno.ELOOP:
        return UnreadableFile(
            path,
            sentence("This link leads back to itself."),
            sentence("Open the file that the link was meant for."),
        )
    return UnreadableFile(
        path,
        sentence("Reading this file failed: {reason}.", reason=failure.strerror or type(failure).__name__),
        sentence("Check the disk or network drive and try again."),
    )


def _missing(path: Path) -> UnreadableFile:
    if path.is_symlink():
        return UnreadableFile(
            path,
            sentence("This link points to a file that is not there."),
            sentence("Open the file itself, or mend the link."),
        )
    return UnreadableFile(
        path,
        sentence("This file is not there any more."),
        sentence("Check the name, and that the disk it lies on is connected."),
    )


def _open_without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _require_regular(path: Path, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise _refusal(path, _what_it_is(status.st_mode))


def _what_it_is(mode: int) -> Sentence:
    if stat.S_ISDIR(mode):
        return sentence("This is a folder, not a file.")
    if stat.S_ISFIFO(mode):
        return sentence("This is a named pipe, not a file.")
    if stat.S_ISSOCK(mode):
        return sentence("This is a socket, not a file.")
    return sentence("This is a device, not a file.")


def _refusal(path: Path, message: Sentence) -> MediaError:
    return UnreadableFile(path, message, sentence("Choose a picture, video, sound or subtitle file."))
