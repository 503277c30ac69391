"""Findings as lines on a screen: SubRip and WebVTT."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from mmdesk.events import Finding, FindingKind

# What has no length (a picture, a broken subtitle) is shown for this long, seconds.
_SHORTEST = 1.0
_BLANK_LINES = re.compile(r"\s*\n\s*")
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
# SubRip has no escapes: a word joiner, which nobody sees, keeps readers from taking text for syntax.
_JOINER = "\u2060"
_SRT_SYNTAX = re.compile(r"--(?=>)|<(?=[A-Za-z/])|\{(?=\\)|(?<=\d:\d\d:)\d\d(?=[.,]\d)")
_VTT_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


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
    """

    t0: int
    t1: int
    text: str


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
        found += _cues(findings, FindingKind.TRANSCRIPT)
    return sorted(found)


def srt(cues: Sequence[Cue]) -> str:
    """SubRip."""
    return "".join(
        f"{number}\n{_time(cue.t0, ',')} --> {_time(cue.t1, ',')}\n{_srt_text(cue.text)}\n\n"
        for number, cue in enumerate(cues, 1)
    )


def vtt(cues: Sequence[Cue]) -> str:
    """WebVTT (W3C)."""
    blocks = [f"{_time(cue.t0, '.')} --> {_time(cue.t1, '.')}\n{_vtt_text(cue.text)}\n\n" for cue in cues]
    return "WEBVTT\n\n" + "".join(blocks)


def _cues(findings: Iterable[Finding], kind: FindingKind) -> list[Cue]:
    made = (_cue(each) for each in findings if each.kind is kind)
    return [cue for cue in made if cue.text]


def _cue(finding: Finding) -> Cue:
    t0 = max(0, round(finding.t0 * 1000))
    t1 = round(finding.t1 * 1000)
    text = _BLANK_LINES.sub("\n", _CONTROLS.sub(" ", (finding.text or "").replace("\r\n", "\n"))).strip()
    return Cue(t0, t1 if t1 > t0 else t0 + round(_SHORTEST * 1000), text)


def _captions(findings: Sequence[Finding]) -> list[Cue]:
    """Captions as one would show them: each language for itself, each until its next one."""
    languages = dict.fromkeys(each.language for each in findings)
    spoken = ([each for each in findings if each.language == language] for language in languages)
    return [cue for said in spoken for cue in _joined(_cues(said, FindingKind.CAPTION))]


def _joined(captions: list[Cue]) -> list[Cue]:
    """One line where neighbours say the same, and no gap where a scene went on without a new caption."""
    joined: list[Cue] = []
    for cue in sorted(captions):
        last = joined[-1] if joined else None
        if last is not None and last.text == cue.text:
            joined[-1] = replace(last, t1=max(last.t1, cue.t1))
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


def _vtt_text(text: str) -> str:
    return "".join(_VTT_ESCAPES.get(character, character) for character in text)
