"""Films and sound that tests write with PyAV: every picture tells its number, every beep its time."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av import AudioFrame, AudioLayout, AudioStream, VideoFrame, VideoStream
from av.container import OutputContainer
from av.subtitles.stream import SubtitleStream
from av.subtitles.subtitle import SubtitleSet
from numpy.typing import NDArray

MS = Fraction(1, 1000)
SIZE = (160, 128)
RATE = 16_000
_ASS_HEADER = (
    b"[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\nFormat: Name, Fontname, Fontsize, PrimaryColour, "
    b"SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, "
    b"Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding\n"
    b"Style: Default,Arial,16,&Hffffff,&Hffffff,&H0,&H0,0,0,0,0,100,100,0,0,1,1,0,2,10,10,10,1\n\n"
    b"[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
)


@dataclass(frozen=True)
class Subtitle:
    """One cue of an embedded stream, in milliseconds."""

    t0: int
    t1: int
    text: str


@dataclass(frozen=True)
class Film:
    """What to write. Times in milliseconds.

    Attributes:
        times: When each picture is shown, in the order of writing.
        codec: FFmpeg's encoder.
        options: Of the encoder.
        container_options: Of the muxer.
        clock: Time base of the encoder; MPEG-2 knows only frame rates.
        size: Width and height.
        rotation: Degrees counterclockwise that the player shall turn.
        pixel_aspect: Of one stored pixel.
        sound: Where the sound starts and ends.
        subtitles: Cues, and the codec and language of their stream.
    """

    times: Sequence[int]
    codec: str = "mpeg4"
    options: Mapping[str, str] = field(default_factory=dict)
    container_options: Mapping[str, str] = field(default_factory=dict)
    clock: Fraction = MS
    size: tuple[int, int] = SIZE
    rotation: float = 0
    pixel_aspect: Fraction | None = None
    sound: tuple[int, int] | None = None
    sound_codec: str = "aac"
    subtitles: tuple[Subtitle, ...] = ()
    subtitle_codec: str = "mov_text"
    subtitle_language: str = "eng"


def steady(count: int, first: int = 0, step: int = 100) -> list[int]:
    """Times of a film with a constant frame rate."""
    return [first + number * step for number in range(count)]


@contextmanager
def as_somebody_else() -> Iterator[None]:
    """Drops the rights of root, who may read everything, inside the block."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def write_film(path: Path, film: Film, container: str | None = None) -> Path:
    """Writes a film; the name of the file decides the container unless it is given."""
    with av.open(str(path), "w", format=container, options=dict(film.container_options)) as output:
        video = _add_video(output, film) if film.times else None
        audio = _add_audio(output, film) if film.sound else None
        words = _add_words(output, film) if film.subtitles else None
        if video is not None:
            _write_pictures(output, video, film)
        if audio is not None and film.sound is not None:
            write_beeps(output, audio, *film.sound)
        if words is not None:
            _write_words(output, words, film.subtitles)
    return path


def numbered(number: int, size: tuple[int, int] = SIZE) -> NDArray[np.uint8]:
    """A picture of eight bars that spell a number below 256: white is 1, dark is 0, highest bit left."""
    width, height = size
    bits = [255 if number >> bit & 1 else 30 for bit in range(7, -1, -1)]
    row = np.repeat(np.array(bits, np.uint8), -(-width // 8))[:width]
    return np.broadcast_to(row[np.newaxis, :, np.newaxis], (height, width, 3)).copy()


def number_in(rgb: NDArray[np.uint8]) -> int:
    """The number that a decoded picture spells."""
    width = rgb.shape[1]
    middles = [round((bar + 0.5) * width / 8) for bar in range(8)]
    bits = [int(rgb[rgb.shape[0] // 2, middle].mean() > 140) for middle in middles]
    return int("".join(map(str, bits)), 2)


def _add_video(output: OutputContainer, film: Film) -> VideoStream:
    stream = output.add_stream(
        film.codec, rate=round(1 / film.clock) if film.clock > MS else 10, options=dict(film.options)
    )
    assert isinstance(stream, VideoStream)
    stream.width, stream.height = film.size
    stream.pix_fmt = {"ffv1": "bgr0", "mjpeg": "yuvj420p", "png": "rgb24"}.get(film.codec, "yuv420p")
    stream.time_base = stream.codec_context.time_base = film.clock
    if film.pixel_aspect is not None:
        stream.codec_context.sample_aspect_ratio = film.pixel_aspect
    if film.rotation:
        stream.set_display_rotation(film.rotation)
    return stream


def _add_audio(output: OutputContainer, film: Film) -> AudioStream:
    stream = output.add_stream(film.sound_codec, rate=RATE)
    assert isinstance(stream, AudioStream)
    stream.codec_context.layout = AudioLayout("mono")
    return stream


def _add_words(output: OutputContainer, film: Film) -> SubtitleStream:
    stream = output.add_stream(film.subtitle_codec)
    assert isinstance(stream, SubtitleStream)
    stream.metadata["language"] = film.subtitle_language
    stream.codec_context.subtitle_header = _ASS_HEADER
    return stream


def _write_pictures(output: OutputContainer, stream: VideoStream, film: Film) -> None:
    for number, t in enumerate(film.times):
        frame = VideoFrame.from_ndarray(numbered(number % 256, film.size), format="rgb24")
        frame.pts, frame.time_base = round(t * MS / film.clock), film.clock
        output.mux(stream.encode(frame))
    output.mux(stream.encode(None))


def write_beeps(output: OutputContainer, stream: AudioStream, start: int, end: int) -> None:
    """A tone of 1 kHz in every even second, silence in every odd one."""
    moments = np.arange(start * RATE // 1000, end * RATE // 1000)
    tone = 0.5 * np.sin(2 * np.pi * 1000 * moments / RATE) * (moments // RATE % 2 == 0)
    for first in range(0, len(tone), 1024):
        piece = tone[np.newaxis, first : first + 1024].astype(np.float32)
        frame = AudioFrame.from_ndarray(piece, format="fltp", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE, int(moments[first]), Fraction(1, RATE)
        output.mux(stream.encode(frame))
    output.mux(stream.encode(None))


def _write_words(output: OutputContainer, stream: SubtitleStream, cues: Sequence[Subtitle]) -> None:
    for cue in cues:
        event = SubtitleSet.create(
            f"0,0,Default,,0,0,0,,{cue.text}".encode(), 0, cue.t1 - cue.t0, cue.t0 * 1000
        )
        packet = stream.codec_context.encode_subtitle(event)
        packet.stream, packet.time_base = stream, MS
        packet.pts = packet.dts = cue.t0
        packet.duration = cue.t1 - cue.t0
        output.mux(packet)
