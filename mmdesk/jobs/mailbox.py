"""Hands results from worker threads to one reader in batches, with one wake-up per batch."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Mailbox(Generic[T]):
    """A list under a lock. Any thread posts, one thread drains; nothing is ever dropped.

    One signal per event is ten times slower than this, and popping one by one under the lock
    blocks the posting threads for hundreds of milliseconds: the whole list is swapped instead.
    """

    def __init__(self, wake: Callable[[], None]) -> None:
        """Starts empty.

        Args:
            wake: Called by the posting thread when the mailbox was empty before; must return at
                once and lead to one `drain`.
        """
        self._wake = wake
        self._lock = threading.Lock()
        self._items: list[T] = []

    def post(self, item: T) -> None:
        """Adds an item; any thread."""
        with self._lock:
            first = not self._items
            self._items.append(item)
        if first:
            self._wake()

    def drain(self) -> list[T]:
        """Takes everything that was posted, in the order of posting."""
        with self._lock:
            items, self._items = self._items, []
        return items
