"""Files are written whole or not at all, and an older one is never replaced unasked."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mmdesk.errors import NoSpace, NotWritable
from mmdesk.sentences import sentence

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def write_whole(target: Path, data: bytes, replace: bool = True) -> None:
    """Writes a file: a temporary one beside it, synchronised, then renamed.

    Args:
        target: The file; its folder is made.
        data: What it will hold.
        replace: Whether an older file may be replaced.

    Raises:
        NoSpace: The disk is full.
        NotWritable: The folder or file cannot be written, or is there already.
    """
    with partial_file(target, replace) as partial, partial.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def partial_file(target: Path, replace: bool = True) -> Iterator[Path]:
    """A name for a new file that becomes `target` when the block ends well, and vanishes when not.

    Raises:
        NoSpace: The disk is full.
        NotWritable: The folder or file cannot be written, or is there already.
    """
    with write_failures(target):
        if not replace and target.exists():
            raise _exists(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(
            f".mmdesk-{secrets.token_hex(8)}.part"
        )  # short, whatever the target's name
        try:
            yield partial
            partial.replace(target)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise


@contextmanager
def write_failures(target: Path) -> Iterator[None]:
    """Turns the file system's errors inside the block into ours.

    Raises:
        NoSpace: The disk is full.
        NotWritable: The folder or file cannot be written.
    """
    try:
        yield
    except OSError as failure:
        if failure.errno in _FULL:
            raise NoSpace(
                sentence("There is no space left to save {name}.", name=target.name),
                sentence("Free some space, or save to another disk."),
            ) from failure
        raise NotWritable(
            sentence(
                "{name} could not be saved: {reason}.",
                name=target.name,
                reason=failure.strerror or type(failure).__name__,
            ),
            sentence("Choose a folder that you may write to."),
        ) from failure


def _exists(target: Path) -> NotWritable:
    return NotWritable(
        sentence("{name} is there already.", name=target.name),
        sentence("Choose another folder, or allow older files to be replaced."),
    )
