"""Findings as tiers of annotations, one tier a lane and person, as annotation programs want them.

Annotations of one tier must not overlap (ELAN loses them otherwise), so a lane gets as many tiers as lie
over each other. Times are whole milliseconds, the unit of EAF.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mmdesk.events import Finding, FindingKind
from mmdesk.export.moods import mood
from mmdesk.export.result import Mark, Result
from mmdesk.export.spoken import spoken
from mmdesk.export.xml_text import xml_text

MARKS = "marks"
# What has no length (a picture, a single moment) is drawn this long, milliseconds.
_SHORTEST = 1000
_LATEST = 2**32 - 1


@dataclass(frozen=True, slots=True)
class Annotation:
    """Words on a tier.

    Attributes:
        t0: Start, milliseconds.
        t1: End, milliseconds; after `t0`.
        text: What stands there.
        number: Of the finding, or of the mark on the tiers of marks.
        valence: In [-1, 1], for a sentiment.
    """

    t0: int
    t1: int
    text: str
    number: int
    valence: float | None = None


@dataclass(frozen=True, slots=True)
class Tier:
    """A row of annotations that do not overlap.

    Attributes:
        name: Unlike every other tier's.
        lane: What the tiers of one lane have in common: kind, place and language.
        kind: A `FindingKind`, or `MARKS`.
        language: Of the words; None when not known.
        person: Whose; empty for nobody's.
        annotations: In order of time.
    """

    name: str
    lane: str
    kind: str
    language: str | None
    person: str
    annotations: tuple[Annotation, ...]


def tiers(result: Result) -> list[Tier]:
    """All tiers: a lane for each kind, place, language and person, in the order of first appearance."""
    lanes: dict[tuple[str, str, str | None, str], list[Annotation]] = {}
    for number, finding in enumerate(result.findings):
        key = str(finding.kind), _place(finding), finding.language, result.person(finding)
        lanes.setdefault(key, []).append(_annotation(number, finding))
    names = _TierNames()
    made: list[Tier] = []
    for (kind, place, language, who), found in lanes.items():
        lane = names.free(_name(kind, place, language, who))
        made += _tiers(lane, kind, language, who, found, names)
    marks = [_marked(number, mark) for number, mark in enumerate(result.marks)]
    return made + list(_tiers(MARKS, MARKS, None, "", marks, names))


def label(finding: Finding) -> str:
    """What a finding says in a few words: its text, else its likeliest class, else its mood."""
    if finding.kind is not FindingKind.SENTIMENT and finding.text is not None:
        return finding.text
    if finding.reason is not None:
        return spoken(finding.reason)
    classes = dict(finding.distribution)
    if classes:
        return max(classes, key=lambda name: classes[name])
    return mood(finding.value) if finding.value is not None else finding.text or ""


def milliseconds(seconds: float) -> int:
    """Seconds as EAF can hold them."""
    return min(max(0, round(seconds * 1000)), _LATEST - _SHORTEST)


def _place(finding: Finding) -> str:
    """Where a sentiment was seen; other kinds say that by what they are."""
    return str(finding.modality) if finding.kind is FindingKind.SENTIMENT else ""


def _name(kind: str, place: str, language: str | None, who: str) -> str:
    parts = [who, kind, place, f"({language})" if language else ""]
    return " ".join(xml_text(" ".join(part for part in parts if part)).split())


class _TierNames:
    """Gives every tier, and the tier of numbers below it, a name of its own."""

    def __init__(self) -> None:
        self._taken = {MARKS}

    def free(self, name: str) -> str:
        """The name, or the next like it that is not taken."""
        while {name, valence_tier(name)} & self._taken:
            name += "'"
        return name

    def take(self, name: str) -> str:
        """The name, or the next like it; nobody else gets it."""
        free = name if name == MARKS else self.free(name)
        self._taken |= {free, valence_tier(free)}
        return free


def valence_tier(name: str) -> str:
    """The name of the tier that holds the numbers of another."""
    return f"{name}: valence"


def _annotation(number: int, finding: Finding) -> Annotation:
    t0, t1 = span(finding.t0, finding.t1)
    valence = finding.value if finding.kind is FindingKind.SENTIMENT else None
    return Annotation(t0, t1, xml_text(label(finding)).strip(), number, valence)


def _marked(number: int, mark: Mark) -> Annotation:
    words = f"{mark.label}\n{mark.note}" if mark.note else mark.label
    t0, t1 = span(mark.t0, mark.t1)
    return Annotation(t0, t1, xml_text(words).strip(), number)


def span(t0: float, t1: float) -> tuple[int, int]:
    """Start and end in milliseconds; what has no length gets one."""
    start, end = milliseconds(t0), milliseconds(t1)
    return start, end if end > start else start + _SHORTEST


def _tiers(
    lane: str,
    kind: str,
    language: str | None,
    who: str,
    found: Iterable[Annotation],
    names: _TierNames,
) -> Iterator[Tier]:
    for number, row in enumerate(_rows(found), 1):
        name = names.take(lane if number == 1 else f"{lane} #{number}")
        yield Tier(name, lane, kind, language, who, tuple(row))


def _rows(found: Iterable[Annotation]) -> list[list[Annotation]]:
    """Each annotation in the first row whose last one has ended."""
    rows: list[list[Annotation]] = []
    for annotation in sorted(found, key=lambda each: (each.t0, each.t1, each.number)):
        row = next((row for row in rows if row[-1].t1 <= annotation.t0), None)
        if row is None:
            rows.append([annotation])
        else:
            row.append(annotation)
    return rows
