"""One plain thread that always works on the newest request; older ones that wait are forgotten.

Fast scrolling, scrubbing or playback asks for more than can be drawn. Pixels on their way to the
screen may be dropped, so the slot holds one request only.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from mmdesk.errors import Cancelled, MmdeskError

Ask = TypeVar("Ask")
Answer = TypeVar("Answer")


class _Bell(QObject):
    """Carries the wake-up from the worker into the Qt thread."""

    rung = Signal()


@dataclass(frozen=True, slots=True)
class _Ended(Generic[Answer]):
    """The end of one request."""

    epoch: int
    outcome: Future[Answer]


class LatestWins(Generic[Ask, Answer]):
    """A worker thread behind a slot for one request.

    `work` runs on the thread, `done` and `failed` on the Qt thread. The thread starts with the first
    request. All methods belong to the Qt thread.
    """

    def __init__(
        self,
        work: Callable[[Ask], Answer],
        done: Callable[[Answer], None],
        failed: Callable[[MmdeskError], None],
        parent: QObject,
        name: str,
    ) -> None:
        """Belongs to `parent`; close it before that dies.

        Args:
            work: Turns a request into an answer.
            done: Receives answers; some are skipped when the Qt thread is slower than the worker.
            failed: Receives expected failures. Anything else goes to `sys.excepthook` on the Qt thread.
            parent: Where answers are delivered.
            name: Name of the thread, for bug reports.
        """
        self._work, self._done, self._failed = work, done, failed
        self._wanted: list[Ask] = []  # at most one
        self._ended: _Ended[Answer] | None = None
        self._epoch = 0
        self._busy, self._open = False, True
        self._lock = threading.RLock()  # a request that ends at once finishes inside `ask`
        self._bell = _Bell(parent)
        self._bell.rung.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"mmdesk-{name}")

    def ask(self, request: Ask) -> None:
        """Wants an answer to this, and to nothing that was still waiting."""
        with self._lock:
            self._wanted = [request]
            self._start_next()

    def forget(self) -> None:
        """Drops what waits, and the answer of what is being worked on."""
        with self._lock:
            self._wanted, self._ended = [], None
            self._epoch += 1

    def close(self) -> None:
        """Ends the thread after the piece of work in hand; delivers nothing more."""
        with self._lock:
            self._open = False
            self._wanted, self._ended = [], None
            self._epoch += 1
        self._thread.shutdown(wait=True)

    def _start_next(self) -> None:
        if self._open and self._wanted and not self._busy:
            self._busy = True
            epoch = self._epoch
            future = self._thread.submit(self._work, self._wanted.pop())
            future.add_done_callback(lambda ended: self._finish(_Ended(epoch, ended)))

    def _finish(self, ended: _Ended[Answer]) -> None:
        """Puts the answer down for the Qt thread and goes on; worker thread."""
        with self._lock:
            self._busy = False
            if not self._open:
                return
            self._ended = ended
        self._bell.rung.emit()
        with self._lock:
            self._start_next()

    def _deliver(self) -> None:
        with self._lock:
            ended, self._ended = self._ended, None
            if ended is None or ended.epoch != self._epoch:
                return
        error = ended.outcome.exception()
        if error is None:
            self._done(ended.outcome.result())
        elif isinstance(error, MmdeskError):
            if not isinstance(error, Cancelled):
                self._failed(error)
        else:
            sys.excepthook(type(error), error, error.__traceback__)
