"""Events as JSON, one object a line: what the command line streams and what `.jsonl` files hold.

Every object has `type` (passport, started, progress, finding, mark, warning, failed, finished); all but
the passport and marks have `path`. A finding has the keys of `analysis.records` beside them. A `.jsonl`
file begins with the passport; `resources/schemas/result-line.schema.json` describes its lines.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from mmdesk.analysis.passport import passport_record
from mmdesk.analysis.records import Record, finding_record
from mmdesk.events import Event, Failed, Finished, Found, Progress, Started
from mmdesk.export.result import Mark, Result


def event_record(event: Event) -> Record:
    """An event as a JSON object."""
    if isinstance(event, Found):
        return {"type": "finding", "path": str(event.path), **finding_record(event.finding)}
    kind = "warning"
    details: Record
    match event:
        case Started():
            kind, details = "started", {"kind": str(event.kind), "duration": event.duration}
        case Progress():
            kind, details = "progress", _progress(event)
        case Finished():
            kind, details = "finished", {"findings": event.findings, "seconds": round(event.seconds, 3)}
        case _:
            kind = "failed" if isinstance(event, Failed) else kind
            details = {"message": str(event.message), "hint": str(event.hint)}
    if isinstance(event, Failed) and event.cancelled:
        details["cancelled"] = True
    return {"type": kind, "path": str(event.path), **details}


def event_json(event: Event, ascii_only: bool = True) -> str:
    """An event as one line of JSON, without the line's end.

    Args:
        event: Any event.
        ascii_only: Whether to escape everything else, which survives any encoding; otherwise the
            text stands as it is, and lone surrogates (file names that are no text) are left for
            the error handler "backslashreplace" to escape.
    """
    return json.dumps(event_record(event), ensure_ascii=ascii_only)


def result_lines(result: Result) -> Iterator[str]:
    """A result as lines of JSON without their ends: its passport, then findings, then marks."""
    yield json.dumps({"type": "passport", **passport_record(result.passport)}, ensure_ascii=False)
    for finding in result.findings:
        yield event_json(Found(result.path, finding), ascii_only=False)
    for mark in result.marks:
        yield json.dumps({"type": "mark", **mark_record(mark)}, ensure_ascii=False)


def mark_record(mark: Mark) -> Record:
    """A mark as a JSON object."""
    return {"t0": mark.t0, "t1": mark.t1, "label": mark.label, "note": mark.note}


def _progress(event: Progress) -> Record:
    return {
        "stage": str(event.stage),
        "fraction": event.fraction,
        "speed": event.speed,
        "remaining": event.remaining,
    }
