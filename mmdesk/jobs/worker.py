"""The one thread that owns the models."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import ExitStack

from mmdesk.analysis.asking import answer_question
from mmdesk.analysis.question import Answered, Question, Unanswered
from mmdesk.control import Control
from mmdesk.errors import MmdeskError
from mmdesk.events import Event, Failed, Finished
from mmdesk.jobs.board import Asked, Board, Events, Job, Turn
from mmdesk.jobs.faults import fault
from mmdesk.jobs.ledger import Ledger
from mmdesk.jobs.recorded import recorded
from mmdesk.jobs.state import JobState
from mmdesk.library.project import Project
from mmdesk.runtime.device import Device
from mmdesk.tasks.engine import Engine

LOG = logging.getLogger(__name__)


class Worker:
    """Takes jobs from the board until it closes, and survives all of them."""

    def __init__(
        self, board: Board, make_engine: Callable[[Device], Engine], project: Project, ledger: Ledger
    ) -> None:
        """Loads nothing yet."""
        self._board = board
        self._make_engine = make_engine
        self._project = project
        self._ledger = ledger
        self._engine: Engine | None = None
        self._device = Device.AUTO

    def run(self, turn: Turn) -> None:
        """Works through turns, beginning with this one, and closes everything after the last."""
        with ExitStack() as closing:
            closing.callback(self._project.close)
            closing.callback(self._close_engine)
            while not turn.closing:
                self._take(turn)
                turn = self._board.take()
            self._take(turn)

    def _take(self, turn: Turn) -> None:
        self._answer(turn.asked)
        for events in turn.abandoned:
            self._close(events)
        if turn.job is not None:
            self._work(turn.job)

    def _work(self, job: Job) -> None:
        try:
            state = self._follow(job)
        except Exception:
            LOG.exception("A job failed unexpectedly")
            self._board.post(job, fault(job.request.path))
            state = JobState.FAILED
        if state.ended:
            self._board.end(job, state)

    def _follow(self, job: Job) -> JobState:
        """Passes on a job's events until it ends or is parked."""
        if job.events is None:
            results, session = self._project.results, self._ledger.session()
            job.events = recorded(job.request, self._engine_for, results, job.control, job.recompute, session)
        state = JobState.RUNNING
        for event in job.events:
            self._board.post(job, event)
            self._answer(self._board.take_asked())
            state = _state_after(event)
            if not state.ended and self._board.park(job):
                return JobState.PAUSED
        if not state.ended:
            raise RuntimeError("an analysis ended with neither Finished nor Failed")
        return state

    def _answer(self, asked: Sequence[Asked]) -> None:
        for each in asked:
            each.reply(self._answered(each.question))

    def _answered(self, question: Question) -> Answered | Unanswered:
        try:
            # The device of the job that runs: a question changes nothing about it.
            return answer_question(question, self._engine_for(self._device), Control())
        except MmdeskError as failure:
            return Unanswered(question, failure.message, failure.hint)
        except Exception:
            LOG.exception("A question failed unexpectedly")
            failed = fault(question.path)
            return Unanswered(question, failed.message, failed.hint)

    def _engine_for(self, device: Device) -> Engine:
        if self._engine is None or device is not self._device:
            self._close_engine()
            self._engine, self._device = self._make_engine(device), device
        return self._engine

    def _close_engine(self) -> None:
        if self._engine is not None:
            self._engine.close()
            self._engine = None

    def _close(self, events: Events) -> None:
        try:
            events.close()
        except Exception:
            LOG.exception("A stopped job could not be closed")


def _state_after(event: Event) -> JobState:
    if isinstance(event, Failed):
        return JobState.CANCELLED if event.cancelled else JobState.FAILED
    return JobState.DONE if isinstance(event, Finished) else JobState.RUNNING
