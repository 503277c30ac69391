"""Sound cut into the windows that a voice model judges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mmdesk.media.sound import SAMPLE_RATE, AudioChunk

# From one window to the next, seconds.
HOP = 1.0
# Stretches of sound that are shorter say nothing about a voice, seconds.
SHORTEST = 0.5
# Chunks that begin within half a sample of the last one's end go on with it.
_SAME = 0.5 / SAMPLE_RATE


@dataclass(frozen=True, slots=True)
class Window:
    """Sound for one judgement.

    Attributes:
        t0: Start of the sound that was heard, seconds of presentation time.
        t1: End of it.
        begin: Start of what the judgement stands for: its middle, up to its neighbours'.
        end: End of that.
        samples: Float32 [size], mono 16 kHz; a stretch that is shorter stands in the middle of zeros.
    """

    t0: float
    t1: float
    begin: float
    end: float
    samples: NDArray[np.float32]


def windows(chunks: Iterable[AudioChunk], size: int) -> Iterator[Window]:
    """Overlapping windows of each stretch of sound without a gap; together they stand for all of it.

    Stretches shorter than `SHORTEST` have none. Any thread; memory for a window and a hop.

    Args:
        chunks: From `media.sound.read_sound`.
        size: Samples of a window, more than a hop's.

    Yields:
        Windows in the order of time.
    """
    stretch: _Stretch | None = None
    for chunk in chunks:
        if stretch is None or abs(chunk.t0 - stretch.t1) > _SAME:
            if stretch is not None:
                yield from stretch.ended()
            stretch = _Stretch(chunk.t0, size)
        yield from stretch.more(chunk.samples)
    if stretch is not None:
        yield from stretch.ended()


class _Stretch:
    """Sound without a gap. A window is told when it is known how far it stands for."""

    def __init__(self, t0: float, size: int) -> None:
        self._t0 = t0
        self._size = size
        self._hop = round(HOP * SAMPLE_RATE)
        # The samples from here on are kept: from the start of the newest window.
        self._kept = np.zeros(0, np.float32)
        self._kept_from = 0
        self._newest: Window | None = None

    @property
    def t1(self) -> float:
        """Its end so far."""
        return self._at(self._kept_from + len(self._kept))

    def more(self, samples: NDArray[np.float32]) -> Iterator[Window]:
        """Takes what follows; gives each window whose next one is complete."""
        self._kept = np.concatenate([self._kept, samples])
        if self._newest is None and len(self._kept) >= self._size:
            yield from self._window(0)
        while self._newest is not None and len(self._kept) >= self._hop + self._size:
            yield from self._window(self._hop)

    def ended(self) -> Iterator[Window]:
        """Gives what is left; the last window ends where the sound does."""
        t1 = self.t1
        if self._newest is None:
            if t1 - self._t0 >= SHORTEST:
                yield Window(self._t0, t1, self._t0, t1, _centred(self._kept, self._size))
            return
        if len(self._kept) > self._size:
            yield from self._window(len(self._kept) - self._size)
        yield replace(self._newest, end=t1)

    def _window(self, start: int) -> Iterator[Window]:
        """Makes the window that begins so many samples after the newest one; gives the newest one."""
        self._kept, self._kept_from = self._kept[start:], self._kept_from + start
        t0, t1 = self._at(self._kept_from), self._at(self._kept_from + self._size)
        begin = self._t0
        if self._newest is not None:
            begin = (self._newest.t0 + t1) / 2
            yield replace(self._newest, end=begin)
        self._newest = Window(t0, t1, begin, t1, self._kept[: self._size].copy())

    def _at(self, sample: int) -> float:
        return self._t0 + sample / SAMPLE_RATE


def _centred(samples: NDArray[np.float32], size: int) -> NDArray[np.float32]:
    room = size - len(samples)
    return np.pad(samples, (room // 2, room - room // 2))
