"""Which moments of a film are worth a caption: new scenes, then even spacing, without near-duplicates."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from mmdesk.analysis.look import HEIGHT, WIDTH, Look, is_cut, is_moving, is_other, look

# Seconds from the start of a scene to the frame that stands for it: past flashes and dissolves.
SETTLE = 0.3
# Seconds within which a dissolve or wipe changes the scene without any two frames that differ much.
DISSOLVE = 0.4
# Seconds that a scene lasts at least before something other than a hard cut ends it.
SHORTEST = 0.5
# Seconds after which a frame is taken although the picture has not come to rest.
PATIENCE = 1.2
# Seconds after which a scene that has changed gets another caption.
SPACING = 2.0


class Picture(Protocol):
    """What this room needs of a `media.frame.Frame`."""

    def small(self, width: int, height: int) -> NDArray[np.uint8]:
        """The picture squeezed to a size, [height, width, 3] RGB."""
        ...


F = TypeVar("F", bound=Picture)


@dataclass(frozen=True, slots=True)
class Instant(Generic[F]):
    """A stretch of film and the frame that stands for it.

    Attributes:
        t0: Start, seconds.
        t1: End, seconds: the start of the next instant, or the end of the chunk.
        frame: The frame; it was shown at or after `t0`, unless it began before the chunk.
    """

    t0: float
    t1: float
    frame: F


@dataclass(slots=True)
class _Candidate(Generic[F]):
    """A scene that may have begun at `t`; `waits_since` when something first moved."""

    t: float
    waits_since: float
    frame: F | None
    look: Look

    def is_settled(self, t: float) -> bool:
        return t - self.t >= SETTLE or t - self.waits_since >= PATIENCE


class Selector(Generic[F]):
    """Chooses the instants of one chunk while its frames pass by.

    A scene begins at a cut or in the middle of a dissolve; after `SPACING` seconds also where the
    picture has come to differ from the last one that was kept. The frame `SETTLE` seconds later
    stands for it, and if that looks like the last kept one (a flash, a hand before the lens), the
    scene goes on as if nothing had happened. Two frames are held at most. Of the chunk before it
    knows the last frame only: the scene that this belongs to is not kept again.
    """

    def __init__(self, begin: float = 0.0, before: Look | None = None) -> None:
        """Begins a chunk.

        Args:
            begin: When the chunk starts, seconds.
            before: The last frame before that; None where the scene at the start must be kept.
        """
        self._recent: deque[tuple[float, Look]] = deque()
        self._kept: _Candidate[F] | None = None
        self._candidate: _Candidate[F] | None = None
        if before is not None:
            self._recent.append((begin, before))
            self._kept = _Candidate(begin, begin, None, before)

    def feed(self, t: float, frame: F) -> Iterator[Instant[F]]:
        """Takes the next frame.

        Args:
            t: When it is shown, seconds; rises from call to call.
            frame: The frame.

        Yields:
            The instant that this frame completes, if it does.
        """
        now = look(frame.small(WIDTH, HEIGHT))
        if not self._recent or is_cut(self._recent[-1][1], now):
            yield from self._settle(t)
            start = self._start(t)
            self._begin(_Candidate(start, start, frame, now))
        elif self._candidate is None and self._is_due(t, now):
            self._begin(_Candidate(t, t, frame, now))
        elif self._candidate is not None and self._goes_on(self._candidate, t, now):
            self._begin(replace(self._candidate, t=self._start(t)))
        self._remember(t, now)
        if self._candidate is not None:
            self._candidate.frame, self._candidate.look = frame, now
            if self._is_at_rest(t, now):
                yield from self._settle(t)

    def finish(self, t: float) -> Iterator[Instant[F]]:
        """Ends the chunk.

        Args:
            t: Its end, seconds.

        Yields:
            The last instant, and the one before it where the last had just begun.
        """
        if self._kept is None and self._candidate is not None:
            self._kept, self._candidate = self._candidate, None
        yield from self._settle(t)
        yield from _lasting(self._kept, t)

    def _begin(self, candidate: _Candidate[F]) -> None:
        self._candidate = candidate
        self._recent.clear()

    def _start(self, t: float) -> float:
        """Where a new scene starts; the chunk's first one takes over what was too short to show."""
        return self._candidate.t if self._kept is None and self._candidate is not None else t

    def _is_due(self, t: float, now: Look) -> bool:
        """Whether a dissolve has passed its middle, or a scene has changed enough over time."""
        kept = self._kept
        if kept is None or t - kept.t < SHORTEST:
            return False
        spaced = t - kept.t >= SPACING and is_other(kept.look, now)
        return spaced or is_cut(self._recent[0][1], now)

    def _goes_on(self, candidate: _Candidate[F], t: float, now: Look) -> bool:
        """Whether the dissolve only begins now; a camera that keeps moving is none."""
        return t - candidate.waits_since <= DISSOLVE and is_cut(self._recent[0][1], now)

    def _is_at_rest(self, t: float, now: Look) -> bool:
        candidate = self._candidate
        impatient = candidate is not None and t - candidate.waits_since >= PATIENCE
        return impatient or not is_moving(self._recent[0][1], now)

    def _remember(self, t: float, now: Look) -> None:
        self._recent.append((t, now))
        while self._recent[0][0] < t - DISSOLVE:
            self._recent.popleft()

    def _settle(self, t: float) -> Iterator[Instant[F]]:
        """Keeps the candidate if it has lasted, and shows something else than the one before it."""
        candidate, kept = self._candidate, self._kept
        if candidate is None or not candidate.is_settled(t):
            return
        self._candidate = None
        if kept is not None and not is_other(kept.look, candidate.look):
            return
        self._kept = candidate
        yield from _lasting(kept, candidate.t)


def _lasting(kept: _Candidate[F] | None, until: float) -> Iterator[Instant[F]]:
    """The instant of a kept scene; none where the scene was kept in the chunk before."""
    if kept is not None and kept.frame is not None:
        yield Instant(kept.t, until, kept.frame)
