"""Findings as lines on a screen: SubRip and WebVTT.

WebVTT (W3C, https://www.w3.org/TR/webvtt1/) carries the passport in a NOTE and the sentiment of a line as
a class (`<c.positive>`) that a STYLE block colours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from mmdesk.events import Finding, FindingKind
from mmdesk.export.moods import Moods

# What has no length (a picture, a broken subtitle) is shown for this long, seconds.
_SHORTEST = 1.0
_BLANK_LINES = re.compile(r"\s*\n\s*")
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\x85\u2028\u2029]")
# SubRip has no escapes: a word joiner, which nobody sees, keeps readers from taking text for syntax.
_JOINER = "\u2060"
_SRT_SYNTAX = re.compile(r"--(?=>)|<(?=[A-Za-z/])|\{(?=\\)|(?<=\d:\d\d:)\d\d(?=[.,]\d)")
_VTT_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_VTT_STYLE = """STYLE
::cue(.positive) { color: #7ee2a8; }
::cue(.neutral) { color: #e6e6e6; }
::cue(.negative) { color: #ff9f8f; }

"""


class Lines(StrEnum):
    """Which findings become lines."""

    CAPTIONS = "captions"
    TRANSCRIPT = "transcript"
    ALL = "all"


@dataclass(frozen=True, slots=True, order=True)
class Cue:
    """A line and when it is shown.

    Attributes:
        t0: Start, whole milliseconds.
        t1: End, whole milliseconds; after `t0`.
        text: Words, without empty lines.
        kind: Caption or transcript.
        of: Numbers of the findings that it shows.
        mood: "positive", "neutral", "negative"; empty where nobody judged the words.
    """

    t0: int
    t1: int
    text: str
    kind: FindingKind = field(compare=False)
    of: tuple[int, ...] = field(default=(), compare=False)
    mood: str = field(default="", compare=False)


def cues(findings: Sequence[Finding], lines: Lines) -> list[Cue]:
    """The lines to show, in order of time.

    Where captions and transcript stand together, captions are in square brackets, as descriptions of
    what is seen are in subtitles for the hard of hearing.
    """
    found: list[Cue] = []
    if lines is not Lines.TRANSCRIPT:
        captions = _captions(findings)
        bracket = lines is Lines.ALL
        found += [replace(cue, text=f"[{cue.text}]") if bracket else cue for cue in captions]
    if lines is not Lines.CAPTIONS:
        found += _transcript(findings)
    return sorted(found)


def srt(cues: Sequence[Cue]) -> str:
    """SubRip."""
    return "".join(
        f"{number}\n{_time(cue.t0, ',')} --> {_time(cue.t1, ',')}\n{_srt_text(cue.text)}\n\n"
        for number, cue in enumerate(cues, 1)
    )


def vtt(cues: Sequence[Cue], note: str = "") -> str:
    """WebVTT.

    Args:
        cues: The lines.
        note: One line for programs, put into a NOTE; it must not hold "-->".
    """
    head = "WEBVTT\n\n" + (f"NOTE {note}\n\n" if note else "")
    style = _VTT_STYLE if any(cue.mood for cue in cues) else ""
    blocks = [f"{_time(cue.t0, '.')} --> {_time(cue.t1, '.')}\n{_vtt_cue(cue)}\n\n" for cue in cues]
    return head + style + "".join(blocks)


def shown_text(text: str) -> str:
    """Text as a cue holds it: no control characters, no empty lines."""
    return _BLANK_LINES.sub("\n", _CONTROLS.sub(" ", text.replace("\r\n", "\n"))).strip()


def _transcript(findings: Sequence[Finding]) -> list[Cue]:
    moods = Moods(findings)
    spoken = ((n, each) for n, each in enumerate(findings) if each.kind is FindingKind.TRANSCRIPT)
    made = (replace(_cue(n, each), mood=moods.of(each)) for n, each in spoken)
    return [cue for cue in made if cue.text]


def _cue(number: int, finding: Finding) -> Cue:
    t0 = max(0, round(finding.t0 * 1000))
    t1 = round(finding.t1 * 1000)
    end = t1 if t1 > t0 else t0 + round(_SHORTEST * 1000)
    return Cue(t0, end, shown_text(finding.text or ""), finding.kind, (number,))


def _captions(findings: Sequence[Finding]) -> list[Cue]:
    """Captions as one would show them: each language for itself, each until its next one."""
    captions = [(n, each) for n, each in enumerate(findings) if each.kind is FindingKind.CAPTION]
    languages = dict.fromkeys(each.language for _, each in captions)
    spoken = ([(n, each) for n, each in captions if each.language == language] for language in languages)
    return [cue for said in spoken for cue in _joined(_cue(n, each) for n, each in said)]


def _joined(captions: Iterable[Cue]) -> list[Cue]:
    """One line where neighbours say the same, and no gap where a scene went on without a new caption."""
    joined: list[Cue] = []
    for cue in sorted(cue for cue in captions if cue.text):
        last = joined[-1] if joined else None
        if last is not None and last.text == cue.text:
            joined[-1] = replace(last, t1=max(last.t1, cue.t1), of=last.of + cue.of)
            continue
        if last is not None:
            joined[-1] = replace(last, t1=max(last.t1, cue.t0))
        joined.append(cue)
    return joined


def _time(milliseconds: int, point: str) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{point}{rest:03}"


def _srt_text(text: str) -> str:
    return _SRT_SYNTAX.sub(lambda found: found.group() + _JOINER, text)


def _vtt_cue(cue: Cue) -> str:
    text = "".join(_VTT_ESCAPES.get(character, character) for character in cue.text)
    return f"<c.{cue.mood}>{text}</c>" if cue.mood else text
