"""Decodes a film from one point on, and finds such points."""

from __future__ import annotations

import itertools
import math
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from types import TracebackType
from typing import Self

from av import VideoStream as AvVideoStream
from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.frame import VideoFrame

from mmdesk.control import Control
from mmdesk.errors import DamagedMedia, MediaError
from mmdesk.media.clock import Clock, Ordering, container_start
from mmdesk.media.container import MAX_PIXELS, Demuxer, decoded
from mmdesk.media.frame import Frame
from mmdesk.media.info import MediaInfo
from mmdesk.media.streams import film_stream, pixel_aspect
from mmdesk.media.wholeness import cut_off
from mmdesk.sentences import Sentence, sentence

_MOST_THREADS = 6
_DEFAULT_RATE = 25.0
_EXACT = ("mov,", "matroska,")


class Run:
    """Frames from one point on.

    Attributes:
        last: The frame that was passed last; None at the beginning.
        head: The frame that comes next; None at the end.
    """

    def __init__(self, frames: Iterator[Frame]) -> None:
        self._frames = frames
        self.last: Frame | None = None
        self.head = next(frames, None)

    def advance(self) -> None:
        """Passes the head."""
        self.last, self.head = self.head, next(self._frames, None)

    def shows(self, t: float) -> bool:
        """Whether `last` is what a player shows at a moment."""
        return self.last is not None and self.last.t <= t and (self.head is None or t < self.head.t)


class FilmDecoder:
    """An open film that can start decoding anywhere. A context manager; one thread at a time.

    Attributes:
        in_order: False once timestamps were found missing or running backwards; what is read after
            a seek then differs from reading through, because repairing depends on what came before.
    """

    def __init__(self, info: MediaInfo, control: Control, note: Callable[[Sentence], None]) -> None:
        """Prepares to decode; nothing is opened yet.

        Args:
            info: What `probe` found.
            control: Asked before every packet.
            note: Told what had to be skipped or repaired.
        """
        self._info = info
        self._control = control
        self._note = note
        self.in_order = True

    def __enter__(self) -> Self:
        """Opens the file.

        Raises:
            MediaError: The file changed since it was probed, vanished or is damaged.
            Cancelled: The person stopped the work.
        """
        self._open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def from_start(self) -> Run:
        """Reads through; the file is opened anew, because not every format can seek to its start.

        Raises:
            DamagedMedia: Not one frame can be decoded.
            MediaError: The file cannot be read.
            Cancelled: The person stopped the work.
        """
        self._close()
        self._open()
        run = Run(self._shown(self._pictures()))
        if run.head is None:
            raise DamagedMedia(
                self._info.path,
                sentence("Not one picture of this film could be decoded."),
                sentence("Copy or download it again; if it came from a camera, try its repair function."),
            )
        return run

    def from_key_frame_before(self, t: float, aim: float) -> Run | None:
        """Seeks.

        Args:
            t: The run has to begin at or before this moment, with a key frame.
            aim: Where to tell the container to seek to, at or before `t`.

        Returns:
            The run; None when the key frame that was found lies behind `t`.
        """
        try:
            with self._demuxer.guarded():
                self._demuxer.container.seek(self._clock.pts(aim), stream=self._stream)
        except MediaError:
            return None
        pictures = self._pictures()
        key_frame = self._first_key_frame(pictures, t)
        return None if key_frame is None else Run(self._shown(itertools.chain((key_frame,), pictures)))

    def _first_key_frame(self, pictures: Iterator[VideoFrame], t: float) -> VideoFrame | None:
        """Skips what cannot be decoded or timed rightly without what came before the seek.

        MP4 and Matroska store the time of every packet. Elsewhere FFmpeg infers times from those
        of other packets, and right after a seek it can be wrong by several frames (seen with
        MPEG-PS), so there the second key frame is the first to be trusted.
        """
        to_come = 1 if self._demuxer.container.format.name.startswith(_EXACT) else 2
        for picture in pictures:
            stamp = self._stamp(picture)
            if stamp is None or stamp > t:
                return None
            to_come -= picture.key_frame
            if to_come == 0:
                return picture
        return None

    def _open(self) -> None:
        with ExitStack() as stack:
            self._demuxer = stack.enter_context(Demuxer(self._info.path, self._control))
            with self._demuxer.guarded():
                self._choose_stream(self._demuxer.container)
            stack.pop_all()

    def _close(self) -> None:
        self._demuxer.__exit__(None, None, None)
        # The decoder, its threads and pictures live as long as the stream is known to anybody.
        vars(self).pop("_stream", None)

    def _choose_stream(self, container: InputContainer) -> None:
        stream = film_stream(container)
        if stream is None or stream.time_base is None:
            raise ValueError("the film's stream is gone")
        prepare_decoder(stream)
        self._stream = stream
        self._aspect = pixel_aspect(stream)
        self._nominal = 1 / float(stream.average_rate or _DEFAULT_RATE)
        # AVI stores a rate and no times: what comes out of the decoder last is one step later.
        self._counts = container.format.name == "avi"
        self._clock = Clock(container_start(container), stream.time_base)

    def _shown(self, pictures: Iterator[VideoFrame]) -> Iterator[Frame]:
        """Decoded pictures in order, with repaired times and how long each is shown."""
        ordering = Ordering(self._nominal)
        t, shown = 0.0, None
        for picture in pictures:
            following = ordering.place(self._stamp(picture))
            self._watch(ordering)
            if shown is not None:
                yield Frame(t, following - t, shown, self._info.path, self._aspect)
            t, shown = following, picture
        if shown is not None:
            own = shown.duration * shown.time_base if shown.time_base is not None else 0
            yield Frame(t, float(own) or self._nominal, shown, self._info.path, self._aspect)
        if self._demuxer.ended_early(self._info):
            self._note(cut_off(t))

    def _stamp(self, picture: VideoFrame) -> float | None:
        """The presentation time; the decoding time where a format (AVI) stores no other, as Qt does."""
        stamp = picture.pts if picture.pts is not None else picture.dts
        return None if stamp is None else self._clock.seconds(stamp)

    def _pictures(self) -> Iterator[VideoFrame]:
        for packet in self._demuxer.packets(self._stream):
            self._control.checkpoint()
            yield from self._decoded(packet)

    def _decoded(self, packet: Packet[Stream]) -> list[VideoFrame]:
        frames = decoded(packet)
        if frames is None:
            self._note(sentence("Some pictures are damaged and were left out."))
        return [frame for frame in frames or () if isinstance(frame, VideoFrame)]

    def _watch(self, ordering: Ordering) -> None:
        if ordering.missing and not self._counts:
            self._note(sentence("Some pictures have no time stamp; their times are estimated."))
            self.in_order = False
        if ordering.disordered:
            self._note(sentence("Some time stamps run backwards; these pictures were put in order."))
            self.in_order = False


def timestamps_rise(info: MediaInfo, control: Control) -> bool:
    """Looks through all packets without decoding whether every one has a time and none runs back.

    Raises:
        MediaError: The file cannot be read.
        Cancelled: The person stopped the work.
    """
    with Demuxer(info.path, control) as demuxer:
        stream = film_stream(demuxer.container)
        if stream is None:
            return False
        packets = (packet for packet in demuxer.packets(stream) if packet.size)
        return _rises(packets, reorders=bool(stream.codec_context.has_b_frames))


def _rises(packets: Iterator[Packet[Stream]], reorders: bool) -> bool:
    pts = dts = -math.inf
    for packet in packets:
        stamp = packet.dts if packet.pts is None else packet.pts
        if stamp is None or (packet.dts is not None and packet.dts <= dts):
            return False
        if not reorders and stamp <= pts:
            return False
        pts, dts = stamp, dts if packet.dts is None else packet.dts
    return True


def prepare_decoder(stream: AvVideoStream) -> None:
    """Threads and the limit on memory, before the first packet."""
    context = stream.codec_context
    context.options = {**context.options, "max_pixels": str(MAX_PIXELS)}
    context.thread_type = "AUTO"
    context.thread_count = min(os.cpu_count() or 1, _MOST_THREADS)
