"""What people changed in an exported file, as findings and marks beside those that we have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from mmdesk.events import Evidence, Finding, FindingKind, Modality, Origin, Source
from mmdesk.export.matching import Row
from mmdesk.export.result import Mark, Result

_PLACES = {FindingKind.CAPTION: Modality.SCENE, FindingKind.TRANSCRIPT: Modality.WORDS}


class Change(StrEnum):
    """What happened to a finding or mark."""

    ADDED = "added"
    CHANGED = "changed"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Correction:
    """One change by a person.

    Attributes:
        change: What happened.
        number: Of the finding, or of the mark, in the result; None for what is new.
        before: As we have it; None for what is new.
        after: As the person wants it, made by a person; None for what was deleted.
    """

    change: Change
    number: int | None
    before: Finding | Mark | None
    after: Finding | Mark | None


def deleted(result: Result, row: Row, mark: bool = False) -> Iterator[Correction]:
    """The findings (or the mark) of a row that did not come back."""
    for number in row.of:
        before = result.marks[number] if mark else result.findings[number]
        yield Correction(Change.DELETED, number, before, None)


def changed(result: Result, one: Row, other: Row, text: str, file: str) -> Iterator[Correction]:
    """The findings of a row that came back with other words, times or number.

    Args:
        result: What went out.
        one: The row that went out.
        other: The row that came back.
        text: Its words, as the finding is to have them.
        file: Name of the file that it came back in.
    """
    for place, number in enumerate(one.of):
        before = result.findings[number]
        after = before
        if other.text != one.text:
            after = _with_words(after, text)
        if other.value != one.value and other.value is not None:
            after = replace(after, value=other.value, band=None, confidence=None)
        if other.t0 != one.t0 and place == 0:
            after = replace(after, t0=other.t0 / 1000)
        if other.t1 != one.t1 and place == len(one.of) - 1:
            after = replace(after, t1=other.t1 / 1000)
        if after != before:
            yield Correction(Change.CHANGED, number, before, _in_order(replace(after, source=_person(file))))


def added(row: Row, kind: FindingKind, text: str, language: str | None, file: str) -> Correction:
    """A row that a person wrote anew."""
    place = _PLACES.get(kind, Modality.SCENE)
    t0, t1 = row.t0 / 1000, row.t1 / 1000
    evidence = Evidence(place, t0, t1, text=text if place is Modality.WORDS else None)
    finding = Finding(kind, place, t0, t1, _person(file), (evidence,), text=text, language=language)
    return Correction(Change.ADDED, None, None, finding)


def _with_words(finding: Finding, text: str) -> Finding:
    """Other words; of a sentiment the words are its class."""
    if finding.kind is FindingKind.SENTIMENT:
        return replace(finding, distribution=((text, 1.0),), confidence=None)
    return replace(finding, text=text, confidence=None)


def _in_order(finding: Finding) -> Finding:
    """A start that was moved behind the end (or the other way round) moves the other along."""
    return finding if finding.t1 >= finding.t0 else replace(finding, t1=finding.t0)


def _person(file: str) -> Source:
    return Source(Origin.PERSON, file)
