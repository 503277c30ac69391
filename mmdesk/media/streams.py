"""Which of a container's streams matter, and what they are."""

from __future__ import annotations

from fractions import Fraction
from typing import TypeVar

from av import AudioStream as AvAudioStream
from av import VideoStream as AvVideoStream
from av.codec.context import CodecContext
from av.container import InputContainer
from av.stream import Disposition, Stream
from av.subtitles.stream import SubtitleStream as AvSubtitleStream

from mmdesk.media.clock import container_start
from mmdesk.media.frame import square
from mmdesk.media.info import AudioStream, SubtitleStream, VideoStream
from mmdesk.media.language import language_tag

S = TypeVar("S", bound=Stream)

_BITMAP_CODECS = frozenset(
    {"hdmv_pgs_subtitle", "pgssub", "dvd_subtitle", "dvdsub", "dvb_subtitle", "dvbsub", "xsub"}
)


def film_stream(container: InputContainer) -> AvVideoStream | None:
    """The moving picture that a player shows: the default one, else the first; never cover art."""
    return _preferred([stream for stream in container.streams.video if _is_film(stream)])


def sound_stream(container: InputContainer) -> AvAudioStream | None:
    """The sound track that a player lets hear: the default one, else the first."""
    return _preferred([stream for stream in container.streams.audio if decoder_of(stream) is not None])


def describe_video(container: InputContainer, stream: AvVideoStream, rotation: int) -> VideoStream:
    """Plain data about the film.

    Args:
        container: The open container.
        stream: One of its streams.
        rotation: Degrees counterclockwise of the first frame's display matrix.
    """
    aspect = pixel_aspect(stream)
    width, height = square(stream.width, stream.height, aspect)
    return VideoStream(
        index=stream.index,
        codec=_codec(stream),
        width=height if rotation % 180 else width,
        height=width if rotation % 180 else height,
        rotation=rotation,
        pixel_aspect=aspect,
        frame_rate=float(stream.average_rate) if stream.average_rate else None,
        start=_start(container, stream),
        duration=_duration(stream),
    )


def describe_audio(container: InputContainer, stream: AvAudioStream) -> AudioStream:
    """Plain data about a sound track."""
    return AudioStream(
        index=stream.index,
        codec=_codec(stream),
        sample_rate=stream.codec_context.sample_rate,
        channels=stream.codec_context.channels,
        language=language_tag(stream.language),
        start=_start(container, stream),
        duration=_duration(stream),
    )


def describe_subtitles(container: InputContainer) -> tuple[SubtitleStream, ...]:
    """Plain data about all subtitle streams."""
    return tuple(_describe_subtitle(stream) for stream in container.streams.subtitles)


def decoder_of(stream: Stream) -> CodecContext | None:
    """The decoder of a stream; None where FFmpeg has none (PyAV's types leave that out)."""
    return stream.codec_context


def pixel_aspect(stream: AvVideoStream) -> Fraction:
    """Width of a stored pixel divided by its height; 1 when unknown or absurd."""
    aspect = stream.sample_aspect_ratio
    return aspect if aspect is not None and Fraction(1, 8) <= aspect <= 8 else Fraction(1)


def is_text(stream: AvSubtitleStream) -> bool:
    """Whether a subtitle stream holds text that can be decoded, rather than pictures of text."""
    return _codec(stream) not in _BITMAP_CODECS | {""}


def _describe_subtitle(stream: AvSubtitleStream) -> SubtitleStream:
    return SubtitleStream(
        index=stream.index,
        codec=_codec(stream),
        is_text=is_text(stream),
        language=language_tag(stream.language),
        title=stream.metadata.get("title", ""),
        is_default=bool(stream.disposition & Disposition.default),
    )


def _is_film(stream: AvVideoStream) -> bool:
    stills = Disposition.attached_pic | Disposition.timed_thumbnails | Disposition.still_image
    return decoder_of(stream) is not None and not stream.disposition & stills and stream.width > 0


def _preferred(streams: list[S]) -> S | None:
    marked = [stream for stream in streams if stream.disposition & Disposition.default]
    return next(iter(marked or streams), None)


def _codec(stream: Stream) -> str:
    decoder = decoder_of(stream)
    return "" if decoder is None else decoder.name


def _start(container: InputContainer, stream: Stream) -> float:
    if stream.start_time is None or stream.time_base is None:
        return 0.0
    return float(stream.start_time * stream.time_base - container_start(container))


def _duration(stream: Stream) -> float | None:
    if stream.duration is None or stream.time_base is None or stream.duration <= 0:
        return None
    return float(stream.duration * stream.time_base)
