"""Moments that a person marked."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """A moment that a person marked.

    Attributes:
        t0: Start, seconds.
        t1: End, seconds; equals `t0` for a single moment.
        label: In a few words.
        note: Anything else.
    """

    t0: float
    t1: float
    label: str
    note: str = ""
