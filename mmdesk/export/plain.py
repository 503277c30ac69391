"""Findings as plain text for reading: a time and a line."""

from __future__ import annotations

from collections.abc import Sequence

from mmdesk.export.cues import Cue


def plain(cues: Sequence[Cue]) -> str:
    """One line each, its start before it; further lines of a text are indented."""
    return "".join(f"{clock(cue.t0)}\t{_indented(cue.text)}\n" for cue in cues)


def clock(milliseconds: int) -> str:
    """Hours, minutes, seconds, tenths."""
    tenths = milliseconds // 100
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest // 10:02}.{rest % 10}"


def _indented(text: str) -> str:
    return text.replace("\n", "\n\t")
