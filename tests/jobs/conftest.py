"""A queue with the tiny packs, and an ear that hears what it tells."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from mmdesk.analysis.request import AnalysisRequest
from mmdesk.events import Event, Finding, Found
from mmdesk.jobs.mailbox import Mailbox
from mmdesk.jobs.queue import JobQueue
from mmdesk.jobs.state import JobAdded, JobEvent, JobState
from mmdesk.library.project import Project
from mmdesk.library.store import ResultStore
from mmdesk.runtime.device import Device
from mmdesk.tasks.engine import Engine
from tests.packs_for_tests import write_packs


class Ear:
    """A queue and everything that it has told so far."""

    def __init__(self, project: Project, make_engine: Callable[[Device], Engine]) -> None:
        self._wake = threading.Event()
        self._mailbox: Mailbox[JobEvent] = Mailbox(self._wake.set)
        self.told: list[JobEvent] = []
        self.queue = JobQueue(make_engine, project, self._mailbox)

    def submit(self, path: Path, *languages: str) -> int:
        return self.queue.submit(path, AnalysisRequest(path, languages or ("en",)))

    def hear(self, heard: Callable[[], bool], seconds: float = 20.0) -> None:
        """Listens until something was told."""
        deadline = time.monotonic() + seconds
        while not heard():
            assert time.monotonic() < deadline, self.told[-20:]
            self._wake.wait(0.05)
            self._wake.clear()
            self.told += self._mailbox.drain()

    def states(self, job: int) -> list[JobState]:
        return [each.event for each in self.told if each.job == job and isinstance(each.event, JobState)]

    def events(self, job: int) -> list[Event]:
        mine = [each.event for each in self.told if each.job == job]
        return [each for each in mine if not isinstance(each, JobState | JobAdded)]

    def findings(self, job: int) -> list[Finding]:
        return [event.finding for event in self.events(job) if isinstance(event, Found)]

    def children(self, parent: int) -> dict[int, Path]:
        added = [(each.job, each.event) for each in self.told if isinstance(each.event, JobAdded)]
        return {job: event.path for job, event in added if event.parent == parent}

    def hear_state(self, job: int, state: JobState, times: int = 1) -> None:
        self.hear(lambda: self.states(job).count(state) >= times)

    def hear_end(self, *jobs: int) -> None:
        self.hear(lambda: all(self.states(job) and self.states(job)[-1].ended for job in jobs))


MakeEar = Callable[..., Ear]


@pytest.fixture(scope="session")
def packs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both tiny packs; do not change them."""
    return write_packs(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="session")
def slow_packs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Packs whose captions take a tenth of a second each."""
    return write_packs(tmp_path_factory.mktemp("slow"), work=200)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """An empty project."""
    project = Project(tmp_path / "kept" / "results.sqlite")
    yield project
    project.close()


@pytest.fixture
def store(project: Project) -> ResultStore:
    """The runs of the project."""
    return project.results


@pytest.fixture
def make_ear(packs: Path, project: Project) -> Iterator[MakeEar]:
    """Makes queues, which are closed at the end."""
    with ExitStack() as closing:

        def make(folder: Path = packs, make_engine: Callable[[Device], Engine] | None = None) -> Ear:
            ear = Ear(project, make_engine or (lambda _: Engine([folder], Device.CPU, threads=1)))
            closing.callback(ear.queue.close)
            return ear

        yield make
