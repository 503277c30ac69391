"""Threads are counted as the container and the cores allow."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from mmdesk.runtime import cores


def test_counts_at_least_one_and_not_more_than_there_are() -> None:
    assert 1 <= cores.available_cores() <= (os.cpu_count() or 1)


@pytest.mark.skipif(sys.platform != "linux", reason="affinity is Linux's")
def test_honours_the_affinity_mask() -> None:
    allowed = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(allowed)})
        assert cores.available_cores() == 1
    finally:
        os.sched_setaffinity(0, allowed)


@pytest.mark.parametrize(
    ("file", "text", "quota"),
    [
        ("cpu.max", "200000 100000", 2),
        ("cpu.max", "150000 100000", 1),
        ("cpu.max", "50000 100000", 1),
        ("cpu.max", "max 100000", sys.maxsize),
        ("cpu.max", "nonsense", sys.maxsize),
        ("none", "", sys.maxsize),
    ],
)
def test_honours_the_quota_of_a_container(tmp_path: Path, file: str, text: str, quota: int) -> None:
    (tmp_path / file).write_text(text)
    assert cores._quota(tmp_path) == quota


def test_honours_the_quota_of_an_old_container(tmp_path: Path) -> None:
    (tmp_path / "cpu").mkdir()
    (tmp_path / "cpu" / "cpu.cfs_quota_us").write_text("300000\n")
    (tmp_path / "cpu" / "cpu.cfs_period_us").write_text("100000\n")
    assert cores._quota(tmp_path) == 3
    (tmp_path / "cpu" / "cpu.cfs_quota_us").write_text("-1\n")
    assert cores._quota(tmp_path) == sys.maxsize
