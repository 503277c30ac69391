"""The one object by which a person steers running work: cancel, pause, and where they watch."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from mmdesk.errors import Cancelled
from mmdesk.sentences import sentence


class Control:
    """Steers one job from any thread; the worker asks it at every step.

    All methods may be called from any thread. `checkpoint` blocks while the work is paused, so the
    Qt thread never calls it.
    """

    def __init__(self) -> None:
        self._cancelled = threading.Event()
        self._running = threading.Event()
        self._running.set()
        self._lock = threading.Lock()
        self._callbacks: list[Callable[[], None]] = []
        self._focus: float | None = None

    @property
    def cancelled(self) -> bool:
        """Whether the person stopped the work."""
        return self._cancelled.is_set()

    @property
    def paused(self) -> bool:
        """Whether the work waits for `resume`."""
        return not self._running.is_set()

    @property
    def focus(self) -> float | None:
        """Where the person is watching, in seconds of presentation time; None when nowhere."""
        with self._lock:
            return self._focus

    def look_at(self, t: float | None) -> None:
        """Tells the worker where the person is watching, in seconds of presentation time."""
        with self._lock:
            self._focus = t

    def cancel(self) -> None:
        """Stops the work within a second; wakes it when it is paused."""
        with self._lock:
            self._cancelled.set()
            callbacks = tuple(self._callbacks)
        self._running.set()
        for callback in callbacks:
            callback()

    def pause(self) -> None:
        """Holds the work at its next checkpoint."""
        if not self.cancelled:
            self._running.clear()

    def resume(self) -> None:
        """Lets paused work go on."""
        self._running.set()

    def checkpoint(self) -> None:
        """Waits while paused, and ends the work when it was cancelled.

        Raises:
            Cancelled: The person stopped the work.
        """
        self._running.wait()
        if self._cancelled.is_set():
            raise Cancelled(
                sentence("Stopped on request."),
                sentence("What was found so far is kept. Start again to go on."),
            )

    @contextmanager
    def on_cancel(self, callback: Callable[[], None]) -> Iterator[None]:
        """Calls back once when cancelled inside the block (at once when it already was).

        Args:
            callback: Must return at once; runs on the thread that cancels.
        """
        with self._lock:
            self._callbacks.append(callback)
            already = self._cancelled.is_set()
        if already:
            callback()
        try:
            yield
        finally:
            with self._lock:
                self._callbacks.remove(callback)
