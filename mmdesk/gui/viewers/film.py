"""Looks into a film beside the player: which frame is at a moment, which is next, what it looks like.

The player's seeks are not exact everywhere (in MPEG-TS they land at a later key frame, with variable
frame rate it guesses durations), so the frames of `mmdesk.media` are the truth.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from mmdesk.control import Control
from mmdesk.gui.viewers.drawing import Drawing

if TYPE_CHECKING:
    from mmdesk.media.video import Frame, VideoReader

_LOOKED_BACK = 1.0
_NEAR = 0.001


@dataclass(frozen=True, slots=True, eq=False)
class Film:
    """A file that is open in the viewer; `control` ends what workers still do with it."""

    path: Path
    control: Control = field(default_factory=Control)


class Want(Enum):
    """What to look for."""

    NOTHING = "only the first frame's time, which every answer has"
    TIME = "the time of the frame that is shown at t"
    NEXT = "the time of the frame behind that one"
    PREVIOUS = "the time of the frame before it"
    PIXELS = "that frame itself"


@dataclass(frozen=True, slots=True)
class Look:
    """A question about a film.

    Attributes:
        film: The film.
        want: What to look for.
        t: Seconds from the container's start, a little behind a frame's start.
        edge: Longest side of the pixels that are wanted; None is all of them.
    """

    film: Film
    want: Want
    t: float = 0.0
    edge: int | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """The answer.

    Attributes:
        look: The question.
        first: Start of the first frame, seconds from the container's start.
        duration: Seconds that the container declares; 0 when unknown.
        t: Start of the frame in question; None when there is no such frame.
        drawing: Its pixels where they were wanted.
    """

    look: Look
    first: float
    duration: float
    t: float | None = None
    drawing: Drawing | None = None


class FilmReader:
    """Keeps one film open between questions. One thread at a time."""

    def __init__(self) -> None:
        self._film: Film | None = None
        self._reader: VideoReader | None = None
        self._first = 0.0
        self._times: list[float] = []

    def look(self, look: Look) -> Seen:
        """Answers a question.

        Raises:
            MediaError: The film cannot be read.
            Cancelled: It is not open any more.
        """
        reader = self._open(look.film)
        duration = reader.info.duration or 0.0
        if look.want is Want.PIXELS:
            frame = reader.frame_at(look.t)
            return Seen(look, self._first, duration, frame.t, _drawing(frame, look.edge))
        return Seen(look, self._first, duration, self._time(reader, look))

    def _time(self, reader: VideoReader, look: Look) -> float | None:
        if look.want is Want.TIME:
            return reader.frame_at(look.t).t
        if look.want is Want.NEXT:
            return reader.next_time(look.t)
        return self._previous(reader, look.t) if look.want is Want.PREVIOUS else None

    def thumbnail(self, film: Film, t: float, edge: int) -> Drawing:
        """The frame at a moment, small; raises as `look`."""
        from mmdesk.media.screen import screen_levels

        frame = self._open(film).frame_at(t)
        width, height = frame.size
        scale = edge / max(width, height)
        small = frame.small(max(1, round(width * scale)), max(1, round(height * scale)))
        return Drawing(small.shape[1], small.shape[0], screen_levels(small), frame.t)

    def close(self) -> None:
        """Lets go of the film; for when the worker has ended."""
        if self._reader is not None:
            self._reader.__exit__(None, None, None)
        self._reader = self._film = None
        self._times = []

    def _open(self, film: Film) -> VideoReader:
        from mmdesk.media.probe import probe
        from mmdesk.media.video import VideoReader

        if self._film is not film or self._reader is None:
            self.close()
            film.control.checkpoint()
            reader = VideoReader(probe(film.path), film.control)
            self._reader = reader.__enter__()
            self._film = film
            self._first = reader.frame_at(0.0).t
        return self._reader

    def _previous(self, reader: VideoReader, t: float) -> float | None:
        """Steps back through times that one pass over the last second gave."""
        at = bisect_right(self._times, t) - 1
        if not (at > 0 and t - self._times[at] < _NEAR):
            self._times = [frame.t for frame in reader.frames(max(0.0, t - _LOOKED_BACK), t)]
            at = len(self._times) - 1
        return self._times[at - 1] if at > 0 else reader.previous_time(t)


def _drawing(frame: Frame, edge: int | None) -> Drawing:
    from mmdesk.media.screen import screen_levels

    rgb = frame.rgb(edge)
    return Drawing(*frame.size, screen_levels(rgb) if edge is None else (rgb,), frame.t)
