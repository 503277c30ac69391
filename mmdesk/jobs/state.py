"""What a front end hears about jobs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from mmdesk.events import Event


class JobState(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        """Whether nothing more comes until a retry."""
        return self in (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


@dataclass(frozen=True, slots=True)
class JobAdded:
    """A job stands in the queue.

    Attributes:
        path: What it analyses.
        parent: The job of the folder or the drop that it came out of; None when submitted itself.
    """

    path: Path
    parent: int | None = None


@dataclass(frozen=True, slots=True)
class JobEvent:
    """Something happened to a job.

    The first of every job is `JobAdded`; the state `RUNNING` comes before the events of the
    analysis, the final state after `Finished` or `Failed`. A retry starts again from `WAITING`.

    Attributes:
        job: Its number, as `JobQueue.submit` returned it.
        event: An event of the analysis, or of the queue.
    """

    job: int
    event: Event | JobState | JobAdded
