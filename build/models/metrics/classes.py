"""Figures of classifiers, in percent: counted by scikit-learn, calibration after Naeini et al. (2015)."""

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import accuracy_score, f1_score

BINS = 15

Chances = NDArray[np.float64]
Labels = NDArray[np.int64]


def class_figures(chances: Chances, labels: Labels) -> dict[str, float]:
    """Accuracy, F1 averaged over classes (plain and weighted by their share) and calibration error.

    Args:
        chances: Probabilities, [N, classes].
        labels: The true classes, [N].
    """
    chosen, true = chances.argmax(1), np.unique(labels)
    return {
        "accuracy": 100 * float(accuracy_score(labels, chosen)),
        "macro_f1": 100 * float(f1_score(labels, chosen, labels=true, average="macro")),
        "weighted_f1": 100 * float(f1_score(labels, chosen, labels=true, average="weighted")),
        "ece": 100 * calibration_error(chances, labels),
    }


def f1_by_class(chosen: Labels, labels: Labels, classes: int) -> NDArray[np.float64]:
    """F1 of each class in [0, 1]; 0 where a class was neither chosen nor true."""
    each: NDArray[np.float64] = f1_score(
        labels, chosen, labels=range(classes), average=None, zero_division=0.0
    )
    return each


def calibration_error(chances: Chances, labels: Labels, bins: int = BINS) -> float:
    """Expected calibration error in [0, 1] over bins of equal width of the largest probability."""
    sure, right = chances.max(1), chances.argmax(1) == labels
    places = np.minimum((sure * bins).astype(int), bins - 1)
    gaps = [
        abs(sure[places == place].mean() - right[places == place].mean()) * (places == place).mean()
        for place in np.unique(places)
    ]
    return float(np.sum(gaps))
