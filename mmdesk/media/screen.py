"""Pixels for the screen: what a viewer draws, made on a worker thread without holding the GIL.

Nothing here goes into a model (see `models.pixels` for that): the aim is a picture that looks right
and is there in a few milliseconds, so video planes are shrunk before they are turned into colours.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

_SMALLEST_LEVEL = 256


class YuvMatrix(Enum):
    """Luma weights of red and blue, ITU-R BT.601-7, BT.709-6 and BT.2020-2."""

    BT601 = (0.299, 0.114)
    BT709 = (0.2126, 0.0722)
    BT2020 = (0.2627, 0.0593)


@dataclass(frozen=True, slots=True, eq=False)
class YuvPlanes:
    """The planes of a decoded video frame.

    Attributes:
        luma: uint8 or uint16 [rows, columns].
        chroma: Two planes Cb and Cr [rows / n, columns / m], or one
            [rows / n, columns / m, 2]; dtype of `luma`.
        gain: What brings a stored value to 8 bits: 1 for uint8, 1/4 for 10 bits in the low bits, 1/256
            for values in the high bits of 16.
        matrix: How colours were turned into luma.
        full_range: Whether luma uses 0..255 rather than 16..235.
    """

    luma: NDArray[np.uint8] | NDArray[np.uint16]
    chroma: tuple[NDArray[np.uint8] | NDArray[np.uint16], ...]
    gain: float = 1.0
    matrix: YuvMatrix = YuvMatrix.BT709
    full_range: bool = False


def screen_levels(rgb: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], ...]:
    """A picture and its halves, quarters, ... for drawing at any zoom without aliasing.

    Args:
        rgb: uint8 [H, W, 3].

    Returns:
        First `rgb` itself (a copy of a large picture would cost a second), then uint8 [h, w, 4] blue,
        green, red, 255, each half as large as the one before (area averages) until it is small.
    """
    levels = [rgb]
    level = rgb
    while max(level.shape[:2]) > _SMALLEST_LEVEL and min(level.shape[:2]) > 1:
        half = (level.shape[1] + 1) // 2, (level.shape[0] + 1) // 2
        level = np.asarray(cv2.resize(level, half, interpolation=cv2.INTER_AREA), np.uint8)
        if level.shape[2] == 3:
            level = np.asarray(cv2.cvtColor(level, cv2.COLOR_RGB2BGRA), np.uint8)
        levels.append(level)
    return tuple(levels)


def yuv_to_bgra(planes: YuvPlanes, width: int, height: int) -> NDArray[np.uint8]:
    """A video frame in the size that the screen needs (ITU-R BT.709-6, sections 3 and 4).

    A handful of vectorised passes over planes that are already small: 2 ms where a general colour
    transform of the whole frame takes 30.

    Args:
        planes: The frame.
        width: Wanted columns.
        height: Wanted rows.

    Returns:
        uint8 [height, width, 4] blue, green, red, 255.
    """
    luma, *chroma = (_eight_bit(_resized(plane, width, height), planes.gain) for plane in _separate(planes))
    red, blue = planes.matrix.value
    green = 1.0 - red - blue
    gain, swing, black = (1.0, 1.0, 0.0) if planes.full_range else (255 / 219, 255 / 224, 16.0)
    to_red, to_blue = 2 * (1 - red) * swing, 2 * (1 - blue) * swing
    bluish, reddish = -blue / green * to_blue, -red / green * to_red
    # What both chroma planes take from green stays within 8 bits around 128.
    from_green = cv2.addWeighted(chroma[0], bluish, chroma[1], reddish, 128 * (1 - bluish - reddish))
    offset = -gain * black
    channels = (
        cv2.addWeighted(luma, gain, chroma[0], to_blue, offset - 128 * to_blue),
        cv2.addWeighted(luma, gain, from_green, 1.0, offset - 128),
        cv2.addWeighted(luma, gain, chroma[1], to_red, offset - 128 * to_red),
        np.full_like(luma, 255),
    )
    return np.asarray(cv2.merge(channels), np.uint8)


def turned(bgra: NDArray[np.uint8], clockwise: int, mirrored: bool) -> NDArray[np.uint8]:
    """Turns a frame by 0, 90, 180 or 270 degrees clockwise, then mirrors it left to right."""
    codes = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}
    upright = cv2.rotate(bgra, codes[clockwise]) if clockwise in codes else bgra
    return np.asarray(cv2.flip(upright, 1) if mirrored else upright, np.uint8)


def _separate(planes: YuvPlanes) -> tuple[NDArray[Any], ...]:
    if len(planes.chroma) == 2:
        return (planes.luma, *planes.chroma)
    return (planes.luma, *cv2.split(planes.chroma[0]))


def _eight_bit(plane: NDArray[Any], gain: float) -> NDArray[np.uint8]:
    return np.asarray(plane if gain == 1.0 else cv2.convertScaleAbs(plane, alpha=gain), np.uint8)


def _resized(pixels: NDArray[Any], width: int, height: int) -> NDArray[Any]:
    """Halves by averaging while it can (far cheaper than a fractional average), then interpolates."""
    rows, columns = pixels.shape[:2]
    while columns >= 2 * width and rows >= 2 * height:
        columns, rows = columns // 2, rows // 2
        pixels = np.asarray(cv2.resize(pixels, (columns, rows), interpolation=cv2.INTER_AREA))
    if (columns, rows) == (width, height):
        return pixels
    return np.asarray(cv2.resize(pixels, (width, height), interpolation=cv2.INTER_LINEAR))
