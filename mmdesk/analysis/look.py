"""How a frame looks, small enough to compare every frame of a film with the one before it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 32, 18

# Mean difference of 8-bit grey levels by which two frames show something else. Neighbouring frames of
# one shot stay below 12 even in a fast pan; two shots of one film are rarely closer than 25.
_CUT = 18.0
_OTHER = 10.0
# Dark scenes differ little in level: there the structure decides (correlation of brightness).
_FAINT = 3.0
_UNLIKE = 0.5


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
    """Whether a new scene begins between two neighbouring frames."""
    return _differs(before, after, _CUT)


def is_other(one: Look, other: Look) -> bool:
    """Whether two frames, however far apart, show enough of a difference to be worth two captions."""
    return _differs(one, other, _OTHER)


def _differs(one: Look, other: Look, level: float) -> bool:
    difference = float(np.abs(one.pixels - other.pixels).mean())
    if difference > level:
        return True
    return difference > _FAINT and float(one.brightness @ other.brightness) < _UNLIKE
