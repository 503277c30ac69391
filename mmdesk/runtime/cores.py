"""How many threads are worth starting here."""

from __future__ import annotations

import math
import os
import sys
from pathlib import Path

_CPUS = Path("/sys/devices/system/cpu")
_CGROUP = Path("/sys/fs/cgroup")


def available_cores() -> int:
    """Physical cores that this process may use, at least 1.

    Honours the affinity mask and the CPU quota of a container (cgroup v2 and v1). Two hardware
    threads of one core count once: they share its vector units.
    """
    allowed = _affinity()
    cores = len({_core(cpu) for cpu in allowed})
    return max(1, min(cores, _quota(_CGROUP)))


def _affinity() -> set[int]:
    if sys.platform == "linux":
        cpus = os.sched_getaffinity(0)
    else:
        cpus = set(range(os.cpu_count() or 1))
    return cpus


def _core(cpu: int) -> str:
    """Something that is the same for two hardware threads of one core."""
    siblings = _CPUS / f"cpu{cpu}" / "topology" / "thread_siblings_list"
    return _line(siblings) or f"cpu{cpu}"


def _quota(cgroup: Path) -> int:
    """Whole cores that the container's CPU quota allows; very many when there is none."""
    limits = [_v2(_line(cgroup / "cpu.max")), _v1(cgroup / "cpu")]
    limit = min(limits)
    return sys.maxsize if limit == math.inf else max(1, math.floor(limit))


def _v2(line: str) -> float:
    quota, _, period = line.partition(" ")
    return int(quota) / int(period) if quota.isdecimal() and period.isdecimal() else math.inf


def _v1(folder: Path) -> float:
    return _v2(f"{_line(folder / 'cpu.cfs_quota_us')} {_line(folder / 'cpu.cfs_period_us')}")


def _line(path: Path) -> str:
    try:
        return path.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
