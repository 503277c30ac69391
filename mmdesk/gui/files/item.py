"""One opened file and everything that was heard about it. No Qt here."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Flag, auto
from pathlib import Path

from mmdesk.events import (
    Event,
    Failed,
    Finding,
    Finished,
    Found,
    MediaKind,
    Progress,
    Source,
    Started,
    Warned,
)
from mmdesk.gui.text.lines import Line, Lines
from mmdesk.jobs.state import JobAdded, JobState


class Changed(Flag):
    """What about an item is different."""

    NOTHING = 0
    ROW = auto()
    LINES = auto()
    PROBLEMS = auto()
    RESTARTED = auto()
    STARTED = auto()


@dataclass(eq=False)
class Item:
    """A file in the window.

    Attributes:
        job: Number of its job.
        path: The file.
        state: Where its job stands.
        kind: What it is; None until somebody has looked.
        duration: Seconds; None until known, and for pictures.
        progress: The last that was heard while it runs.
        lines: What was found, as lines.
        findings: What was found, in the order of arrival.
        warnings: What is not as it should be.
        failure: Why there is no complete result.
        finished: How it ended well.
    """

    job: int
    path: Path
    state: JobState = JobState.WAITING
    kind: MediaKind | None = None
    duration: float | None = None
    progress: Progress | None = None
    lines: Lines = field(default_factory=Lines)
    findings: list[Finding] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)
    failure: Failed | None = None
    finished: Finished | None = None

    @property
    def failed(self) -> bool:
        """Whether it could not be read or analysed (being stopped is no failure)."""
        return self.failure is not None and not self.failure.cancelled

    @property
    def timed(self) -> bool:
        """Whether its findings have times."""
        return self.kind is not MediaKind.PICTURE

    @property
    def longest(self) -> float:
        """The latest time to expect, seconds."""
        last = self.lines[len(self.lines) - 1].t0 if len(self.lines) else 0.0
        return max(self.duration or 0.0, last)

    def sources(self) -> tuple[Source, ...]:
        """What made its findings, each once, in the order of first appearance."""
        return tuple(dict.fromkeys(finding.source for finding in self.findings))

    def take_findings(self, findings: list[Finding]) -> tuple[list[Line], list[Line]]:
        """Adds findings; returns new and changed lines."""
        self.findings.extend(findings)
        return self.lines.add(findings)

    def show_instead(self, findings: list[Finding]) -> tuple[list[Line], list[Line]]:
        """Shows other findings in the place of all; returns new and changed lines."""
        self.lines, self.findings = Lines(), []
        return self.take_findings(findings)

    def take(self, event: Event | JobState | JobAdded) -> Changed:
        """Takes anything but a finding."""
        match event:
            case JobState():
                return self._enter(event)
            case Progress():
                self.progress = event
                return Changed.ROW
            case Started():
                return self._start(event)
            case Warned():
                self.warnings.append(event)
                return Changed.ROW | Changed.PROBLEMS
            case Failed():
                self.failure = event
                return Changed.ROW | Changed.PROBLEMS
            case Finished():
                self.finished = event
                return Changed.ROW
            case JobAdded() | Found():
                return Changed.NOTHING

    def _enter(self, state: JobState) -> Changed:
        self.state = state
        if state is JobState.WAITING and (self.failure or self.finished):
            self.failure, self.finished, self.progress = None, None, None
            return Changed.ROW | Changed.PROBLEMS
        return Changed.ROW

    def _start(self, event: Started) -> Changed:
        self.kind, self.duration = event.kind, event.duration
        again = bool(self.findings or self.warnings)
        self.lines, self.findings, self.warnings = Lines(), [], []
        changed = Changed.ROW | Changed.STARTED
        return changed | Changed.RESTARTED | Changed.PROBLEMS if again else changed
