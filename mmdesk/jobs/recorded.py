"""One job from end to end: kept results where there are some, else the analysis with everything kept."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import replace

from mmdesk.analysis.analyze import analyze
from mmdesk.analysis.key import request_key
from mmdesk.analysis.passport import program_version
from mmdesk.analysis.past import Past
from mmdesk.analysis.request import AnalysisRequest
from mmdesk.control import Control
from mmdesk.errors import Cancelled, MmdeskError
from mmdesk.events import Event, Failed, Finished, Started
from mmdesk.jobs.journal import Journal, shown_again
from mmdesk.library.store import Asked, Kept, ResultStore
from mmdesk.runtime.device import Device
from mmdesk.tasks.engine import Engine


def recorded(
    request: AnalysisRequest,
    engine_for: Callable[[Device], Engine],
    store: ResultStore,
    control: Control,
    recompute: bool = False,
    session: str = "",
) -> Generator[Event, None, None]:
    """Analyses a file and keeps what is found, or shows what an earlier run kept.

    A run that was interrupted is gone on with.

    Args:
        request: A file and how to analyse it.
        engine_for: Gives the engine of a device.
        store: Where results are kept.
        control: Steers the work.
        recompute: Whether kept results are passed over.
        session: Whose run it is.

    Yields:
        What `analyze` yields, each finding after it was kept.
    """
    past = Past()
    try:
        engine = engine_for(request.device)
        journal = Journal(store, request, _asked(request, engine, control, session), control)
        kept = None if recompute else journal.kept()
        if kept is None and not recompute:
            past = journal.past()
    except MmdeskError as failure:
        stopped = isinstance(failure, Cancelled)
        yield Failed(request.path, failure.message, failure.hint, stopped)
        return
    if kept is not None:
        yield from _shown_again(request, kept)
        return
    request = replace(request, media_hash=journal.media_hash)
    with (
        closing(analyze(request, engine, control, past)) as events,
        closing(journal.follow(events)) as followed,
    ):
        yield from followed


def _asked(request: AnalysisRequest, engine: Engine, control: Control, session: str) -> Asked:
    return Asked(
        request_key(request, engine, control),
        {"device": str(request.device), "languages": " ".join(request.languages)},
        program_version(),
        {
            pack.manifest_hash: {path: file.sha256 for path, file in pack.manifest.files.items()}
            for pack in engine.installed()
        },
        session,
    )


def _shown_again(request: AnalysisRequest, kept: Kept) -> Iterator[Event]:
    yield Started(request.path, kept.kind, kept.duration)
    yield from shown_again(request.path, kept)
    yield Finished(request.path, len(kept.findings), kept.seconds or 0.0, kept=True)
