"""One job from end to end: kept results where there are some, else the analysis with everything kept."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import replace

from mmdesk.analysis.analyze import analyze
from mmdesk.analysis.key import request_key
from mmdesk.analysis.request import AnalysisRequest
from mmdesk.control import Control
from mmdesk.errors import Cancelled, MmdeskError
from mmdesk.events import Event, Failed, Finished, Found, Started, Warned
from mmdesk.jobs.journal import Journal
from mmdesk.library.store import Kept, ResultStore
from mmdesk.runtime.device import Device
from mmdesk.tasks.engine import Engine


def recorded(
    request: AnalysisRequest,
    engine_for: Callable[[Device], Engine],
    store: ResultStore,
    control: Control,
    recompute: bool = False,
) -> Generator[Event, None, None]:
    """Analyses a file and keeps what is found, or shows what an earlier run kept.

    Args:
        request: A file and how to analyse it.
        engine_for: Gives the engine of a device.
        store: Where results are kept.
        control: Steers the work.
        recompute: Whether kept results are passed over.

    Yields:
        What `analyze` yields, each finding after it was kept.
    """
    try:
        engine = engine_for(request.device)
        journal = Journal(store, request, request_key(request, engine, control), control)
        kept = None if recompute else journal.kept()
    except MmdeskError as failure:
        stopped = isinstance(failure, Cancelled)
        yield Failed(request.path, failure.message, failure.hint, stopped)
        return
    if kept is not None:
        yield from _shown_again(request, kept)
        return
    request = replace(request, media_hash=journal.media_hash)
    with closing(analyze(request, engine, control)) as events, closing(journal.follow(events)) as followed:
        yield from followed


def _shown_again(request: AnalysisRequest, kept: Kept) -> Iterator[Event]:
    yield Started(request.path, kept.kind, kept.duration)
    for finding in kept.findings:
        yield Found(request.path, finding)
    for message, hint in kept.warnings:
        yield Warned(request.path, message, hint)
    yield Finished(request.path, len(kept.findings), kept.seconds or 0.0)
