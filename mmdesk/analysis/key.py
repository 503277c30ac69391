"""The name of a request: two runs with the same name and the same content give the same findings."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from mmdesk.analysis.request import AnalysisRequest
from mmdesk.control import Control
from mmdesk.errors import MediaError
from mmdesk.media.digest import content_hash
from mmdesk.media.subtitles import sidecars
from mmdesk.tasks.engine import Engine

# Counts up whenever the analysis itself finds something else in the same file with the same models.
_ANALYSIS = 2


def request_key(request: AnalysisRequest, engine: Engine, control: Control) -> str:
    """SHA-256 over what decides the findings beside the file's own content.

    These are the languages, the installed packs, the sidecar subtitles and the version of the
    analysis. The device is left out: each finding says on what it was computed.

    Raises:
        Cancelled: The person stopped the work.
    """
    parts = {
        "analysis": _ANALYSIS,
        "languages": request.languages,
        "packs": engine.packs_key(),
        "sidecars": _sidecar_hashes(request, control),
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _sidecar_hashes(request: AnalysisRequest, control: Control) -> list[str]:
    return [_hash(sidecar, control) for sidecar in sidecars(request.path)]


def _hash(sidecar: Path, control: Control) -> str:
    try:
        return content_hash(sidecar, control)
    except MediaError:
        return "unreadable"  # the analysis says what is wrong with it
