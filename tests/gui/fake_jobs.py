"""A queue whose events a test tells itself; the narrow protocol `Session` needs, nothing else faked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mmdesk.analysis.question import Question, Reply
from mmdesk.analysis.request import AnalysisRequest
from mmdesk.events import (
    Event,
    Evidence,
    Failed,
    Finding,
    FindingKind,
    Finished,
    Found,
    MediaKind,
    Modality,
    Origin,
    Source,
    Started,
)
from mmdesk.jobs.mailbox import Mailbox
from mmdesk.jobs.state import JobAdded, JobEvent, JobState
from mmdesk.library.kept_jobs import KeptJob
from mmdesk.sentences import Sentence, sentence

CAPTIONS = Source(Origin.MODEL, "starter-caption", "1.2.3", "ab" * 32, "fp32", "CPUExecutionProvider")
WORDS = Source(Origin.SUBTITLES, "stream 2")
FEELING = Source(Origin.MODEL, "starter-sentiment-text", "1.0.0", "cd" * 32, "int8", "CUDAExecutionProvider")


def caption(t: float, text: str) -> Finding:
    """What is seen at a moment."""
    evidence = (Evidence(Modality.SCENE, t, t),)
    return Finding(
        FindingKind.CAPTION, Modality.SCENE, t, t, CAPTIONS, evidence, text, None, "en", confidence=0.71
    )


def transcript(t0: float, t1: float, text: str) -> Finding:
    """What is said."""
    evidence = (Evidence(Modality.WORDS, t0, t1, text=text),)
    return Finding(FindingKind.TRANSCRIPT, Modality.WORDS, t0, t1, WORDS, evidence, text, None, "en")


def sentiment(t0: float, t1: float, text: str, value: float) -> Finding:
    """How it is meant."""
    evidence = (Evidence(Modality.WORDS, t0, t1, text=text),)
    return Finding(
        FindingKind.SENTIMENT, Modality.WORDS, t0, t1, FEELING, evidence, text, value, "en", confidence=0.9
    )


class FakeJobs:
    """Adds a job for each path and remembers what it was asked for."""

    def __init__(self, mailbox: Mailbox[JobEvent]) -> None:
        self._mailbox = mailbox
        self._number = 0
        self.asked: list[tuple[str, int]] = []
        self.watched: list[tuple[int, float | None]] = []
        self.requests: list[AnalysisRequest] = []
        self.questions: list[tuple[Question, Reply]] = []
        self.closed = False

    def submit_together(self, paths: Sequence[Path], request: AnalysisRequest) -> int:
        self.requests.append(request)
        parent = self._next()
        for path in paths:
            job = self._next()
            self._mailbox.post(JobEvent(job, JobAdded(path, parent)))
            self._mailbox.post(JobEvent(job, JobState.WAITING))
        self._mailbox.post(JobEvent(parent, JobState.DONE))
        return parent

    def go_on(self, jobs: Sequence[KeptJob]) -> int:
        self.asked.append(("go_on", len(jobs)))
        return 0

    def cancel(self, job: int) -> None:
        self.asked.append(("cancel", job))

    def pause(self, job: int) -> None:
        self.asked.append(("pause", job))

    def resume(self, job: int) -> None:
        self.asked.append(("resume", job))

    def retry(self, job: int) -> None:
        self.asked.append(("retry", job))

    def look_at(self, job: int, t: float | None) -> None:
        self.watched.append((job, t))

    def ask(self, question: Question, reply: Reply) -> None:
        self.questions.append((question, reply))

    def close(self) -> None:
        self.closed = True

    def tell(self, job: int, *events: Event | JobState) -> None:
        """Something happens to a job."""
        for event in events:
            self._mailbox.post(JobEvent(job, event))

    def run(self, job: int, path: Path, kind: MediaKind, *findings: Finding) -> None:
        """A whole analysis."""
        self.tell(job, JobState.RUNNING, Started(path, kind, 20.0))
        self.tell(job, *(Found(path, finding) for finding in findings))
        self.tell(job, Finished(path, len(findings), 1.0), JobState.DONE)

    def fail(self, job: int, path: Path, message: Sentence) -> None:
        """An analysis that does not work."""
        hint = sentence("Copy or download it again.")
        self.tell(job, JobState.RUNNING, Failed(path, message, hint), JobState.FAILED)

    def _next(self) -> int:
        self._number += 1
        return self._number
