"""Pixels for the face models: pictures small enough to search, and faces as the reader was taught them."""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

RGB = NDArray[np.uint8]
Grey = NDArray[np.float32]
Matrix = NDArray[np.float64]
Point = tuple[float, float]

# A crop of a large face averages at most so many pixels of each row.
MOST_SAMPLES = 8
# Contrast (grey levels) under which noise would count as detail.
FLAT = 4.0


def fitted(rgb: RGB, long_side: int, multiple: int) -> tuple[RGB, float]:
    """A picture whose longer side is at most `long_side`, filled up to a multiple of pixels.

    Args:
        rgb: uint8 [H, W, 3].
        long_side: Larger pictures are shrunk by averaging; smaller ones stay as they are.
        multiple: Black is added at the right and at the bottom until both sides are multiples.

    Returns:
        The picture, and its pixels per pixel of the original, in (0, 1].
    """
    factor = min(1.0, long_side / max(rgb.shape[:2]))
    if factor < 1:
        size = max(1, round(rgb.shape[1] * factor)), max(1, round(rgb.shape[0] * factor))
        rgb = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
    high, wide = (-(-side // multiple) * multiple for side in rgb.shape[:2])
    if (high, wide) != rgb.shape[:2]:
        filled = np.zeros((high, wide, 3), np.uint8)
        filled[: rgb.shape[0], : rgb.shape[1]] = rgb
        rgb = filled
    return rgb, factor


def similarity(points: Sequence[Point], template: Sequence[Point]) -> Matrix:
    """The rotation, scale and shift that bring points closest to a template.

    Least squares after Umeyama, "Least-squares estimation of transformation parameters between two point
    patterns", 1991; no mirroring.

    Args:
        points: N points of the picture.
        template: Where they should lie.

    Returns:
        float64 [2, 3]: `template ≈ matrix[:, :2] @ point + matrix[:, 2]`.

    Raises:
        ValueError: All points are the same.
    """
    given, wanted = np.array(points, np.float64), np.array(template, np.float64)
    middle, target = given.mean(0), wanted.mean(0)
    x, y = (given - middle).T
    u, v = (wanted - target).T
    spread = float((x * x + y * y).sum())
    if spread < 1e-9:
        raise ValueError("points in one place have no direction")
    a, b = float((x * u + y * v).sum()) / spread, float((x * v - y * u).sum()) / spread
    turn = np.array([[a, -b], [b, a]])
    return np.hstack([turn, (target - turn @ middle)[:, None]])


def aligned(rgb: RGB, points: Sequence[Point], template: Sequence[Point], side: int) -> Grey:
    """A face upright and in its place.

    Args:
        rgb: uint8 [H, W, 3].
        points: Eyes, nose and corners of the mouth in pixels.
        template: Where they belong, as shares of the crop's side.
        side: Of the crop.

    Returns:
        Grey levels (ITU-R BT.601), float32 [side, side] in [0, 255]; what lies outside of the picture
        repeats its edge.

    Raises:
        ValueError: All points are the same.
    """
    matrix = similarity(points, [(x * side, y * side) for x, y in template])
    pixels_a_sample = 1 / math.hypot(matrix[0, 0], matrix[1, 0])
    samples = int(np.clip(math.ceil(pixels_a_sample), 1, MOST_SAMPLES))
    # Pixel centres lie at halves, and each pixel of the crop is the mean of samples x samples.
    fine = np.vstack([matrix * samples, [0, 0, 1]])
    centres = _shift(-0.5) @ fine @ _shift(0.5)
    crop = cv2.warpAffine(
        rgb,
        centres[:2],
        (side * samples, side * samples),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    grey = cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY).astype(np.float32)
    mean: Grey = grey.reshape(side, samples, side, samples).mean((1, 3))
    return mean


def detail(crop: Grey) -> float:
    """How much fine structure a crop has: the spread of its Laplacian, relative to its contrast.

    Args:
        crop: Grey levels [side, side].

    Returns:
        At least 0; blur makes it smaller, noise larger.
    """
    inner = crop[1:-1, 1:-1]
    around = crop[:-2, 1:-1] + crop[2:, 1:-1] + crop[1:-1, :-2] + crop[1:-1, 2:]
    return float((around - 4 * inner).std() / math.hypot(float(inner.std()), FLAT))


def _shift(by: float) -> Matrix:
    return np.array([[1, 0, by], [0, 1, by], [0, 0, 1]], np.float64)
