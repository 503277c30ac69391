"""A home with the tiny packs in it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.packs_for_tests import write_packs


@pytest.fixture(scope="session")
def tiny_packs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both tiny packs; do not change them."""
    return write_packs(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def home(own_home: Path, tiny_packs: Path) -> Path:
    """`MMDESK_HOME` of this test, with packs of its own that may be changed."""
    shutil.copytree(tiny_packs, own_home / "data" / "packs")
    return own_home
