"""Reads subtitles: files beside a film, files on their own, and text streams inside a container.

SubRip, WebVTT and (Advanced) SubStation Alpha are all read by FFmpeg's demuxers and decoders, the
same for a file and for a stream, after the file's encoding was found. (pysubs2 loses, from its source,
words: a cue's last line that is a number, and WebVTT's comments and identifiers become text.)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from av.subtitles.stream import SubtitleStream as AvSubtitleStream

from mmdesk.control import Control
from mmdesk.errors import DamagedMedia, TooLarge, UnsupportedMedia
from mmdesk.media.clock import container_start
from mmdesk.media.container import Demuxer, Written
from mmdesk.media.cues import Cue, CueReader, Note
from mmdesk.media.files import opened
from mmdesk.media.info import MediaInfo, SubtitleStream
from mmdesk.media.language import language_by_script
from mmdesk.media.sidecars import sidecar_language, sidecars
from mmdesk.media.streams import decoder_of, is_text
from mmdesk.media.written import decode_text, subtitle_format
from mmdesk.sentences import Sentence, sentence

__all__ = ["SubtitleTrack", "TextSegment", "read_embedded", "read_sidecar", "sidecars"]

_LARGEST = 64 << 20
_NEGATIVE = re.compile(r"(?m)(^|-->)([ \t]*)[-\u2212]\d{1,3}:\d{1,2}:\d{1,2}[.,]\d{1,3}")


@dataclass(frozen=True, slots=True)
class TextSegment:
    """Words that are shown from one moment to another.

    Attributes:
        t0: Start, seconds from the container's start.
        t1: End, seconds; never before `t0`.
        text: Plain text, lines separated by a newline; never empty.
        language: BCP 47 tag; None when not known.
        origin: "stream 2", or the name of the subtitle file.
        file: The file that holds them.
        stream: Number of the stream in `file`; None for a subtitle file.
    """

    t0: float
    t1: float
    text: str
    language: str | None
    origin: str
    file: Path
    stream: int | None = None


@dataclass(frozen=True, slots=True)
class SubtitleTrack:
    """All subtitles of one file or stream.

    Attributes:
        segments: In order of time; they may overlap.
        problems: What had to be repaired or left out.
        language: BCP 47 tag; None when not known.
        origin: As in `TextSegment`.
        is_default: Whether the container marks it as the one to show.
    """

    segments: tuple[TextSegment, ...]
    problems: tuple[Sentence, ...]
    language: str | None
    origin: str
    is_default: bool = False


class _Problems:
    """Collects each problem once."""

    def __init__(self) -> None:
        self._found: dict[Sentence, None] = {}

    def note(self, problem: Sentence) -> None:
        self._found[problem] = None

    def all(self) -> tuple[Sentence, ...]:
        return tuple(self._found)


def read_sidecar(path: Path, control: Control | None = None) -> SubtitleTrack:
    """Reads a subtitle file, by its content; any thread.

    Args:
        path: A .srt, .vtt, .ass or .ssa file, whatever it is called.
        control: Asked while reading.

    Raises:
        UnsupportedMedia: Not a subtitle file.
        DamagedMedia: The text fits no known encoding.
        TooLarge: More than 64 MiB.
        UnreadableFile, EmptyFile: As everywhere.
        Cancelled: The person stopped the work.
    """
    data = _all_bytes(path)
    format_name = subtitle_format(data[: 1 << 16])
    if format_name is None:
        raise UnsupportedMedia(
            path,
            sentence("This file holds no subtitles that mmdesk reads."),
            sentence("Save them as SubRip (.srt), WebVTT (.vtt) or SubStation Alpha (.ass)."),
        )
    problems = _Problems()
    text = _without_negative_times(_text(path, data), problems.note)
    with Demuxer(path, control, written=Written(text.encode("utf-8", "replace"), format_name)) as demuxer:
        stream = demuxer.container.streams.subtitles[0]
        reader = CueReader(stream, Fraction(0), problems.note)
        for packet in demuxer.packets(stream):
            reader.add(packet)
    cues = reader.cues()
    if not cues:
        problems.note(sentence("There is not one subtitle with words in this file."))
    language = sidecar_language(path) or language_by_script(_words(cues))
    segments = tuple(TextSegment(cue.t0, cue.t1, cue.text, language, path.name, path) for cue in cues)
    return SubtitleTrack(segments, problems.all(), language, path.name)


def read_embedded(info: MediaInfo, control: Control) -> tuple[SubtitleTrack, ...]:
    """Reads all subtitle streams of a film in one pass; any thread.

    Args:
        info: What `probe` found.
        control: Asked at every read of the file.

    Returns:
        One track per stream, in file order. A stream of pictures (PGS, DVD) or of an unknown format
        gives a track without segments and a problem that says so.

    Raises:
        MediaError: The file cannot be read any further.
        Cancelled: The person stopped the work.
    """
    if not info.subtitles:
        return ()
    with Demuxer(info.path, control) as demuxer:
        with demuxer.guarded():
            readers = {
                stream.index: _StreamReader(stream, demuxer) for stream in demuxer.container.streams.subtitles
            }
        texts = [reader.stream for reader in readers.values() if reader.is_text]
        for packet in demuxer.packets(*texts) if texts else ():
            control.checkpoint()
            readers[packet.stream.index].cues.add(packet)
    return tuple(
        readers[stream.index].track(info.path, stream) for stream in info.subtitles if stream.index in readers
    )


class _StreamReader:
    """One stream of a film on its way to a track."""

    def __init__(self, stream: AvSubtitleStream, demuxer: Demuxer) -> None:
        self.stream = stream
        self.is_text = is_text(stream)
        self._problems = _Problems()
        self.cues = CueReader(stream, container_start(demuxer.container), self._problems.note)

    def track(self, path: Path, described: SubtitleStream) -> SubtitleTrack:
        origin = f"stream {described.index}"
        if decoder_of(self.stream) is None:
            self._problems.note(sentence("The subtitles of {origin} have an unknown format.", origin=origin))
        elif not self.is_text:
            self._problems.note(sentence("The subtitles of {origin} are pictures, not text.", origin=origin))
        cues = self.cues.cues()
        language = described.language or language_by_script(_words(cues))
        segments = tuple(
            TextSegment(cue.t0, cue.t1, cue.text, language, origin, path, described.index) for cue in cues
        )
        return SubtitleTrack(segments, self._problems.all(), language, origin, described.is_default)


def _words(cues: list[Cue]) -> str:
    return "\n".join(cue.text for cue in cues)


def _all_bytes(path: Path) -> bytes:
    with opened(path) as file:
        data = file.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise TooLarge(
            path,
            sentence("This subtitle file is larger than 64 MiB."),
            sentence("Check that it really holds subtitles."),
        )
    return data


def _text(path: Path, data: bytes) -> str:
    decoded = decode_text(data)
    if decoded is None:
        raise DamagedMedia(
            path,
            sentence("The text of this file fits no known encoding."),
            sentence("Open it in a text editor and save it as UTF-8."),
        )
    return decoded[0].replace("\0", "")


def _without_negative_times(text: str, note: Note) -> str:
    """FFmpeg reads -00:00:01 as +00:00:01, so a time before the beginning becomes the beginning."""
    text, found = _NEGATIVE.subn(r"\g<1>\g<2>00:00:00,000", text)
    if found:
        note(sentence("Some subtitles lie before the beginning; they were cut or left out."))
    return text
