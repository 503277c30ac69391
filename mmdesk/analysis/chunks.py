"""The order in which the parts of a film are analysed: what the person is watching comes first."""

from __future__ import annotations

import math
from collections import Counter
from itertools import chain

CHUNK_SECONDS = 20.0
_FRESH = 15
# How often a chunk may be left before it is done; somebody who never holds still must not stop the work.
_LEAVES = 2


class Chunks:
    """Stretches of presentation time, each analysed for itself. On the decoder's thread.

    The film is cut every 20 seconds; the last stretch takes what is left over, up to half a one.
    What a stretch gives depends on its own frames and the last one before it only, so the order
    changes nothing. A scene that goes on from one stretch to the next gets its caption in the
    earlier one, which is therefore the next to work on when a person watches the later one.
    """

    def __init__(self, duration: float | None) -> None:
        """Knows the film's declared length, seconds; None when it declares none."""
        self._count: int | None = max(1, round(duration / CHUNK_SECONDS)) if duration else None
        self._last_is_open = self._count is not None
        self._done: set[int] = set()
        self._continuing: set[int] = set()
        self._left: Counter[int] = Counter()
        self._next = 0

    def next(self, focus: float | None) -> int | None:
        """The chunk to work on now; None when all are done.

        Args:
            focus: Where the person is watching, seconds; None when nowhere.
        """
        watched = self._wanted(focus)
        if watched is not None:
            self._next = watched
        open_ones = (each for each in chain(self._from(self._next), self._from(0)) if each not in self._done)
        index = next(open_ones, None)
        self._next = self._next if index is None else index
        return index

    def leaves(self, index: int, focus: float | None) -> bool:
        """Whether to leave a chunk now, because the person has moved to another that is not done yet."""
        watched = self._wanted(focus)
        leaves = watched not in (None, index) and self._left[index] < _LEAVES
        self._left[index] += leaves
        return leaves

    def bounds(self, index: int) -> tuple[float, float]:
        """Start and end, seconds; the end of the film's last chunk is infinite."""
        last = self._last_is_open and self._count is not None and index == self._count - 1
        return index * CHUNK_SECONDS, math.inf if last else (index + 1) * CHUNK_SECONDS

    def is_fresh(self, index: int) -> bool:
        """Whether the scene at the start of a chunk gets a caption also when it is an old one.

        Every five minutes: a picture that changes slowly may look like nothing changed from chunk
        to chunk.
        """
        return index % _FRESH == 0

    def done(self, index: int, continues: bool) -> None:
        """This chunk needs no more work.

        Args:
            index: The chunk.
            continues: Whether it starts within a scene that began in the chunk before.
        """
        self._done.add(index)
        if continues:
            self._continuing.add(index)

    def ended_before(self, index: int) -> None:
        """The film turned out to end before this chunk."""
        self._count = index if self._count is None else min(self._count, index)
        self._last_is_open = False

    def _wanted(self, focus: float | None) -> int | None:
        if focus is None:
            return None
        index = max(0, int(focus // CHUNK_SECONDS))
        index = index if self._count is None else min(index, self._count - 1)
        while index in self._done and index in self._continuing:
            index -= 1
        return None if index < 0 or index in self._done else index

    def _from(self, first: int) -> range:
        """Chunks from here to the end; of a film without a declared end, up to one that is not done."""
        end = self._count if self._count is not None else max(first, *self._done, 0) + 2
        return range(first, end)
