"""The cores that a benchmark runs on."""

from __future__ import annotations

import os


def two_cores() -> int:
    """Keeps this process on two cores, where the system can, and returns their number."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])
        return len(os.sched_getaffinity(0))
    return 2
