"""What a probe finds out about a file; plain data, no library behind it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from mmdesk.events import MediaKind


@dataclass(frozen=True, slots=True)
class VideoStream:
    """A moving picture inside a container.

    Attributes:
        index: Number of the stream in the container.
        codec: FFmpeg's name of the codec ("h264").
        width: Columns of the first picture as shown: upright, with square pixels.
        height: Rows of the first picture as shown.
        rotation: Degrees counterclockwise by which the stored picture is turned to stand upright.
        pixel_aspect: Width of a stored pixel divided by its height.
        frame_rate: Average frames a second; None when unknown. Never used to compute a time.
        start: First presentation time in seconds from the start of the container.
        duration: Seconds; None when the container does not say.
    """

    index: int
    codec: str
    width: int
    height: int
    rotation: int = 0
    pixel_aspect: Fraction = Fraction(1)
    frame_rate: float | None = None
    start: float = 0.0
    duration: float | None = None


@dataclass(frozen=True, slots=True)
class AudioStream:
    """A sound track.

    Attributes:
        index: Number of the stream in the container.
        codec: FFmpeg's name of the codec ("aac").
        sample_rate: Samples a second as stored.
        channels: Number of channels as stored.
        language: BCP 47 tag; None when not known.
        start: First presentation time in seconds from the start of the container.
        duration: Seconds; None when the container does not say.
    """

    index: int
    codec: str
    sample_rate: int
    channels: int
    language: str | None = None
    start: float = 0.0
    duration: float | None = None


@dataclass(frozen=True, slots=True)
class SubtitleStream:
    """Subtitles inside a container.

    Attributes:
        index: Number of the stream in the container.
        codec: FFmpeg's name of the codec ("mov_text").
        is_text: Whether it holds text; False for pictures of text (PGS, DVD).
        language: BCP 47 tag; None when not known.
        title: What the container calls it; empty when it does not.
        is_default: Whether the container marks it as the one to show.
    """

    index: int
    codec: str
    is_text: bool
    language: str | None = None
    title: str = ""
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class PictureInfo:
    """A still picture.

    Attributes:
        format: Pillow's name of the format ("JPEG").
        width: Columns, upright.
        height: Rows, upright.
        mode: Pillow's name of the pixel layout ("RGB", "CMYK", "I;16").
        frames: Pictures in the file; above 1 for animations and pages, of which the first is read.
        orientation: EXIF orientation, 1 to 8.
    """

    format: str
    width: int
    height: int
    mode: str
    frames: int = 1
    orientation: int = 1


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """What a file is, by its content.

    Attributes:
        path: The file.
        kind: What it is.
        container: Format of the file ("mov,mp4,m4a,3gp,3g2,mj2", "JPEG", "srt").
        size_bytes: Size of the file.
        start: What the container's own clock shows at the first moment, seconds. All other times
            are counted from here, as players do.
        duration: Seconds that the container declares; None when unknown or a still picture.
        video: The stream that a player shows; None when there is none (cover art does not count).
        audio: The stream that a player lets hear.
        subtitles: All subtitle streams, in file order.
        picture: Details of a still picture.
        is_cut_off: Whether the file says itself that its end is missing.
    """

    path: Path
    kind: MediaKind
    container: str
    size_bytes: int
    start: float = 0.0
    duration: float | None = None
    video: VideoStream | None = None
    audio: AudioStream | None = None
    subtitles: tuple[SubtitleStream, ...] = ()
    picture: PictureInfo | None = None
    is_cut_off: bool = False
