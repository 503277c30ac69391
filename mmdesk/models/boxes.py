"""Boxes around things: how far two are the same, and which of many that say the same to keep."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Boxes = NDArray[np.float32]


def overlaps(left: Boxes, right: Boxes) -> NDArray[np.float32]:
    """Intersection over union (Jaccard index) of every box with every other one.

    Args:
        left: [N, 4], each row x0, y0, x1, y1.
        right: [M, 4], likewise.

    Returns:
        [N, M], values in [0, 1].
    """
    low = np.maximum(left[:, None, :2], right[None, :, :2])
    high = np.minimum(left[:, None, 2:], right[None, :, 2:])
    shared = np.prod(np.clip(high - low, 0, None), axis=2)
    union = areas(left)[:, None] + areas(right)[None, :] - shared
    result: NDArray[np.float32] = (shared / np.maximum(union, 1e-9)).astype(np.float32)
    return result


def areas(boxes: Boxes) -> NDArray[np.float32]:
    """Area of each box of [N, 4]."""
    sides = np.clip(boxes[:, 2:] - boxes[:, :2], 0, None)
    result: NDArray[np.float32] = sides[:, 0] * sides[:, 1]
    return result


def best_of_each(boxes: Boxes, scores: NDArray[np.float32], limit: float) -> NDArray[np.int64]:
    """Greedy non-maximum suppression.

    Args:
        boxes: [N, 4].
        scores: [N].
        limit: Of two boxes that overlap more, only the better one stays.

    Returns:
        Rows that stay, best first.
    """
    left = np.argsort(-scores, kind="stable")
    kept = []
    while left.size:
        best, left = left[0], left[1:]
        kept.append(int(best))
        if left.size:
            left = left[overlaps(boxes[best][None], boxes[left])[0] <= limit]
    return np.array(kept, np.int64)
