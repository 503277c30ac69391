"""Figures of fused conversations, each with an interval by bootstrap over conversations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 400
SEED = 11


@dataclass(frozen=True)
class Judged:
    """One conversation as somebody judged it; only moments in which anything was there.

    Attributes:
        valence: Judged, [moments].
        classes: Judged, int64 [moments].
        true_valence: [moments].
        true_classes: Int64 [moments].
    """

    valence: NDArray[np.float64]
    classes: NDArray[np.int64]
    true_valence: NDArray[np.float64]
    true_classes: NDArray[np.int64]

    @property
    def right(self) -> NDArray[np.bool_]:
        """Where the class is right."""
        return np.equal(self.classes, self.true_classes)

    @property
    def errors(self) -> NDArray[np.float64]:
        """Absolute errors of valence."""
        return np.abs(self.valence - self.true_valence)


def accuracy(talks: Sequence[Judged]) -> float:
    """Share of moments with the right class, in percent."""
    return 100 * float(np.concatenate([talk.right for talk in talks]).mean())


def valence_mae(talks: Sequence[Judged]) -> float:
    """Mean absolute error of valence over moments."""
    return float(np.concatenate([talk.errors for talk in talks]).mean())


def area_under_curve(scores: NDArray[np.float64], truth: NDArray[np.bool_]) -> float:
    """Area under the ROC curve by ranks (ties count half), in [0, 1].

    Raises:
        ValueError: All are true, or none is.
    """
    positives = int(truth.sum())
    negatives = len(truth) - positives
    if not positives or not negatives:
        raise ValueError("a curve needs both kinds")
    _, place, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = counts.cumsum() - (counts - 1) / 2
    total = float(ranks[place][truth].sum())
    return (total - positives * (positives + 1) / 2) / (positives * negatives)


def intervals(
    ours: Sequence[Judged], others: Mapping[str, Sequence[Judged]]
) -> dict[str, tuple[float, float]]:
    """95 % intervals of how much we are better: accuracy in points, and valence error.

    Args:
        ours: Conversations.
        others: The same conversations as others judged them, by name.
    """
    rng = np.random.default_rng(SEED)
    draws = rng.integers(len(ours), size=(RESAMPLES, len(ours)))
    mine = _sums(ours)
    found = {}
    for name, talks in others.items():
        theirs = _sums(talks)
        gain = (mine[draws].sum(1) - theirs[draws].sum(1)) / mine[draws].sum(1)[:, 2:]
        low, high = np.quantile(gain, (0.025, 0.975), axis=0)
        found[f"accuracy_over_{name}"] = (100 * low[0], 100 * high[0])
        found[f"valence_mae_under_{name}"] = (-high[1], -low[1])
    return found


def own_interval(talks: Sequence[Judged]) -> tuple[tuple[float, float], tuple[float, float]]:
    """95 % intervals of accuracy in percent and of valence error."""
    rng = np.random.default_rng(SEED)
    sums = _sums(talks)
    drawn = sums[rng.integers(len(talks), size=(RESAMPLES, len(talks)))].sum(1)
    low, high = np.quantile(drawn[:, :2] / drawn[:, 2:], (0.025, 0.975), axis=0)
    return (100 * float(low[0]), 100 * float(high[0])), (float(low[1]), float(high[1]))


def _sums(talks: Sequence[Judged]) -> NDArray[np.float64]:
    """Right moments, errors and moments of each conversation, [talks, 3]."""
    return np.array([[talk.right.sum(), talk.errors.sum(), len(talk.errors)] for talk in talks], np.float64)
