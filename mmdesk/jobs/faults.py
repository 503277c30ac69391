"""Faults of our own: what the person is told, and what the log keeps of them."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from mmdesk.events import Failed
from mmdesk.sentences import sentence

_BYTES = 1 << 20


def fault(path: Path) -> Failed:
    """What a person is told when something happened that nobody expected."""
    return Failed(
        path,
        sentence("Something went wrong inside mmdesk while it worked on this file."),
        sentence("The other files go on. Please report it; the log says where it happened."),
    )


class Privacy(logging.Filter):
    """Leaves of a fault where it happened, and nothing that could be a name, a path or a person's words.

    Of a traceback it keeps module files without their folders, lines, function names and the
    exception's type; not its text, which often quotes the data.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Replaces the traceback of a record; lets every record pass."""
        if record.exc_info is not None and record.exc_info[1] is not None:
            record.exc_text = "\n".join(_lines(record.exc_info[1]))
        return True


def _lines(error: BaseException) -> list[str]:
    cause = error.__cause__ or error.__context__
    before = [*_lines(cause), "led to"] if cause is not None else []
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    return [*before, *where, f"  {type(error).__module__}.{type(error).__qualname__}"]


@contextmanager
def log_kept(folder: Path) -> Iterator[None]:
    """Sends warnings and faults of the program to a file in this folder, inside the block.

    The folder and the file are made with the first record.

    Args:
        folder: Where log files belong.
    """
    handler = _LogFile(folder / "mmdesk.log")
    handler.addFilter(Privacy())
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)
        handler.close()


class _LogFile(logging.Handler):
    """Appends to a file that is made with the first record; one older file is kept.

    logging's own handlers print a traceback with paths when the disk is full. A log that cannot be
    written must neither stop the work nor do that.
    """

    def __init__(self, file: Path) -> None:
        super().__init__(logging.WARNING)
        self._file = file

    def emit(self, record: logging.LogRecord) -> None:
        """Writes a record, if it can."""
        with suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            if self._file.exists() and self._file.stat().st_size > _BYTES:
                self._file.replace(self._file.with_suffix(".old.log"))
            with self._file.open("a", encoding="utf-8", errors="backslashreplace") as out:
                out.write(self.format(record) + "\n")
