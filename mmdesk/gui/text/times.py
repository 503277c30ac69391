"""Seconds as people read them."""

from __future__ import annotations


def clock(seconds: float) -> str:
    """Hours only where there are some: `0:07`, `12:30`, `1:02:03`."""
    whole = max(0, int(seconds))
    hours, rest = divmod(whole, 3600)
    minutes, second = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{second:02}" if hours else f"{minutes}:{second:02}"


def exact_clock(seconds: float) -> str:
    """With milliseconds, for copying: `00:00:07.250`."""
    total = max(0, round(seconds * 1000))
    whole, thousandth = divmod(total, 1000)
    hours, rest = divmod(whole, 3600)
    minutes, second = divmod(rest, 60)
    return f"{hours:02}:{minutes:02}:{second:02}.{thousandth:03}"
