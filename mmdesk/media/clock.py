"""Presentation time: from a stream's time base to seconds since the container's start.

The start is what players subtract: FFmpeg's `start_time` of the container, the earliest start of
its streams. QMediaPlayer (Qt 6.11, FFmpeg backend) shows the same zero for MP4, Matroska, MPEG-TS,
edit lists and late streams; measured with frames read back from its video sink. Known difference:
Qt's FFmpeg 7 lets AAC priming in Matroska start before zero (its times are later than ours by the
priming, 21 ms at 48 kHz), FFmpeg 8 here does not.
"""

from __future__ import annotations

import math
from fractions import Fraction

from av.container import InputContainer

_MICROSECOND = Fraction(1, 1_000_000)
_RESTART = 1.0
_NUDGE = 0.001


def container_start(container: InputContainer) -> Fraction:
    """The container's start, exact: FFmpeg rounds it to microseconds, the stream knows better."""
    rounded = int(container.start_time or 0) * _MICROSECOND
    for stream in container.streams:
        if stream.start_time is not None and stream.time_base is not None:
            exact = stream.start_time * stream.time_base
            if abs(exact - rounded) <= _MICROSECOND:
                return exact
    return rounded


class Clock:
    """Converts one stream's timestamps."""

    def __init__(self, start: Fraction, time_base: Fraction) -> None:
        self._start = start
        self._time_base = time_base

    def seconds(self, pts: int) -> float:
        """Seconds since the container's start."""
        return float(pts * self._time_base - self._start)

    def pts(self, seconds: float) -> int:
        """The last timestamp at or before a moment."""
        return math.floor((Fraction(seconds) + self._start) / self._time_base)


class Ordering:
    """Repairs times that are missing or run backwards, so that every frame comes after the last.

    A missing time is the last one plus the nominal duration. A jump back by more than a second is
    a recording that starts its clock again: what follows is moved behind what came before. A
    smaller one is a misplaced frame: it is shown 1 ms after the frame that precedes it in the file.

    Attributes:
        missing: How many times were missing.
        disordered: How many times ran backwards or stood still.
    """

    def __init__(self, nominal: float) -> None:
        self._nominal = nominal
        self._last: float | None = None
        self._shift = 0.0
        self.missing = 0
        self.disordered = 0

    def place(self, t: float | None) -> float:
        """The time at which the next frame is shown, after all before it."""
        placed = self._repaired(t)
        self._last = placed
        return placed

    def _repaired(self, t: float | None) -> float:
        if t is None:
            self.missing += 1
            return 0.0 if self._last is None else self._last + self._nominal
        if self._last is None or t + self._shift > self._last:
            return t + self._shift
        self.disordered += 1
        if self._last - (t + self._shift) > _RESTART:
            self._shift = self._last + self._nominal - t
            return t + self._shift
        return self._last + min(_NUDGE, self._nominal / 2)
