"""Real windows on the offscreen platform, always starting in English and light."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mmdesk.gui.application import Application


@pytest.fixture(scope="session")
def qapp_cls() -> type[Application]:
    """The application under test is ours."""
    return Application


@pytest.fixture(autouse=True)
def english_and_light(qapp: Application) -> Iterator[None]:
    """Every test starts and ends in English and light."""
    qapp.language.choose("en")
    qapp.theme.choose("light")
    yield
    qapp.language.choose("en")
    qapp.theme.choose("light")
