"""A file of the library in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mmdesk.gui.language import tr, tr_plural
from mmdesk.gui.text.times import clock

if TYPE_CHECKING:
    from mmdesk.gui.library.reading import Row


def about_row(row: Row) -> str:
    """How long, how much was found, how it ended, tags: one line."""
    entry = row.entry
    parts = [clock(entry.duration)] if entry.duration else []
    parts.append(tr_plural("{count} finding", "{count} findings", entry.findings))
    if entry.outcome != "finished":
        parts.append(tr("not complete"))
    if not row.present:
        parts.append(tr("the file is not there any more"))
    if entry.edits:
        parts.append(tr("edited"))
    parts += [f"#{tag}" for tag in entry.tags]
    return " · ".join(parts)


def spoken_row(row: Row) -> str:
    """A file as a screen reader says it."""
    return ", ".join(part for part in (row.entry.name, about_row(row), row.entry.note) if part)
