"""The beginning of what a format would hold, as text that can be shown before anything is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from mmdesk.events import Finding
from mmdesk.export.clips import clip_names
from mmdesk.export.cues import Lines
from mmdesk.export.formats import FOLDERS, TEXTUAL, Format, text_of
from mmdesk.export.plain import clock
from mmdesk.export.result import Result
from mmdesk.export.telling import span_of, words_of
from mmdesk.export.tiers import tiers
from mmdesk.export.xmp import described, keywords

# So much is enough to see what it is like, and made in no time.
_FINDINGS = 60
_LINES = 60
_ANNOTATIONS = 4
_WIDTH = 400


def preview(result: Result, kind: Format, lines: Lines) -> str:
    """At most `_LINES` lines; no file is read. Any thread."""
    few = replace(result, findings=tuple(_first(result)))
    if kind in TEXTUAL:
        made: Iterator[str] = iter(text_of(few, kind, lines).lstrip("\ufeff").split("\n"))
    elif kind in FOLDERS:
        made = (f"{name}.{'mp4' if kind is Format.CLIPS else 'jpg'}" for name in clip_names(result))
    elif kind is Format.EAF:
        made = _tiers(few)
    elif kind is Format.XMP:
        made = iter(
            [*described(few), *dict.fromkeys(word for each in few.findings for word in keywords(each))]
        )
    else:
        made = (f"{span_of(each)}\t{each.kind}\t{words_of(each)}" for each in few.findings)
    return "\n".join(line[:_WIDTH] for line in islice(made, _LINES))


def _first(result: Result) -> list[Finding]:
    return sorted(result.findings, key=lambda each: (each.t0, each.t1))[:_FINDINGS]


def _tiers(result: Result) -> Iterator[str]:
    for tier in tiers(result):
        yield f"▸ {tier.name}"
        for each in tier.annotations[:_ANNOTATIONS]:
            yield f"    {clock(each.t0)} – {clock(each.t1)}\t{' / '.join(each.text.splitlines())}"
