"""An edited ELAN file, read back: annotations on our tiers correct findings, others become marks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from xml.etree import ElementTree as ET

from mmdesk.events import FindingKind
from mmdesk.export.corrections import Change, Correction, added, changed, deleted
from mmdesk.export.matching import Row, matched
from mmdesk.export.result import Mark, Result
from mmdesk.export.tiers import MARKS, Tier, tiers, valence_tier
from mmdesk.export.xml_text import parsed, xml_text


@dataclass(frozen=True, slots=True)
class EafFile:
    """What an ELAN file holds.

    Attributes:
        tiers: Annotations with times by the name of their tier, in order.
        numbers: Numbers of dependent tiers: name of the tier, name of the parent annotation, text.
        properties: Of the header.
        untimed: How many annotations have no times of their own and were passed over.
    """

    tiers: dict[str, tuple[Row, ...]]
    numbers: dict[tuple[str, str], str]
    properties: dict[str, str]
    untimed: int


def read_eaf(data: bytes) -> EafFile:
    """Reads the document.

    Raises:
        ValueError: No EAF.
    """
    root = parsed(data)
    if root.tag != "ANNOTATION_DOCUMENT":
        raise ValueError(f"the root is {root.tag}")
    slots = {slot.get("TIME_SLOT_ID"): slot.get("TIME_VALUE") for slot in root.iter("TIME_SLOT")}
    found = {
        tier.get("TIER_ID", ""): tuple(row for row in _rows(tier, slots) if row is not None)
        for tier in root.iter("TIER")
    }
    there = sum(1 for _ in root.iter("ALIGNABLE_ANNOTATION"))
    return EafFile(
        tiers=found,
        numbers=dict(_numbers(root)),
        properties={each.get("NAME", ""): each.text or "" for each in root.iter("PROPERTY")},
        untimed=there - sum(map(len, found.values())),
    )


def _rows(tier: ET.Element, slots: dict[str | None, str | None]) -> Iterator[Row | None]:
    for each in tier.iter("ALIGNABLE_ANNOTATION"):
        ends = slots.get(each.get("TIME_SLOT_REF1")), slots.get(each.get("TIME_SLOT_REF2"))
        if ends[0] is None or ends[1] is None:
            yield None
            continue
        words = (each.findtext("ANNOTATION_VALUE") or "").strip()
        yield Row("", int(ends[0]), int(ends[1]), words, name=each.get("ANNOTATION_ID", ""))


def _numbers(root: ET.Element) -> Iterator[tuple[tuple[str, str], str]]:
    for tier in root.iter("TIER"):
        for each in tier.iter("REF_ANNOTATION"):
            parent = each.get("ANNOTATION_REF", "")
            yield (tier.get("TIER_ID", ""), parent), each.findtext("ANNOTATION_VALUE") or ""


def eaf_corrections(result: Result, came: EafFile, file: str) -> list[Correction]:
    """What was changed.

    Args:
        result: What went out.
        came: The file.
        file: Its name.

    Raises:
        ValueError: A valence that is no number; the message is its text.
    """
    ours = tiers(result)
    names = {tier.name: tier for tier in ours}
    ids = {f"a{number + 1}" for number in range(len(result.findings))}
    went = [row for tier in ours for row in _went(tier)]
    came_rows = [(name, row) for name, rows in came.tiers.items() for row in rows]
    back = [
        replace(row, lane=names[name].lane, value=_value(came, name, row), name=row.name * (row.name in ids))
        for name, row in came_rows
        if name in names
    ]
    strangers = [(name, row) for name, row in came_rows if name not in names]
    found = list(_corrections(result, ours, matched(went, back), file))
    return found + [Correction(Change.ADDED, None, None, _stranger(name, row)) for name, row in strangers]


def _went(tier: Tier) -> Iterator[Row]:
    for each in tier.annotations:
        name = "" if tier.kind == MARKS else f"a{each.number + 1}"
        yield Row(tier.lane, each.t0, each.t1, each.text, each.valence, (each.number,), name)


def _value(came: EafFile, name: str, row: Row) -> float | None:
    text = came.numbers.get((valence_tier(name), row.name), "").strip().replace("\u2212", "-")
    return float(text.replace(",", ".")) if text else None


def _corrections(
    result: Result, ours: Sequence[Tier], pairs: Sequence[tuple[Row | None, Row | None]], file: str
) -> Iterator[Correction]:
    lanes = {tier.lane: tier for tier in reversed(ours)}
    for one, other in pairs:
        if other is None:
            assert one is not None, "a pair has at least one row"
            yield from deleted(result, one, mark=one.lane == MARKS)
        elif other.lane == MARKS:
            yield _mark(result, one, other)
        elif one is None:
            tier = lanes[other.lane]
            yield added(other, FindingKind(tier.kind), other.text, tier.language, file)
        else:
            yield from changed(result, one, other, other.text, file)


def _mark(result: Result, one: Row | None, other: Row) -> Correction:
    label, _, note = other.text.partition("\n")
    after = Mark(other.t0 / 1000, other.t1 / 1000, label, note)
    if one is None:
        return Correction(Change.ADDED, None, None, after)
    before = result.marks[one.of[0]]
    words = xml_text(before.label), xml_text(before.note)
    if other.text == one.text:
        after = replace(after, label=words[0], note=words[1])
    times = (before.t0, before.t1) if (other.t0, other.t1) == (one.t0, one.t1) else (after.t0, after.t1)
    return Correction(Change.CHANGED, one.of[0], before, replace(after, t0=times[0], t1=times[1]))


def _stranger(tier: str, row: Row) -> Mark:
    return Mark(row.t0 / 1000, row.t1 / 1000, row.text or tier, tier if row.text else "")
