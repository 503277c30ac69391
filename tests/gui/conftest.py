"""Real windows on the offscreen platform, with nothing of the person's own touched."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from mmdesk.gui.application import Application
from mmdesk.gui.platform import clear_foreign_qt

clear_foreign_qt()


@pytest.fixture(scope="session")
def qapp_cls() -> type[Application]:
    """The application under test is ours."""
    return Application


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Results and settings go into a folder of the test."""
    monkeypatch.setenv("MMDESK_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture(autouse=True)
def english_and_light(qapp: Application) -> Iterator[None]:
    """Every test starts and ends in English and light."""
    qapp.language.choose("en")
    qapp.theme.choose("light")
    yield
    qapp.language.choose("en")
    qapp.theme.choose("light")
