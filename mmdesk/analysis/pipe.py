"""Bounded queues between the stages of one analysis, and the threads that run the stages."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Generic, Self, TypeVar

from mmdesk.control import Control
from mmdesk.errors import Cancelled
from mmdesk.sentences import sentence

T = TypeVar("T")


class Pipe(Generic[T]):
    """A queue that holds little, so that a fast stage waits for a slow one and memory stays bounded."""

    def __init__(self, capacity: int, producers: int = 1) -> None:
        """Starts empty.

        Args:
            capacity: Items that may wait.
            producers: How many stages put items in; the pipe ends when each has ended.
        """
        self._capacity = capacity
        self._producers = producers
        self._items: deque[T] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self._error: BaseException | None = None

    def put(self, item: T) -> None:
        """Adds an item, waiting for room.

        Raises:
            Cancelled: Nobody takes items any more.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._closed or len(self._items) < self._capacity)
            if self._closed:
                raise _stopped()
            self._items.append(item)
            self._changed.notify_all()

    def take(self, timeout: float | None = None) -> T | None:
        """Waits for an item; None after the timeout, or when all producers have ended.

        Raises:
            Cancelled: The pipe was closed.
            Exception: What a producer failed with, after what it had put before.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._items or self._over, timeout)
            if self._closed:
                raise _stopped()
            if self._items:
                self._changed.notify_all()
                return self._items.popleft()
            if self._error is not None:
                raise self._error
            return None

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        with self._changed:
            return self._over and not self._items and self._error is None

    def end(self, error: BaseException | None) -> None:
        """One producer has ended; its error is raised once the others have ended as well."""
        with self._changed:
            self._producers -= 1
            self._error = self._error or error
            self._changed.notify_all()

    def close(self) -> None:
        """Lets nobody wait any more."""
        with self._changed:
            self._closed = True
            self._items.clear()
            self._changed.notify_all()

    @property
    def _over(self) -> bool:
        return self._producers <= 0


class Stages:
    """The threads of one analysis. A context manager: on every way out they are stopped and joined.

    Attributes:
        control: For the stages; cancelled when the analysis is, and when it is left. It is never
            paused: a paused analysis takes nothing out of the pipes, and the stages wait there.
    """

    def __init__(self, control: Control) -> None:
        """Follows this control."""
        self.control = Control()
        self._outer: AbstractContextManager[None] = control.on_cancel(self._stop)
        self._pool = ThreadPoolExecutor(max_workers=8, thread_name_prefix="mmdesk-stage")
        self._closers: list[Callable[[], None]] = []

    def __enter__(self) -> Self:
        self._outer.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()
        self._pool.shutdown(wait=True)
        self._outer.__exit__(None, None, None)

    def run(self, stage: Callable[[], None], into: Pipe[T]) -> None:
        """Starts a stage on a thread of its own; its end, and its error, end the pipe that it fills."""
        self._closers.append(into.close)
        self._pool.submit(stage).add_done_callback(lambda future: into.end(_error(future)))

    def _stop(self) -> None:
        self.control.cancel()
        for close in self._closers:
            close()


def _error(future: Future[None]) -> BaseException | None:
    return None if future.cancelled() else future.exception()


def _stopped() -> Cancelled:
    return Cancelled(sentence("Stopped on request."), sentence("What was found so far is kept."))
