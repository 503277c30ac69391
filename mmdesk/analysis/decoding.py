"""First stage of watching a film: its frames, the chunk that the person looks at first."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from mmdesk.analysis.chunks import Chunks
from mmdesk.analysis.look import HEIGHT, WIDTH, Look, is_cut, look
from mmdesk.analysis.past import Past
from mmdesk.analysis.pipe import Pipe
from mmdesk.control import Control
from mmdesk.media.frame import Frame
from mmdesk.media.info import MediaInfo
from mmdesk.media.video import VideoReader
from mmdesk.sentences import Sentence

# Frames that are handed over together; a lock for each would cost as much as looking at it.
_TOGETHER = 4
LANE = "pictures"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some frames of a chunk, in order.

    Attributes:
        chunk: Number of the chunk.
        begin: When it begins, seconds.
        is_first: Whether the chunk begins (again) with these frames.
        frames: The frames; the very first was shown when the chunk began.
        end: When the chunk ends, seconds, if these are its last frames.
        before: The last frame before the chunk; None where the scene at the start is to be captioned
            also when it is an old one.
        continues: With `end`: whether the chunk starts within a scene that began in the one before.
    """

    chunk: int
    begin: float
    is_first: bool
    frames: tuple[Frame, ...]
    end: float | None = None
    before: Look | None = None
    continues: bool = False


class Decoder:
    """Reads a film chunk by chunk into a pipe. On its own thread.

    Attributes:
        problems: What had to be skipped or repaired so far.
    """

    def __init__(
        self, info: MediaInfo, steering: Control, control: Control, out: Pipe[Piece], past: Past
    ) -> None:
        """Opens nothing yet.

        Args:
            info: A film.
            steering: Says where the person is watching.
            control: Stops the reading.
            out: Takes the frames.
            past: What an earlier run had done; its chunks are left out.
        """
        self._info = info
        self._steering = steering
        self._control = control
        self._out = out
        self._chunks = Chunks(info.duration)
        self._finished = 0.0
        self._within = 0.0
        self._end = 0.0
        self.problems: tuple[Sentence, ...] = ()
        for passed in past.whole(LANE):
            self._ended(passed.part, passed.t1, passed.continues)

    @property
    def seconds(self) -> float:
        """Seconds of the film that have been decoded; any thread."""
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
            Cancelled: The control was cancelled, or the pipe closed.
        """
        with VideoReader(self._info, self._control) as reader:
            while (index := self._chunks.next(self._steering.focus)) is not None:
                self._chunk(reader, index)
                self.problems = tuple(reader.problems)

    def _chunk(self, reader: VideoReader, index: int) -> None:
        """One chunk, or its beginning when the person looks elsewhere."""
        begin, end = self._chunks.bounds(index)
        before = None if self._chunks.is_fresh(index) else _look_before(reader, begin)
        frames: list[Frame] = []
        reached, is_first, continues = begin, True, False
        for frame in _frames(reader, begin, end):
            if len(frames) == _TOGETHER:
                self._out.put(Piece(index, begin, is_first, tuple(frames), before=before))
                frames, is_first = [], False
            if is_first and not frames:
                continues = before is not None and not is_cut(before, _look(frame))
            frames.append(frame)
            reached = min(end, frame.t + frame.duration)
            self._within = reached - begin
            if self._chunks.leaves(index, self._steering.focus):
                self._within = 0.0
                return
        if not frames:
            self._chunks.ended_before(index)
            return
        self._out.put(Piece(index, begin, is_first, tuple(frames), reached, before, continues))
        self._ended(index, reached, continues)

    def _ended(self, index: int, reached: float, continues: bool) -> None:
        """A chunk needs no more work; it reaches up to so many seconds."""
        self._end = max(self._end, reached)
        self._finished, self._within = self._finished + reached - self._chunks.bounds(index)[0], 0.0
        self._chunks.done(index, continues)


def _look_before(reader: VideoReader, begin: float) -> Look | None:
    """The last frame before a chunk; None when the film begins later."""
    frame = reader.frame_at(math.nextafter(begin, -math.inf))
    return _look(frame) if frame.t < begin else None


def _look(frame: Frame) -> Look:
    return look(frame.small(WIDTH, HEIGHT))


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
