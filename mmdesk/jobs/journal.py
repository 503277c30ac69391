"""Events on their way from the analysis to a front end: what is found is on disk before it goes on."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

from mmdesk.analysis.past import Past
from mmdesk.analysis.request import AnalysisRequest
from mmdesk.control import Control
from mmdesk.errors import MediaError, StoreError
from mmdesk.events import Event, Failed, Finished, Found, Passed, Started, Warned
from mmdesk.library.run import Run
from mmdesk.library.store import Asked, Kept, Outcome, ResultStore
from mmdesk.sentences import sentence

_RETRY_SECONDS = 1.0
# A busy disk may keep the database locked for longer than one try waits; giving up costs all that was done.
_TRIES = 3


class Journal:
    """Keeps one job's results. On the worker's thread.

    `media_hash` is the SHA-256 of the file's content, empty until it is known.

    When results cannot be kept (a full disk), the person is told at once and the analysis goes on;
    keeping is tried again with everything not yet kept. A job whose findings are not all kept in
    the end has failed, whatever the analysis says.
    """

    def __init__(self, store: ResultStore, request: AnalysisRequest, asked: Asked, control: Control) -> None:
        """Touches nothing yet."""
        self._store = store
        self._path = request.path
        self._asked = asked
        self._control = control
        self.media_hash = ""
        self._started: Started | None = None
        self._run: Run | None = None
        self._before: Kept | None = None
        self._unkept: list[Found | Warned | Passed] = []
        self._failure: StoreError | None = None
        self._told = False
        self._retry_at = 0.0
        self._began = time.monotonic()

    def kept(self) -> Kept | None:
        """Complete results of the same content and request from an earlier run.

        Raises:
            Cancelled: The person stopped the work.
        """
        try:
            return self._store.finished(self._digest(), self._asked.request_key)
        except StoreError as failure:
            self._note(failure)
        except MediaError:
            pass  # the analysis meets the same, and says it
        return None

    def past(self) -> Past:
        """What an interrupted run of the same content and request had done; from now on this goes on with it.

        Raises:
            Cancelled: The person stopped the work.
        """
        for _ in range(_TRIES):
            try:
                resumed = self._store.resume(self._path, self._digest(), self._asked)
            except StoreError as failure:
                self._note(failure)
                continue
            except MediaError:
                break  # the analysis meets the same, and says it
            if resumed is None:
                break
            self._run, past, self._before = resumed
            return past
        return Past()

    def follow(self, events: Iterator[Event | Passed]) -> Generator[Event, None, None]:
        """Passes events on, each finding after it was kept; ends the run when closed early.

        What an interrupted run had found comes right after the start.
        """
        ended = False
        try:
            for event in events:
                ended = isinstance(event, Finished | Failed)
                if isinstance(event, Passed):
                    self._keep(event)
                    continue
                yield self._end(event) if isinstance(event, Finished | Failed) else self._kept_now(event)
                if isinstance(event, Started) and self._before is not None:
                    yield from shown_again(self._path, self._before)
                yield from () if ended else self._trouble()
        finally:
            if not ended:
                self._close(Outcome.CANCELLED)

    def _kept_now(self, event: Event) -> Event:
        if isinstance(event, Started):
            self._started = event
        if isinstance(event, Found | Warned):
            self._keep(event)
        elif time.monotonic() >= self._retry_at:
            self._flush()
        return event

    def _keep(self, told: Found | Warned | Passed) -> None:
        self._unkept.append(told)
        if time.monotonic() >= self._retry_at:
            self._flush()

    def _trouble(self) -> Iterator[Event]:
        """Tells once that results are not being kept, and what happened to a damaged database."""
        for notice in self._store.notices():
            yield Warned(self._path, notice, sentence("Analyse the files again to see their results here."))
        if self._failure is not None and not self._told:
            self._told = True
            yield Warned(self._path, self._failure.message, self._failure.hint)

    def _end(self, event: Finished | Failed) -> Event:
        if isinstance(event, Failed):
            self._close(Outcome.CANCELLED if event.cancelled else Outcome.FAILED)
            return event
        self._close(Outcome.FINISHED)
        if self._failure is None:
            return event
        return Failed(self._path, self._failure.message, self._failure.hint)

    def _close(self, outcome: Outcome) -> None:
        self._flush()
        run = self._run
        if run is not None and self._failure is None:
            with self._attempt():
                run.end(outcome, time.monotonic() - self._began)

    def _flush(self) -> None:
        if self._started is None:
            return
        with self._attempt():
            if self._run is None:
                self._run = self._store.begin(self._path, self._digest(), self._asked, self._started)
            if self._unkept:
                self._run.add(self._unkept)
            self._unkept = []

    def _digest(self) -> str:
        if not self.media_hash:
            self.media_hash = self._store.digest(self._path, self._control)
        return self.media_hash

    @contextmanager
    def _attempt(self) -> Iterator[None]:
        try:
            yield
            self._failure = None
        except StoreError as failure:
            self._note(failure)
        except MediaError:
            pass  # the file vanished; the analysis meets the same, and says it

    def _note(self, failure: StoreError) -> None:
        self._failure = failure
        self._retry_at = time.monotonic() + _RETRY_SECONDS


def shown_again(path: Path, kept: Kept) -> Iterator[Event]:
    """What a run has found and warned of, as events."""
    for finding in kept.findings:
        yield Found(path, finding)
    for message, hint in kept.warnings:
        yield Warned(path, message, hint)
