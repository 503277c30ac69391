"""Result files of a run: every format for every file, whatever their names."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from mmdesk.config.paths import packs_dirs
from mmdesk.control import Control
from mmdesk.errors import StoreError
from mmdesk.events import Event, Failed, Finding, Finished, Found, Started
from mmdesk.export.formats import PLAIN, Choices, Result, export
from mmdesk.export.issuing import Run, issue
from mmdesk.export.names import Names


class Saving:
    """Collects the findings of each job and writes them when it ends, if a folder was named."""

    def __init__(self, out: Path | None, settings: tuple[tuple[str, str], ...] = ()) -> None:
        """Writes into this folder; None is nowhere.

        Args:
            out: The folder.
            settings: Name and value of what was asked for, for the passports.
        """
        self._out = out
        self._settings = settings
        self._names = Names()
        self._targets: dict[int, Path] = {}
        self._found: dict[int, list[Finding]] = {}
        self._runs: dict[int, Run] = {}

    def add(self, job: int, path: Path) -> None:
        """A job's files get their name in the order of the jobs, not of their ends."""
        if self._out is not None:
            self._targets[job] = self._out / self._names.name(path)

    def take(self, job: int, event: Event) -> Event:
        """Passes an event on; an end comes back as failed when the files could not be written."""
        target = self._targets.get(job)
        if target is None:
            return event
        if isinstance(event, Started):
            self._found[job] = []
            self._runs[job] = Run(event.kind, event.duration, self._settings, time.time())
        elif isinstance(event, Found):
            self._found[job].append(event.finding)
        elif isinstance(event, Finished | Failed):
            return self._ended(event, target, self._found.pop(job, None), self._runs.pop(job, Run()))
        return event

    def _ended(
        self, event: Finished | Failed, target: Path, findings: list[Finding] | None, run: Run
    ) -> Event:
        if findings is None or (isinstance(event, Failed) and not findings):
            return event
        try:
            seconds = event.seconds if isinstance(event, Finished) else None
            passport = issue(event.path, findings, replace(run, seconds=seconds), packs_dirs(), Control())
            result = Result(event.path, tuple(findings), passport)
            for kind in PLAIN:
                export(result, kind, target.with_name(f"{target.name}.{kind}"), Choices(), Control())
        except StoreError as failure:
            return event if isinstance(event, Failed) else Failed(event.path, failure.message, failure.hint)
        return event
