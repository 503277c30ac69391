"""Findings, marks and corrections as lines for people."""

from __future__ import annotations

from mmdesk.analysis.marks import Mark
from mmdesk.events import Finding
from mmdesk.export.corrections import Correction
from mmdesk.export.plain import clock
from mmdesk.export.tiers import label


def kind_of(told: Finding | Mark) -> str:
    """What it is, in one word."""
    return "mark" if isinstance(told, Mark) else str(told.kind)


def span_of(told: Finding | Mark) -> str:
    """When it is."""
    t0, t1 = clock(round(told.t0 * 1000)), clock(round(told.t1 * 1000))
    return t0 if t0 == t1 else f"{t0} – {t1}"


def words_of(told: Finding | Mark) -> str:
    """What it says."""
    if isinstance(told, Mark):
        return f"{told.label} ({told.note})" if told.note else told.label
    value = "" if told.value is None else f"{told.value:+.3g} "
    return value + label(told)


def shown(correction: Correction) -> tuple[str, str]:
    """Before and after; what is the same in both (the times, most often) stands in neither.

    Returns:
        Two lines; the first is empty for what is new, the second for what was deleted.
    """
    before, after = correction.before, correction.after
    if before is None or after is None:
        return "" if before is None else words_of(before), "" if after is None else words_of(after)
    one, other = words_of(before), words_of(after)
    if (before.t0, before.t1) == (after.t0, after.t1) and one != other:
        return one, other
    times = _exact(before), _exact(after)
    return times if one == other else (f"{times[0]}  {one}", f"{times[1]}  {other}")


def _exact(told: Finding | Mark) -> str:
    return f"{told.t0:.3f} – {told.t1:.3f} s"
