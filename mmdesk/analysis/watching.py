"""The stages of a film's captions that run ahead of the models: decoding, choosing, preprocessing."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mmdesk.analysis.chunks import Chunks
from mmdesk.analysis.instants import Instant, Selector
from mmdesk.analysis.look import HEIGHT, WIDTH, Look, look
from mmdesk.analysis.pipe import Pipe
from mmdesk.analysis.script import Script
from mmdesk.control import Control
from mmdesk.media.frame import Frame
from mmdesk.media.info import MediaInfo
from mmdesk.media.video import VideoReader
from mmdesk.sentences import Sentence
from mmdesk.tasks.caption import Captioner, Prepared

# Pictures that go through the encoder together. A batch holds instants of one chunk only, counted
# from its start, so that the numbers do not depend on which stage happened to be faster. The first
# of a chunk goes alone: it is what somebody who jumps there waits for.
BATCH = 4
# Batches that may wait before and after preprocessing; more would only delay what the person looks at next.
WAITING = 1
# Larger frames are scaled down on conversion; models look at a few hundred pixels.
_LONGEST_SIDE = 960


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
class Ready:
    """Moments whose pixels are ready for the encoder.

    Attributes:
        spans: Start and end of each, and from when to when its frame is shown.
        prepared: For each captioner its pixels, in the order of `spans`.
    """

    spans: tuple[tuple[float, float, tuple[float, float]], ...]
    prepared: tuple[tuple[Prepared, ...], ...]


class Decoder:
    """Reads a film chunk by chunk and puts the moments that matter into a pipe. On its own thread."""

    def __init__(self, info: MediaInfo, steering: Control, control: Control, out: Pipe[list[Moment]]) -> None:
        """Opens nothing yet.

        Args:
            info: A film.
            steering: Says where the person is watching.
            control: Stops the reading.
            out: Takes batches of up to `BATCH` moments.
        """
        self._info = info
        self._steering = steering
        self._control = control
        self._out = out
        self._chunks = Chunks(info.duration)
        self._sent: dict[int, int] = {}
        self._seen: tuple[int, Look | None] = (-1, None)
        self._finished = 0.0
        self._end = 0.0
        self._within = 0.0
        self.problems: tuple[Sentence, ...] = ()

    @property
    def seconds(self) -> float:
        """Seconds of the film that have been looked at; any thread."""
        return self._finished + self._within

    @property
    def missing(self) -> float:
        """Seconds between the last frame and the end that the film declares; once it has ended."""
        video = self._info.video
        declared = None if video is None or video.duration is None else video.start + video.duration
        if declared is None and self._info.audio is None:
            declared = self._info.duration
        return 0.0 if declared is None else max(0.0, declared - self._end)

    def run(self) -> None:
        """Decodes the whole film.

        Raises:
            MediaError: The film cannot be read any further.
            Cancelled: The control was cancelled.
        """
        with VideoReader(self._info, self._control) as reader:
            while (index := self._chunks.next(self._steering.focus)) is not None:
                self._chunk(reader, index)
                self.problems = tuple(reader.problems)

    def _chunk(self, reader: VideoReader, index: int) -> None:
        """One chunk, or its beginning when the person looks elsewhere; batches already sent are skipped."""
        begin, end = self._chunks.bounds(index)
        selector = Selector[Frame](begin, self._before(reader, index, begin))
        batches = Batches(self._sent.get(index, 0))
        reached: float | None = None
        for frame in _frames(reader, begin, end):
            at = max(begin, frame.t)
            reached = min(end, frame.t + frame.duration)
            self._end = max(self._end, reached)
            self._send(index, batches.add(selector.feed(at, frame)))
            self._within = reached - begin
            if self._chunks.leaves(index, self._steering.focus):
                self._within = 0.0
                return
        if reached is None:
            self._chunks.ended_before(index)
            return
        self._send(index, batches.add(selector.finish(reached)))
        self._send(index, batches.rest())
        self._finished, self._within = self._finished + reached - begin, 0.0
        self._chunks.done(index, selector.continues)
        self._seen = (index, selector.last)

    def _before(self, reader: VideoReader, index: int, begin: float) -> Look | None:
        """The last frame before a chunk, as remembered or read again; None for a fresh chunk."""
        if self._chunks.is_fresh(index):
            return None
        seen, last = self._seen
        if seen == index - 1 and last is not None:
            return last
        frame = reader.frame_at(math.nextafter(begin, -math.inf))
        return look(frame.small(WIDTH, HEIGHT)) if frame.t < begin else None

    def _send(self, index: int, batches: list[list[Moment]]) -> None:
        for batch in batches:
            self._out.put(batch)
            self._sent[index] = self._sent.get(index, 0) + 1


class Batches:
    """Groups a chunk's instants, from the chunk's start: one, then `BATCH` at a time."""

    def __init__(self, skip: int) -> None:
        """Leaves the first `skip` batches out: they were sent before."""
        self._skip = skip
        self._size = 1
        self._moments: list[Moment] = []

    def add(self, instants: Iterator[Instant[Frame]]) -> list[list[Moment]]:
        """Takes instants; gives the batches that are full."""
        for instant in instants:
            frame = instant.frame
            shown = (frame.t, frame.t + frame.duration)
            self._moments.append(Moment(instant.t0, instant.t1, shown, frame))
        return self._taken() if len(self._moments) >= self._size else []

    def rest(self) -> list[list[Moment]]:
        """The last batch, if there is anything in it."""
        return self._taken() if self._moments else []

    def _taken(self) -> list[list[Moment]]:
        batch, self._moments = self._moments[: self._size], self._moments[self._size :]
        self._size = BATCH
        if self._skip:
            self._skip -= 1
            return []
        return [batch]


def _frames(reader: VideoReader, begin: float, end: float) -> Iterator[Frame]:
    """The frame that is on the screen when a chunk begins, and those that follow inside it."""
    first = reader.frame_at(begin)
    over = first.t < begin and first.t + first.duration <= begin
    if over or first.t >= end:
        return
    yield first
    following = reader.next_time(first.t)
    if following is not None and following < end:
        yield from reader.frames(following, end)


def prepare(
    captioners: Sequence[Captioner], moments: Pipe[list[Moment]], ready: Pipe[Ready | Script]
) -> None:
    """Preprocesses batches until there are no more. On its own thread.

    Raises:
        Cancelled: A pipe was closed.
        MediaError: The decoder failed.
    """
    while (batch := moments.take()) is not None:
        pictures = [moment.frame.rgb(_LONGEST_SIDE) for moment in batch]
        prepared = tuple(tuple(captioner.prepare(rgb) for rgb in pictures) for captioner in captioners)
        ready.put(Ready(tuple((each.t0, each.t1, each.shown) for each in batch), prepared))
