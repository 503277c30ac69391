"""What every part of one analysis shares."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from mmdesk.analysis.past import Past
from mmdesk.analysis.request import AnalysisRequest
from mmdesk.control import Control
from mmdesk.errors import MmdeskError, PackNotFound
from mmdesk.events import Event, Found, Passed, Progress, Stage, Warned
from mmdesk.media.info import MediaInfo
from mmdesk.sentences import Sentence
from mmdesk.tasks.engine import Engine

_PROGRESS_SECONDS = 0.1


@dataclass
class Context:
    """One file being analysed.

    Attributes:
        request: What was asked for.
        info: What the file is.
        engine: The models.
        control: Steers the work.
        past: What an earlier run had done.
        incomplete: Why the result is not complete, if something that should work did not: the rest
            is done all the same, and the file ends as failed with this.
        missing: A model that nobody installed.
        done: Whether anything at all was found out.
    """

    request: AnalysisRequest
    info: MediaInfo
    engine: Engine
    control: Control
    past: Past = field(default_factory=Past)
    incomplete: MmdeskError | None = None
    missing: PackNotFound | None = None
    done: bool = False
    _told: set[Sentence] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._told |= self.past.warned
        self.done = self.past.findings > 0

    @property
    def path(self) -> Path:
        """The file."""
        return self.info.path

    def warn(self, message: Sentence, hint: Sentence) -> Iterator[Event]:
        """A warning, once."""
        if message not in self._told:
            self._told.add(message)
            yield Warned(self.path, message, hint)

    def step(self, events: Iterator[Event], passed: Passed) -> Iterator[Event | Passed]:
        """A step of the work; it is passed when it is at its end and nothing has failed so far.

        Args:
            events: What it tells.
            passed: Which step it is; its `findings` are counted here.
        """
        found = 0
        for event in events:
            found += isinstance(event, Found)
            yield event
        if self.incomplete is None:
            yield replace(passed, findings=found)

    def lacks(self, failure: MmdeskError) -> Iterator[Event]:
        """A model cannot be used: a warning when there is none, else the result is incomplete."""
        if isinstance(failure, PackNotFound):
            self.missing = failure
        else:
            self.incomplete = self.incomplete or failure
        yield from self.warn(failure.message, failure.hint)


class Meter:
    """Progress at a rate that a person can follow, with the speed so far and the time left."""

    def __init__(self, path: Path, stage: Stage, duration: float | None) -> None:
        """Starts counting now.

        Args:
            path: The file.
            stage: What is being done.
            duration: Seconds of media to be worked through; None when unknown.
        """
        self._path = path
        self._stage = stage
        self._duration = duration
        self._began = time.monotonic()
        self._due = 0.0

    def at(self, seconds: float) -> Iterator[Event]:
        """Says that so many seconds of media are done, if it has not said so just now."""
        now = time.monotonic()
        if now < self._due:
            return
        self._due = now + _PROGRESS_SECONDS
        worked = now - self._began
        speed = seconds / worked if seconds > 0 and worked > 0 else None
        if self._duration is None or self._duration <= 0:
            yield Progress(self._path, self._stage, speed=speed)
            return
        left = max(0.0, self._duration - seconds)
        remaining = left / speed if speed else None
        yield Progress(self._path, self._stage, min(1.0, seconds / self._duration), speed, remaining)
