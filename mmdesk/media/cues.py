"""Subtitle packets as plain words with times."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from av.packet import Packet
from av.stream import Stream
from av.subtitles.stream import SubtitleStream
from av.subtitles.subtitle import AssSubtitle

from mmdesk.media.av_errors import AV_ERRORS
from mmdesk.media.clock import Clock
from mmdesk.sentences import Sentence, sentence

Note = Callable[[Sentence], None]

_DRAWING = re.compile(r"\{[^}]*\\p[1-9][^}]*\}.*?(?=\{[^}]*\\p0[^}]*\}|$)", re.DOTALL)
_OVERRIDE = re.compile(r"\{[^}]*\}")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<\d[\d:.]*>")
_BREAK = re.compile(r"\\[Nn]|\r\n?|\n")
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_FIELDS_BEFORE_TEXT = 8


@dataclass(frozen=True, slots=True, order=True)
class Cue:
    """Words on the screen.

    Attributes:
        t0: Start, seconds.
        t1: End, seconds.
        text: Plain text, lines separated by a newline; never empty.
    """

    t0: float
    t1: float
    text: str


class CueReader:
    """Decodes the packets of one stream of text subtitles; one thread."""

    def __init__(self, stream: SubtitleStream, start: Fraction, note: Note) -> None:
        """Prepares to read.

        Args:
            stream: A stream of text subtitles.
            start: Seconds on the container's clock that count as 0.
            note: Told what had to be repaired or left out.
        """
        self._stream = stream
        self._clock = Clock(start, stream.time_base or Fraction(1, 1000))
        self._note = note
        self._found: set[Cue] = set()

    def add(self, packet: Packet[Stream]) -> None:
        """Takes one packet of the stream."""
        if packet.size and packet.pts is None:
            self._note(sentence("Some subtitles have no time and were left out."))
        elif packet.size and packet.pts is not None:
            t0 = self._clock.seconds(packet.pts)
            t1 = self._clock.seconds(packet.pts + (packet.duration or 0))
            self._place(t0, t1, plain_text(self._ass_text(packet)))

    def cues(self) -> list[Cue]:
        """All cues so far in order of time, each once; no time is negative, no end before its start."""
        return sorted(self._found)

    def _place(self, t0: float, t1: float, text: str) -> None:
        if not text:
            return
        if t1 < t0:
            self._note(sentence("Some subtitles end before they begin; their times were swapped."))
            t0, t1 = t1, t0
        if t1 < 0 or (t1 == 0 and t0 == 0):
            self._note(sentence("Some subtitles lie before the beginning; they were cut or left out."))
            return
        if t1 == t0:
            self._note(sentence("Some subtitles have no duration."))
        self._found.add(Cue(max(t0, 0.0), t1, text))

    def _ass_text(self, packet: Packet[Stream]) -> str:
        try:
            subtitles = self._stream.decode2(packet)
        except AV_ERRORS:
            self._note(sentence("Some subtitles are damaged and were left out."))
            return ""
        rects = [] if subtitles is None else [rect for rect in subtitles if isinstance(rect, AssSubtitle)]
        return r"\N".join(_event_text(rect.ass.decode("utf-8", "replace")) for rect in rects)


def plain_text(ass_text: str) -> str:
    """Strips styles, positions, karaoke, drawings and HTML-like tags.

    Args:
        ass_text: Text of an ASS event, which is what FFmpeg makes of every format.

    Returns:
        The words, one line per line on the screen; empty when nothing is left to read.
    """
    words = _OVERRIDE.sub("", _DRAWING.sub("", ass_text)).replace(r"\h", " ")
    lines = _BREAK.split(_INVISIBLE.sub("", _TAG.sub("", words)))
    return "\n".join(stripped for line in lines if (stripped := " ".join(line.split())))


def _event_text(event: str) -> str:
    """The last field of an ASS event line as FFmpeg writes it (ReadOrder, Layer, Style, ..., Text)."""
    return event.split(",", _FIELDS_BEFORE_TEXT)[-1]
