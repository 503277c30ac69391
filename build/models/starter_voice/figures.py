"""Figures of a classifier from its answers; plain numpy."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def accuracy(chosen: Sequence[int], labels: Sequence[int]) -> float:
    """Share of right answers in percent."""
    return 100 * float(np.mean(np.array(chosen) == np.array(labels)))


def f1_of_classes(chosen: Sequence[int], labels: Sequence[int]) -> dict[int, float]:
    """F1 in percent of each class that occurs in the labels or the answers."""
    said, true = np.array(chosen), np.array(labels)
    scores = {}
    for label in sorted({*said.tolist(), *true.tolist()}):
        both = float(((said == label) & (true == label)).sum())
        scores[label] = 200 * both / float((said == label).sum() + (true == label).sum())
    return scores


def macro_f1(chosen: Sequence[int], labels: Sequence[int]) -> float:
    """Mean F1 over the classes, in percent."""
    return float(np.mean(list(f1_of_classes(chosen, labels).values())))


def weighted_f1(chosen: Sequence[int], labels: Sequence[int]) -> float:
    """Mean F1 over the classes, weighted by how often each is right, in percent."""
    scores = f1_of_classes(chosen, labels)
    return float(sum(score * labels.count(label) for label, score in scores.items()) / len(labels))


def calibration_error(chances: Floats, labels: Sequence[int], bins: int = 10) -> float:
    """Expected calibration error in percent: confidence against accuracy in bins of equal width."""
    confidence, right = chances.max(1), chances.argmax(1) == np.array(labels)
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [
        abs(right[place == b].mean() - confidence[place == b].mean()) * (place == b).mean()
        for b in range(bins)
        if (place == b).any()
    ]
    return 100 * float(sum(gaps))


def wilson(right: int, count: int) -> tuple[float, float]:
    """95 % interval of a share in percent (Wilson, 1927)."""
    z, share = 1.96, right / count
    middle = share + z * z / (2 * count)
    half = z * float(np.sqrt(share * (1 - share) / count + z * z / (4 * count * count)))
    scale = 100 / (1 + z * z / count)
    return scale * (middle - half), scale * (middle + half)
