"""Second and third stage of watching a film: the frames that matter, and their pixels for the encoder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mmdesk.analysis.decoding import LANE, Piece
from mmdesk.analysis.instants import Instant, Selector
from mmdesk.analysis.past import Past
from mmdesk.analysis.pipe import Pipe
from mmdesk.analysis.script import Script
from mmdesk.analysis.sight import Sight
from mmdesk.events import Passed
from mmdesk.media.frame import Frame
from mmdesk.tasks.vision import PictureEncoder

# Pictures that go through the encoder together. A batch holds instants of one chunk only, counted
# from its start, so that the numbers do not depend on which stage happened to be faster. The first
# of a chunk goes alone: it is what somebody who jumps there waits for.
BATCH = 4
# Larger frames are scaled down on conversion; models look at a few hundred pixels.
LONGEST_SIDE = 640


@dataclass(frozen=True, slots=True)
class Moment:
    """A frame that is to be captioned.

    Attributes:
        t0: Start of what it stands for, seconds.
        t1: End of what it stands for, seconds.
        shown: When the frame is shown, from and to, seconds.
        frame: The frame as decoded.
    """

    t0: float
    t1: float
    shown: tuple[float, float]
    frame: Frame


@dataclass(frozen=True, slots=True)
class Batch:
    """Moments of one chunk that go through the models together; the last one of a chunk is empty.

    Attributes:
        moments: In order of time.
        passed: Which step of the work this is.
    """

    moments: tuple[Moment, ...]
    passed: Passed


@dataclass(frozen=True, slots=True)
class Ready:
    """Moments whose pixels are ready for the encoder.

    Attributes:
        spans: Start and end of each, and from when to when its frame is shown.
        sight: Their pixels for each encoder, in the order of `spans`.
        passed: Which step of the work they are.
    """

    spans: tuple[tuple[float, float, tuple[float, float]], ...]
    sight: Sight
    passed: Passed


class Chooser:
    """Puts the moments that matter into a pipe, batch by batch. On its own thread."""

    def __init__(self, pieces: Pipe[Piece], out: Pipe[Batch], path: Path, past: Past) -> None:
        """Takes from one pipe and puts into the other.

        Args:
            pieces: Frames.
            out: Batches.
            path: The film.
            past: What an earlier run had done; its batches are left out.
        """
        self._pieces = pieces
        self._out = out
        self._selector = Selector[Frame]()
        self._batches = Batches(0)
        self._path = path
        self._sent = past.steps(LANE)

    def run(self) -> None:
        """Works until the decoder has ended.

        Raises:
            Cancelled: A pipe was closed.
            MediaError: The decoder failed.
        """
        while (piece := self._pieces.take()) is not None:
            if piece.is_first:
                self._selector = Selector(piece.begin, piece.before)
                self._batches = Batches(self._sent.get(piece.chunk, 0))
            for frame in piece.frames:
                self._send(piece, self._selector.feed(max(piece.begin, frame.t), frame))
            if piece.end is not None:
                self._send(piece, self._selector.finish(piece.end), is_end=True)

    def _send(self, piece: Piece, instants: Iterator[Instant[Frame]], is_end: bool = False) -> None:
        for moments in self._batches.add(instants, is_end):
            self._put(tuple(moments), self._step(piece))
        if is_end:
            self._put(
                (), replace(self._step(piece), whole=True, t1=piece.end or 0.0, continues=piece.continues)
            )

    def _put(self, moments: tuple[Moment, ...], passed: Passed) -> None:
        self._out.put(Batch(moments, passed))
        self._sent[passed.part] = passed.step + 1

    def _step(self, piece: Piece) -> Passed:
        return Passed(self._path, LANE, piece.chunk, self._sent.get(piece.chunk, 0), 0, whole=False)


class Batches:
    """Groups a chunk's instants, from the chunk's start: one, then `BATCH` at a time."""

    def __init__(self, skip: int) -> None:
        """Leaves the first `skip` batches out: they were sent before the chunk was left."""
        self._skip = skip
        self._size = 1
        self._moments: list[Moment] = []

    def add(self, instants: Iterator[Instant[Frame]], is_end: bool) -> list[list[Moment]]:
        """Takes instants; gives the batches that are full, at the end of the chunk all."""
        for instant in instants:
            frame = instant.frame
            shown = (frame.t, frame.t + frame.duration)
            self._moments.append(Moment(instant.t0, instant.t1, shown, frame))
        full: list[list[Moment]] = []
        while self._moments and (is_end or len(self._moments) >= self._size):
            full.append(self._moments[: self._size])
            self._moments = self._moments[self._size :]
            self._size = BATCH
        new, self._skip = full[self._skip :], max(0, self._skip - len(full))
        return new


def prepare(encoders: Sequence[PictureEncoder], batches: Pipe[Batch], ready: Pipe[Ready | Script]) -> None:
    """Preprocesses batches until there are no more. On its own thread.

    Raises:
        Cancelled: A pipe was closed.
        MediaError: The decoder failed.
    """
    while (batch := batches.take()) is not None:
        pictures = [moment.frame.rgb(LONGEST_SIDE) for moment in batch.moments]
        spans = tuple((each.t0, each.t1, each.shown) for each in batch.moments)
        ready.put(Ready(spans, Sight.of(pictures, encoders), batch.passed))
