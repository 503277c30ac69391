"""Writes results into files in the background, and says how it went."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mmdesk.errors import MmdeskError
from mmdesk.events import Finding, MediaKind
from mmdesk.gui.background import Background
from mmdesk.gui.names import shown_name, shown_path
from mmdesk.sentences import Sentence, sentence

if TYPE_CHECKING:
    from mmdesk.gui.dialogs.save import Saving


class Saver:
    """Qt thread only; the writing itself is on a background thread."""

    def __init__(self, background: Background, say: Callable[[Sentence], None]) -> None:
        """Says how it went through `say`."""
        self._background = background
        self._say = say

    def save(self, savings: Sequence[Saving]) -> None:
        """Writes each file."""
        jobs = [_Job.of(saving) for saving in savings]
        self._say(sentence("Saving…"))
        self._background.run(lambda: _write(jobs), self._say, self._say_failed)

    def _say_failed(self, error: MmdeskError) -> None:
        self._say(error.message)


@dataclass(frozen=True, slots=True)
class _Job:
    """A file to write, and what is known when it is asked for."""

    path: Path
    target: Path
    format: str
    findings: tuple[Finding, ...]
    kind: MediaKind | None
    duration: float | None
    seconds: float | None

    @classmethod
    def of(cls, saving: Saving) -> _Job:
        item = saving.item
        seconds = item.finished.seconds if item.finished else None
        about = tuple(item.findings), item.kind, item.duration, seconds
        return cls(item.path, saving.target, saving.format, *about)


def _write(jobs: Sequence[_Job]) -> Sentence:
    """Writes files; background thread.

    Raises:
        StoreError: One could not be written; those before it were.
    """
    from mmdesk.config.paths import packs_dirs
    from mmdesk.control import Control
    from mmdesk.export.formats import Choices, Format, Result, export
    from mmdesk.export.issuing import Run, issue

    for job in jobs:
        run = Run(job.kind, job.duration, seconds=job.seconds)
        passport = issue(job.path, job.findings, run, packs_dirs(), Control())
        export(Result(job.path, job.findings, passport), Format(job.format), job.target, Choices(), Control())
    if len(jobs) == 1:
        return sentence("Saved {name}.", name=shown_name(jobs[0].target))
    return sentence(
        "Saved {count} files in {folder}.", count=len(jobs), folder=shown_path(jobs[0].target.parent)
    )
