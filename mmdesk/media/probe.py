"""Finds out what a file is by its content; the name plays no part."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream as AvVideoStream

from mmdesk.control import Control
from mmdesk.errors import DamagedMedia, MediaError, TooLarge, UnsupportedMedia
from mmdesk.events import MediaKind
from mmdesk.media.av_errors import media_failure
from mmdesk.media.clock import container_start
from mmdesk.media.container import MAX_PIXELS, Demuxer, decoded
from mmdesk.media.files import file_status, opened
from mmdesk.media.info import AudioStream, MediaInfo, PictureInfo, SubtitleStream, VideoStream
from mmdesk.media.picture import describe_picture
from mmdesk.media.signatures import is_heif, looks_like_text, signature_kind
from mmdesk.media.streams import describe_audio, describe_subtitles, describe_video, film_stream, sound_stream
from mmdesk.media.wholeness import end_is_missing
from mmdesk.media.written import subtitle_format
from mmdesk.sentences import sentence

__all__ = ["AudioStream", "MediaInfo", "PictureInfo", "SubtitleStream", "VideoStream", "probe"]

_HEAD = 1 << 14
_MICROSECONDS = 1_000_000
_PACKETS_TO_FIRST_FRAME = 500


def probe(path: Path, control: Control | None = None) -> MediaInfo:
    """What a file is, by its content; any thread but Qt's.

    A regular file is opened, anything else is refused without being touched. A film's first frame
    is decoded, because only the decoder knows how it is turned.

    Args:
        path: The file.
        control: Asked while reading, if there is somebody to cancel.

    Raises:
        UnreadableFile: Missing, not allowed, a pipe, device, socket, folder or broken link.
        EmptyFile: Zero bytes.
        UnsupportedMedia: Nothing that mmdesk reads.
        DamagedMedia: The beginning is right and the rest cannot be read.
        TooLarge: Would need more memory than is allowed.
        Cancelled: The person stopped the work.
    """
    size = file_status(path).st_size
    with opened(path) as file:
        head = file.read(_HEAD)
        is_cut_off = end_is_missing(file)
    kind = signature_kind(head)
    if kind is MediaKind.PICTURE:
        return _picture(path, size, head)
    if kind is None and (written := subtitle_format(head)) is not None:
        return MediaInfo(path, MediaKind.SUBTITLES, written, size)
    try:
        with Demuxer(path, control) as demuxer:
            return replace(_described(demuxer, size, certain=kind is not None), is_cut_off=is_cut_off)
    except DamagedMedia as failure:
        if kind is None:
            raise _unknown(path, head) from failure
        raise


def _picture(path: Path, size: int, head: bytes) -> MediaInfo:
    if is_heif(head):
        raise UnsupportedMedia(
            path,
            sentence("This is a HEIF picture, which mmdesk does not read."),
            sentence("Save it as JPEG (on an iPhone: Settings, Camera, Formats, Most Compatible)."),
        )
    picture = describe_picture(path)
    return MediaInfo(path, MediaKind.PICTURE, picture.format, size, picture=picture)


def _described(demuxer: Demuxer, size: int, certain: bool) -> MediaInfo:
    container = demuxer.container
    film, sound = film_stream(container), sound_stream(container)
    if film is None and sound is None:
        raise _nothing_to_see_or_hear(demuxer.path)
    if film is not None and film.width * film.height > MAX_PIXELS:
        raise _too_large(demuxer.path)
    rotation = _rotation(demuxer, film) if film is not None else None
    if film is not None and rotation is None and not certain:
        raise media_failure(demuxer.path, ValueError("bytes that only look like a film"))
    with demuxer.guarded():
        return MediaInfo(
            path=demuxer.path,
            kind=MediaKind.SOUND if film is None else MediaKind.VIDEO,
            container=container.format.name,
            size_bytes=size,
            start=float(container_start(container)),
            duration=_duration(container),
            video=describe_video(container, film, rotation or 0) if film is not None else None,
            audio=describe_audio(container, sound) if sound is not None else None,
            subtitles=describe_subtitles(container),
        )


def _rotation(demuxer: Demuxer, film: AvVideoStream) -> int | None:
    """Rotation of the first frame that can be decoded; None when none of the first packets can."""
    for number, packet in enumerate(demuxer.packets(film)):
        for frame in decoded(packet) or ():
            if isinstance(frame, VideoFrame):
                return round(frame.rotation / 90) * 90
        if number > _PACKETS_TO_FIRST_FRAME:
            break
    return None


def _duration(container: InputContainer) -> float | None:
    return container.duration / _MICROSECONDS if container.duration else None


def _unknown(path: Path, head: bytes) -> MediaError:
    message = sentence("mmdesk does not know this kind of file.")
    if looks_like_text(head):
        message = sentence("This file holds plain text, not a picture, film, sound or subtitles.")
    return UnsupportedMedia(path, message, sentence("Choose a picture, video, sound or subtitle file."))


def _too_large(path: Path) -> MediaError:
    return TooLarge(
        path,
        sentence("The pictures of this film are larger than 8K."),
        sentence("Convert it to a smaller size and open that."),
    )


def _nothing_to_see_or_hear(path: Path) -> MediaError:
    return UnsupportedMedia(
        path,
        sentence("This file has neither moving picture nor sound that mmdesk can decode."),
        sentence("Convert it to MP4 with H.264 and AAC and open that."),
    )
