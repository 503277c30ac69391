"""A project with a film in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mmdesk.control import Control
from mmdesk.events import Finding, Found, MediaKind, Started
from mmdesk.library.project import Project
from mmdesk.library.store import Asked
from tests.analysis.findings_for_tests import caption, transcript

FOUND = [caption("A dog runs.", 0, 2), caption("A cat sleeps.", 2, 4), transcript("我今天很高兴", 0.5, 1.5)]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    project = Project(tmp_path / "data" / "results.sqlite")
    yield project
    project.close()


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.mp4"
    path.write_bytes(b"content of a film")
    return path


def analysed(
    project: Project, path: Path, found: list[Finding], key: str = "k", kind: MediaKind = MediaKind.VIDEO
) -> str:
    """Keeps a complete run of a file; returns the hash of its content."""
    media_hash = project.results.digest(path, Control())
    asked = Asked(key, {"languages": "en"}, "0.1.0", {"0" * 64: {"model.onnx": "1" * 64}})
    run = project.results.begin(path, media_hash, asked, Started(path, kind, 12.5))
    run.add([Found(path, finding) for finding in found])
    run.end("finished", 3.5)
    return media_hash
