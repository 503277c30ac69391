"""How figures are taken and told."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Mapping, Sequence
from statistics import median

from mmdesk.runtime.cores import available_cores


def machine() -> str:
    """What the figures were taken on."""
    busy = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    system = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    return f"{system}, {available_cores()} cores{busy}"


def side_by_side(runs: Mapping[str, Callable[[], object]], times: int) -> dict[str, list[float]]:
    """Times several things in turns, so that whatever else the machine does falls on all of them.

    Args:
        runs: What to time, by name; each runs once before to warm up.
        times: Number of turns.

    Returns:
        Seconds of each turn by name.
    """
    for run in runs.values():
        run()
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(times):
        for name, run in runs.items():
            began = time.perf_counter()
            run()
            seconds[name].append(time.perf_counter() - began)
    return seconds


def ratio(dividend: Sequence[float], divisor: Sequence[float]) -> float:
    """Median of the turns' own ratios."""
    return median(a / b for a, b in zip(dividend, divisor, strict=True))


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that so many percent of all do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def tell(title: str, figures: Mapping[str, str]) -> None:
    """Prints one benchmark's figures."""
    print(f"{title} ({machine()})")
    for name, figure in figures.items():
        print(f"  {name:44} {figure}")


def milliseconds(seconds: Sequence[float]) -> str:
    """Median and spread."""
    return f"{1000 * median(seconds):.1f} ms (min {1000 * min(seconds):.1f}, max {1000 * max(seconds):.1f})"
