"""The one generator behind every front end: from a request to events."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from dataclasses import replace

from mmdesk.analysis.captions import caption_picture, watch
from mmdesk.analysis.context import Context
from mmdesk.analysis.folder import TakenAlong, entries
from mmdesk.analysis.past import Past
from mmdesk.analysis.request import AnalysisRequest
from mmdesk.analysis.script import read_script
from mmdesk.analysis.words import heard
from mmdesk.control import Control
from mmdesk.errors import Cancelled, MmdeskError
from mmdesk.events import Event, Failed, Finished, Found, MediaKind, Passed, Started
from mmdesk.media.probe import probe
from mmdesk.tasks.engine import Engine

_NOTHING = Past()


def analyze(
    request: AnalysisRequest, engine: Engine, control: Control, past: Past = _NOTHING
) -> Generator[Event | Passed, None, None]:
    """Analyses a file, or every file of a folder.

    The same file, languages and packs give the same findings, whatever the order in which they are
    found, and wherever the person is watching. Memory does not depend on the length of the file. On
    every way out (the end, a failure, `close()`) all threads that it started have ended.

    Args:
        request: What to analyse, and how.
        engine: The models; used on the thread that takes the events.
        control: Cancels, pauses, and says where the person is watching.
        past: What an earlier run of the same request on the same file had done: it is left out.

    Yields:
        For each file at most one `Started`; then `Progress`, `Found`, `Warned` and `Passed`; at the end
        exactly one `Finished`, or `Failed` with what was found before still good. Expected failures are
        never raised.
    """
    if request.path.is_dir():
        yield from _folder(request, engine, control)
        return
    began, found = time.monotonic(), past.findings
    try:
        for event in _file(request, engine, control, past):
            found += isinstance(event, Found)
            yield event
        yield Finished(request.path, found, time.monotonic() - began)
    except MmdeskError as failure:
        yield Failed(request.path, failure.message, failure.hint, isinstance(failure, Cancelled))


def _folder(request: AnalysisRequest, engine: Engine, control: Control) -> Iterator[Event | Passed]:
    along = TakenAlong([request.path])
    for entry in entries([request.path]):
        if isinstance(entry, Failed):
            yield entry
            continue
        for event in analyze(replace(request, path=entry, media_hash=""), engine, control):
            yield event
            if isinstance(event, Passed):
                continue
            sidecars, read = along.after(event)
            for path in sidecars:
                alone = replace(request, path=path, media_hash="")
                yield from [Finished(path, 0, 0.0)] if read else analyze(alone, engine, control)


def _file(request: AnalysisRequest, engine: Engine, control: Control, past: Past) -> Iterator[Event | Passed]:
    control.checkpoint()
    info = probe(request.path, control)
    yield Started(request.path, info.kind, info.duration)
    context = Context(request, info, engine, control, past)
    if info.kind is MediaKind.PICTURE:
        yield from caption_picture(context)
    elif info.kind is MediaKind.VIDEO:
        yield from watch(context)
    else:
        yield from heard(context, read_script(info, request.languages, control))
    if context.incomplete is not None:
        raise context.incomplete
    if context.missing is not None and not context.done:
        raise context.missing
