"""Finds faces that stand in fer2013 more than once, exactly or nearly, also mirrored.

Two faces are the same when thumbnails of them correlate: the sheets are JPEGs of different quality, so
equal bytes are not to be had. The threshold was set by looking at pairs on both sides of it.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from starter_face.fer_sheets import SIDE, FaceSet

SAME = 0.95
THUMBNAIL = 16
CHUNK = 2048

Vectors = NDArray[np.float32]
Rows = NDArray[np.int64]


def thumbnails(pixels: NDArray[np.uint8]) -> Vectors:
    """Thumbnails without mean and contrast: float32 [N, 256] of unit length."""
    cell = SIDE // THUMBNAIL
    blocks = pixels.reshape(-1, THUMBNAIL, cell, THUMBNAIL, cell).astype(np.float32).mean((2, 4))
    flat = blocks.reshape(len(pixels), -1)
    flat -= flat.mean(1, keepdims=True)
    unit: Vectors = flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-6)
    return unit


def pairs(
    left: NDArray[np.uint8], right: NDArray[np.uint8], same: float = SAME
) -> Iterator[tuple[Rows, Rows]]:
    """Rows of ``left`` and ``right`` that show the same face, in chunks of ``left``."""
    seen, others = thumbnails(left), thumbnails(right)
    mirrored = thumbnails(right[:, :, ::-1])
    for first in range(0, len(seen), CHUNK):
        part = seen[first : first + CHUNK]
        rows, columns = np.nonzero((part @ others.T > same) | (part @ mirrored.T > same))
        yield rows + first, columns


def groups(faces: FaceSet) -> Rows:
    """For each face the first row of its group of duplicates: int64 [N]."""
    found = np.arange(len(faces))
    for rows, columns in pairs(faces.pixels, faces.pixels):
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            low, high = sorted((found[row], found[column]))
            if low != high:
                found[found == high] = low
    return found


def clean(train: FaceSet, held_out: FaceSet) -> FaceSet:
    """The training faces that are not in ``held_out``, each once, without contradicting labels."""
    known = np.zeros(len(train), bool)
    for rows, _ in pairs(train.pixels, held_out.pixels):
        known[rows] = True
    left = train.take(np.flatnonzero(~known))
    group = groups(left)
    lowest, highest = np.full(len(left), 99), np.full(len(left), -1)
    np.minimum.at(lowest, group, left.labels)
    np.maximum.at(highest, group, left.labels)
    firsts = group == np.arange(len(left))
    return left.take(np.flatnonzero(firsts & (lowest == highest)))
