"""Events as JSON, one object a line: what the command line streams and what `.jsonl` files hold.

Every object has `type` (started, progress, finding, warning, failed, finished) and `path`. A finding has
the keys of `analysis.records` beside them.
"""

from __future__ import annotations

import json

from mmdesk.analysis.records import Record, finding_record
from mmdesk.events import Event, Failed, Finished, Found, Progress, Started


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


def _progress(event: Progress) -> Record:
    return {
        "stage": str(event.stage),
        "fraction": event.fraction,
        "speed": event.speed,
        "remaining": event.remaining,
    }
