"""An engine with the tiny packs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mmdesk.runtime.device import Device
from mmdesk.tasks.engine import Engine
from tests.packs_for_tests import write_packs


@pytest.fixture(scope="session")
def packs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both tiny packs; do not change it."""
    return write_packs(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def engine(packs: Path) -> Iterator[Engine]:
    """An engine on the CPU."""
    engine = Engine([packs], Device.CPU, threads=1)
    yield engine
    engine.close()
