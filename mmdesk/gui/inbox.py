"""How results of other threads reach the Qt thread: one wake signal, then batches within a budget.

Workers post into a mailbox; the first post after it was emptied wakes the Qt thread once. The Qt
side swaps the whole list out and applies it piece by piece, giving the event loop its turn after a
few milliseconds, so that a flood of findings never blocks the window.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from time import perf_counter
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from mmdesk.jobs.mailbox import Mailbox

T = TypeVar("T")
BUDGET_SECONDS = 0.008
CHUNK = 64


class _Wake(QObject):
    """Carries the wake-up from any thread into the Qt thread."""

    rung = Signal()


class Inbox(Generic[T]):
    """Posts of any thread, applied on the Qt thread in the order of posting.

    `mailbox` may be posted to from any thread; everything else belongs to the Qt thread.
    """

    def __init__(self, apply: Callable[[list[T]], None], parent: QObject) -> None:
        """Belongs to `parent`.

        Args:
            apply: Receives up to `CHUNK` posts at a time, on the Qt thread.
            parent: Whose life ends the deliveries.
        """
        self._apply = apply
        self._closed = False
        self._pending: deque[T] = deque()
        self._wake = _Wake(parent)
        self._wake.rung.connect(self._on_rung, Qt.ConnectionType.QueuedConnection)
        self._again = QTimer(self._wake)
        self._again.setSingleShot(True)
        self._again.timeout.connect(self._on_rung)
        self.mailbox: Mailbox[T] = Mailbox(self._wake.rung.emit)

    def _on_rung(self) -> None:
        if self._closed:
            return
        self._pending.extend(self.mailbox.drain())
        deadline = perf_counter() + BUDGET_SECONDS
        while self._pending:
            count = min(CHUNK, len(self._pending))
            self._apply([self._pending.popleft() for _ in range(count)])
            if perf_counter() >= deadline:
                break
        if self._pending:
            self._again.start(0)

    def close(self) -> None:
        """Delivers nothing more, not even what has rung already."""
        self._closed = True
        self._wake.rung.disconnect()
        self._again.stop()
        self._pending.clear()
