"""Faults of our own: what the person is told, and what the log keeps of them."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
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
    handler = _LateHandler(folder / "mmdesk.log")
    handler.setLevel(logging.WARNING)
    handler.addFilter(Privacy())
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)
        handler.close()


class _LateHandler(RotatingFileHandler):
    def __init__(self, file: Path) -> None:
        super().__init__(file, maxBytes=_BYTES, backupCount=2, encoding="utf-8", delay=True)

    def emit(self, record: logging.LogRecord) -> None:
        """Makes the folder first; a log that cannot be written must not stop the work."""
        try:
            Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True)
            super().emit(record)
        except OSError:
            self.handleError(record)
