"""Reads a sound track as mono samples with exact times, in pieces."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from av import AudioStream as AvAudioStream
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from numpy.typing import NDArray

from mmdesk.control import Control
from mmdesk.errors import UnsupportedMedia
from mmdesk.media.clock import Clock, Ordering, container_start
from mmdesk.media.container import Demuxer, decoded
from mmdesk.media.info import MediaInfo
from mmdesk.media.streams import sound_stream
from mmdesk.media.wholeness import cut_off
from mmdesk.sentences import Sentence, sentence

SAMPLE_RATE = 16_000
_PIECE = SAMPLE_RATE // 2
_PREROLL = 1.0
_GAP = 0.05

Note = Callable[[Sentence], None]
_TimedSound = tuple[float, AudioFrame]


@dataclass(frozen=True, slots=True)
class AudioChunk:
    """Consecutive samples without a gap.

    Attributes:
        t0: Presentation time of the first sample, seconds from the container's start.
        t1: End of the last sample: t0 + n / 16,000.
        samples: [n] mono float32 at 16 kHz, full scale is [-1, 1]; contiguous, the caller's own.
    """

    t0: float
    t1: float
    samples: NDArray[np.float32]


def read_sound(
    info: MediaInfo,
    control: Control,
    t0: float = 0.0,
    t1: float | None = None,
    note: Note = lambda problem: None,
) -> Iterator[AudioChunk]:
    """Decodes, mixes down and resamples; any thread.

    Channels are mixed by FFmpeg's weights, scaled so that their sum cannot exceed full scale. A gap
    in the track of more than 50 ms is a gap between chunks, never silence made up. Damaged
    packets are left out, which makes a gap.

    Args:
        info: What `probe` found.
        control: Asked before every packet and every read of the file.
        t0: Seconds from the container's start.
        t1: Seconds; None is the end.
        note: Told what had to be left out.

    Yields:
        Chunks of about half a second, in order, clipped to the sample at `t0` and `t1`.

    Raises:
        UnsupportedMedia: The file has no sound.
        MediaError: The file cannot be read any further.
        Cancelled: The person stopped the work.
    """
    with Demuxer(info.path, control) as demuxer:
        stream = sound_stream(demuxer.container)
        if stream is None:
            raise UnsupportedMedia(
                info.path, sentence("This file has no sound."), sentence("Choose a film or a sound file.")
            )
        end = 0.0
        clock = Clock(container_start(demuxer.container), stream.time_base or Fraction(1, SAMPLE_RATE))
        if t0 > _PREROLL:
            with demuxer.guarded():
                demuxer.container.seek(clock.pts(t0 - _PREROLL), stream=stream)
        chunks = _chunks(_timed(_decoded(demuxer, stream, control, note), clock))
        while (chunk := _next(demuxer, chunks)) is not None:
            if t1 is not None and chunk.t0 >= t1:
                return
            yield from _clipped(chunk, t0, t1)
            end = chunk.t1
        if demuxer.ended_early(info):
            note(cut_off(end))


def sound_frames(info: MediaInfo, control: Control, t0: float) -> Iterator[tuple[float, AudioFrame]]:
    """Start and frames of a sound track as they are, from a moment on or a little before; any thread.

    Args:
        info: What `probe` found.
        control: Asked before every packet and every read of the file.
        t0: Seconds from the container's start.

    Raises:
        MediaError: The file cannot be read.
        Cancelled: The person stopped the work.
    """
    with Demuxer(info.path, control) as demuxer:
        stream = sound_stream(demuxer.container)
        if stream is None:
            return
        clock = Clock(container_start(demuxer.container), stream.time_base or Fraction(1, SAMPLE_RATE))
        if t0 > _PREROLL:
            with demuxer.guarded():
                demuxer.container.seek(clock.pts(t0 - _PREROLL), stream=stream)
        yield from _timed(_decoded(demuxer, stream, control, lambda problem: None), clock)


def _next(demuxer: Demuxer, chunks: Iterator[AudioChunk]) -> AudioChunk | None:
    with demuxer.guarded():
        return next(chunks, None)


class _Stretch:
    """Sound without a gap and in one format, on its way through the resampler."""

    def __init__(self, t: float, first: AudioFrame) -> None:
        self._resampler = AudioResampler(
            format="flt", layout="mono", rate=SAMPLE_RATE, options={"rematrix_maxval": "1.0"}
        )
        self._format = _format(first)
        self._input_end = t
        self._output_end = t
        self._pieces: list[NDArray[np.float32]] = []

    def continues_with(self, t: float, frame: AudioFrame) -> bool:
        """Whether a frame follows without a gap and in the same format."""
        return abs(t - self._input_end) <= _GAP and _format(frame) == self._format

    def add(self, frame: AudioFrame) -> Iterator[AudioChunk]:
        """Takes a frame; gives a chunk when enough has come together."""
        self._input_end += frame.samples / frame.sample_rate
        frame.pts = None  # times are counted in samples from the start of the stretch
        self._collect(frame)
        if sum(map(len, self._pieces)) >= _PIECE:
            yield from self._emit()

    def end(self) -> Iterator[AudioChunk]:
        """Gives what is left in the resampler."""
        self._collect(None)
        yield from self._emit()

    def _collect(self, frame: AudioFrame | None) -> None:
        for made in self._resampler.resample(frame):
            self._pieces.append(np.asarray(made.to_ndarray(), dtype=np.float32).reshape(-1))

    def _emit(self) -> Iterator[AudioChunk]:
        if not self._pieces:
            return
        samples = np.concatenate(self._pieces)
        self._pieces = []
        start = self._output_end
        self._output_end = start + len(samples) / SAMPLE_RATE
        yield AudioChunk(start, self._output_end, samples)


def _chunks(timed: Iterator[_TimedSound]) -> Iterator[AudioChunk]:
    stretch: _Stretch | None = None
    for t, frame in timed:
        if stretch is None or not stretch.continues_with(t, frame):
            if stretch is not None:
                yield from stretch.end()
            stretch = _Stretch(t, frame)
        yield from stretch.add(frame)
    if stretch is not None:
        yield from stretch.end()


def _timed(frames: Iterator[AudioFrame], clock: Clock) -> Iterator[_TimedSound]:
    ordering: Ordering | None = None
    for frame in frames:
        ordering = ordering or Ordering(frame.samples / frame.sample_rate)
        yield ordering.place(None if frame.pts is None else clock.seconds(frame.pts)), frame


def _decoded(demuxer: Demuxer, stream: AvAudioStream, control: Control, note: Note) -> Iterator[AudioFrame]:
    for packet in demuxer.packets(stream):
        control.checkpoint()
        frames = decoded(packet)
        if frames is None:
            note(sentence("Some of the sound is damaged and was left out."))
        yield from (frame for frame in frames or () if isinstance(frame, AudioFrame) and frame.samples)


def _clipped(chunk: AudioChunk, t0: float, t1: float | None) -> Iterator[AudioChunk]:
    first = max(0, round((t0 - chunk.t0) * SAMPLE_RATE))
    last = len(chunk.samples) if t1 is None else min(len(chunk.samples), round((t1 - chunk.t0) * SAMPLE_RATE))
    if first == 0 and last == len(chunk.samples):
        yield chunk
    elif first < last:
        start = chunk.t0 + first / SAMPLE_RATE
        yield AudioChunk(start, start + (last - first) / SAMPLE_RATE, chunk.samples[first:last].copy())


def _format(frame: AudioFrame) -> tuple[str, str, int]:
    return frame.format.name, frame.layout.name, frame.sample_rate
