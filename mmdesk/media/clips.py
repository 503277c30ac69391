"""Cuts a piece out of a film or sound, exact to the frame, as a file of its own."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from mmdesk.control import Control
from mmdesk.errors import MediaError
from mmdesk.media.av_errors import av_failures
from mmdesk.media.frame import Frame
from mmdesk.media.info import MediaInfo
from mmdesk.media.sound import sound_frames
from mmdesk.media.video import VideoReader

_TICKS = Fraction(1, 90_000)
_RATE = 48_000
_GAP = 0.05
_QUALITY = {"crf": "20", "preset": "veryfast"}
_Item = tuple[float, int, Frame | AudioFrame]


def cut_clip(info: MediaInfo, t0: float, t1: float, target: Path, control: Control) -> None:
    """Writes the frames with t0 <= t < t1 and the sound of that time as MP4 (H.264, AAC); any thread.

    It is encoded anew, because a copied stream can only begin at a key frame. Frames keep their times;
    rotation is applied and pixels become square.

    Args:
        info: What `probe` found; a film or sound.
        t0: Seconds from the container's start.
        t1: Seconds; after `t0`.
        target: The file to write; it must not be there.
        control: Asked while reading.

    Raises:
        MediaError: The file cannot be read.
        OSError: The target cannot be written.
        Cancelled: The person stopped the work.
    """
    with target.open("xb") as file:
        sink = _Sink(file)
        try:
            with av_failures(info.path), av.open(sink, "w", format="mp4") as out:
                writer = _Writer(out, info, t0)
                sounds = _sounds(info, t0, t1, control)
                for t, _, item in heapq.merge(_pictures(info, t0, t1, control), sounds):
                    writer.add(t, item)
                writer.end()
        except MediaError:
            if sink.failure is not None:
                raise sink.failure from None
            raise


class _Sink:
    """The file that FFmpeg writes into; remembers what the file system said, which FFmpeg forgets."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.failure: OSError | None = None

    def write(self, data: bytes) -> int:
        """Writes all of it.

        Raises:
            OSError: It could not be written; `failure` keeps it.
        """
        try:
            return self._file.write(data)
        except OSError as failure:
            self.failure = failure
            raise

    def seek(self, offset: int, whence: int = 0) -> int:
        """Moves; returns the new position."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """The position."""
        return self._file.tell()


def _pictures(info: MediaInfo, t0: float, t1: float, control: Control) -> Iterator[_Item]:
    if info.video is None:
        return
    with VideoReader(info, control) as reader:
        for number, frame in enumerate(reader.frames(t0, t1)):
            yield frame.t, 2 * number, frame


def _sounds(info: MediaInfo, t0: float, t1: float, control: Control) -> Iterator[_Item]:
    if info.audio is None:
        return
    for number, (t, frame) in enumerate(sound_frames(info, control, t0)):
        if t >= t1:
            return
        if t + frame.samples / frame.sample_rate > t0:
            yield t, 2 * number + 1, frame


class _Writer:
    """Encodes pictures and sound into one container."""

    def __init__(self, out: OutputContainer, info: MediaInfo, t0: float) -> None:
        self._out, self._t0 = out, t0
        self._video: VideoStream | None = None
        self._size = (0, 0)
        self._sound: AudioStream | None = None
        self._resampler = AudioResampler(format="fltp", layout="stereo", rate=_RATE)
        self._samples: int | None = None
        if info.video is not None:
            self._video = out.add_stream("libx264", rate=30, options=dict(_QUALITY))
            self._video.codec_context.time_base = _TICKS
            self._video.pix_fmt = "yuv420p"
        if info.audio is not None:
            self._sound = out.add_stream("aac", rate=_RATE, layout="stereo")

    def add(self, t: float, item: Frame | AudioFrame) -> None:
        """Takes the next picture or sound, in order of time."""
        if isinstance(item, Frame):
            self._picture(t, item)
        else:
            due = round((t - self._t0) * _RATE)
            if self._samples is None or abs(due - self._samples) > _GAP * _RATE:
                self._samples = due  # may lie before zero; the container then begins with the sound
            item.pts = None
            self._encode_sound(item)

    def end(self) -> None:
        """Writes what the encoders still hold."""
        if self._sound is not None:
            self._encode_sound(None)
            self._out.mux(self._sound.encode(None))
        if self._video is not None and self._size != (0, 0):
            self._out.mux(self._video.encode(None))

    def _picture(self, t: float, frame: Frame) -> None:
        assert self._video is not None
        rgb = frame.rgb()
        if self._size == (0, 0):
            self._size = rgb.shape[1] // 2 * 2, rgb.shape[0] // 2 * 2
            self._video.width, self._video.height = self._size
        width, height = self._size
        if rgb.shape[:2] != (height, width):
            rgb = frame.small(width, height) if rgb.shape[0] < height or rgb.shape[1] < width else rgb
        picture = VideoFrame.from_ndarray(np.ascontiguousarray(rgb[:height, :width]), format="rgb24")
        picture.pts, picture.time_base = round((t - self._t0) / _TICKS), _TICKS
        self._out.mux(self._video.encode(picture))

    def _encode_sound(self, frame: AudioFrame | None) -> None:
        assert self._sound is not None
        for made in self._resampler.resample(frame):
            made.pts, made.time_base = self._samples or 0, Fraction(1, _RATE)
            self._samples = made.pts + made.samples
            self._out.mux(self._sound.encode(made))
