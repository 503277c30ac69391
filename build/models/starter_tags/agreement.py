"""How often the head says what the teacher says; plain numpy, percent out."""

import numpy as np
from numpy.typing import NDArray

# The teacher's own probability from which on it counts as confident.
CONFIDENT = 0.5
BINS = 10

Floats = NDArray[np.float64]


def softmax(logits: Floats) -> Floats:
    """Probabilities of logits [N, C]."""
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    result: Floats = shifted / shifted.sum(axis=1, keepdims=True)
    return result


def agreement(said: Floats, taught: Floats) -> dict[str, float]:
    """Compares probabilities of N pictures over the classes with the teacher's.

    Args:
        said: The head's, float64 [N, C].
        taught: The teacher's, float64 [N, C].

    Returns:
        ``accuracy``: first choices that agree; ``confident_accuracy``: those of the pictures on which
        the teacher is at least `CONFIDENT`; ``top3_accuracy``: the head's first choice is among the
        teacher's first three; ``ece``: expected calibration error of the head's first choice.
    """
    first, teacher = said.argmax(1), taught.argmax(1)
    same = first == teacher
    sure = taught.max(1) >= CONFIDENT
    three = np.argsort(-taught, axis=1)[:, :3]
    return {
        "accuracy": 100.0 * float(same.mean()),
        "confident_accuracy": 100.0 * float(same[sure].mean()) if sure.any() else 0.0,
        "confident_share": 100.0 * float(sure.mean()),
        "top3_accuracy": 100.0 * float((three == first[:, None]).any(1).mean()),
        "ece": 100.0 * calibration_error(said.max(1), same),
    }


def shown_figures(said: Floats, taught: Floats, threshold: float) -> dict[str, float]:
    """Of first choices at or above a threshold: how often the teacher agrees, and how many there are."""
    shown = said.max(1) >= threshold
    first = said.argmax(1)
    same = (first == taught.argmax(1))[shown]
    three = (np.argsort(-taught, axis=1)[:, :3] == first[:, None]).any(1)[shown]
    return {
        "precision": 100.0 * float(same.mean()) if shown.any() else 0.0,
        "top3_precision": 100.0 * float(three.mean()) if shown.any() else 0.0,
        "tagged_share": 100.0 * float(shown.mean()),
    }


def calibration_error(confidence: Floats, right: NDArray[np.bool_]) -> float:
    """Mean gap between confidence and share of right ones over ten bins (Guo et al., 2017)."""
    place = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = [
        abs(float(right[place == b].mean() - confidence[place == b].mean())) * float((place == b).mean())
        for b in range(BINS)
        if (place == b).any()
    ]
    return sum(gaps)


def lowest_threshold(said: Floats, taught: Floats, wanted: float) -> float:
    """The lowest threshold at which first choices agree with the teacher's as often as wanted."""
    confidence = said.max(1)
    order = np.argsort(-confidence, kind="stable")
    same = (said.argmax(1) == taught.argmax(1))[order]
    precision = np.cumsum(same) / np.arange(1, len(same) + 1)
    good = np.flatnonzero(precision >= wanted)
    return float(confidence[order[good[-1]]]) if len(good) else 1.0
