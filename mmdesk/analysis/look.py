"""How a frame looks, small enough to compare every frame of a film with the one before it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 32, 18

# Mean difference of 8-bit grey levels from which two frames show something else. Measured: neighbouring
# frames of one shot stay below 9 in pans and zooms; frames of one shot two seconds apart differ by 8 to
# 16 where people talk or the camera drifts; two shots differ by 25 and more.
_LEVEL = 18.0
_MOVING = 9.0


@dataclass(frozen=True, slots=True)
class _Faint:
    """Differences below `_LEVEL` that count: those of dark or pale scenes, told by their structure."""

    level: float
    correlation: float


_CUT = _Faint(3.0, 0.5)
_OTHER = _Faint(4.0, 0.6)


@dataclass(frozen=True, slots=True)
class Look:
    """A frame in 32 × 18 pixels.

    Attributes:
        pixels: float32 [18, 32, 3] RGB in [0, 255].
        brightness: float32 [576] of mean 0 and length 1; zeros for a frame of one shade.
    """

    pixels: NDArray[np.float32]
    brightness: NDArray[np.float32]


def look(small: NDArray[np.uint8]) -> Look:
    """The look of a frame.

    Args:
        small: uint8 [18, 32, 3] RGB, averaged over areas.
    """
    pixels = small.astype(np.float32)
    brightness = pixels.mean(axis=2).ravel()
    brightness -= brightness.mean()
    length = float(np.linalg.norm(brightness))
    return Look(pixels, brightness / length if length > 1.0 else np.zeros_like(brightness))


def is_cut(before: Look, after: Look) -> bool:
    """Whether a new scene begins between two frames that are neighbours, or nearly."""
    return _differs(before, after, _CUT)


def is_other(one: Look, other: Look) -> bool:
    """Whether two frames, however far apart, show enough of a difference to be worth two captions."""
    return _differs(one, other, _OTHER)


def is_moving(before: Look, after: Look) -> bool:
    """Whether the picture has not come to rest between two frames less than half a second apart."""
    return _difference(before, after) > _MOVING


def _difference(one: Look, other: Look) -> float:
    return float(np.abs(one.pixels - other.pixels).mean())


def _differs(one: Look, other: Look, faint: _Faint) -> bool:
    difference = _difference(one, other)
    if difference > _LEVEL:
        return True
    flat = not (one.brightness.any() or other.brightness.any())
    unlike = float(one.brightness @ other.brightness) < faint.correlation
    return difference > faint.level and unlike and not flat
