"""Work that must not block the window, done on plain threads; its end is told on the Qt thread."""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from PySide6.QtCore import QObject

from mmdesk.errors import Cancelled, MmdeskError
from mmdesk.gui.inbox import Inbox

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Ended:
    """A piece of work that ended; `tell` runs on the Qt thread."""

    tell: Callable[[], None]


class Background:
    """A few threads for probing, thumbnails, reading kept results and writing files."""

    def __init__(self, parent: QObject, threads: int = 2) -> None:
        """Belongs to `parent`; close it before that dies.

        Args:
            parent: Where ends are delivered.
            threads: How many pieces of work run at once.
        """
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="mmdesk-background")
        self._inbox: Inbox[_Ended] = Inbox(self._tell, parent)
        self._closed = False

    def run(
        self,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[MmdeskError], None],
    ) -> None:
        """Starts a piece of work. Qt thread.

        Args:
            work: Runs on a background thread.
            done: Gets its result on the Qt thread.
            failed: Gets an expected failure on the Qt thread; anything unexpected goes to
                `sys.excepthook` there, as if it had happened in the Qt thread.
        """
        if self._closed:
            return

        def ended(future: Future[T]) -> None:
            if not future.cancelled():
                self._inbox.mailbox.post(_Ended(lambda: _report(future, done, failed)))

        self._pool.submit(work).add_done_callback(ended)

    def _tell(self, ends: list[_Ended]) -> None:
        for end in ends:
            end.tell()

    def close(self) -> None:
        """Drops what has not begun, waits for what has, and tells nothing more."""
        self._closed = True
        self._inbox.close()
        self._pool.shutdown(wait=True, cancel_futures=True)


def _report(future: Future[T], done: Callable[[T], None], failed: Callable[[MmdeskError], None]) -> None:
    error = future.exception()
    if error is None:
        done(future.result())
    elif isinstance(error, Cancelled):
        return
    elif isinstance(error, MmdeskError):
        failed(error)
    else:
        sys.excepthook(type(error), error, error.__traceback__)
