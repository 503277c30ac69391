"""A killed program loses nothing, and the next one ends with the same findings."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.end2end.killing import kill


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
@pytest.mark.timeout(300)
def test_killed_at_random_moments_it_ends_with_the_same_findings(tmp_path: Path) -> None:
    killed = kill(runs=3, seed=7, folder=tmp_path, scenes=40)
    assert killed.kills > 0
    assert killed.unequal == []
    assert killed.vanished == 0
