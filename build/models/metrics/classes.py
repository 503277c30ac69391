"""Figures of classifiers, in percent; plain numpy, so that evaluation needs nothing but the program."""

import numpy as np
from numpy.typing import NDArray

BINS = 15

Chances = NDArray[np.float64]
Labels = NDArray[np.int64]


def class_figures(chances: Chances, labels: Labels) -> dict[str, float]:
    """Accuracy, F1 averaged over classes (plain and weighted by their share) and calibration error.

    Args:
        chances: Probabilities, [N, classes].
        labels: The true classes, [N].
    """
    f1 = f1_by_class(chances.argmax(1), labels, chances.shape[1])
    counts = np.bincount(labels, minlength=chances.shape[1])
    return {
        "accuracy": 100 * float((chances.argmax(1) == labels).mean()),
        "macro_f1": 100 * float(f1[counts > 0].mean()),
        "weighted_f1": 100 * float((f1 * counts).sum() / counts.sum()),
        "ece": 100 * calibration_error(chances, labels),
    }


def f1_by_class(chosen: Labels, labels: Labels, classes: int) -> NDArray[np.float64]:
    """F1 of each class in [0, 1]; 0 where a class was neither chosen nor true."""
    both = np.bincount(labels[chosen == labels], minlength=classes)
    either = np.bincount(chosen, minlength=classes) + np.bincount(labels, minlength=classes)
    result: NDArray[np.float64] = 2 * both / np.maximum(either, 1)
    return result


def calibration_error(chances: Chances, labels: Labels, bins: int = BINS) -> float:
    """Expected calibration error (Naeini et al., 2015) in [0, 1] over bins of equal width."""
    sure, right = chances.max(1), chances.argmax(1) == labels
    places = np.minimum((sure * bins).astype(int), bins - 1)
    gaps = [
        abs(sure[places == place].mean() - right[places == place].mean()) * (places == place).mean()
        for place in np.unique(places)
    ]
    return float(np.sum(gaps))
