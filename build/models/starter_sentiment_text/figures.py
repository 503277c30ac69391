"""Counts right and wrong decisions; plain numbers in, percent out, no torch."""

from collections.abc import Sequence

from sklearn.metrics import accuracy_score, f1_score

from starter_sentiment_text.sources import NEGATIVE, POSITIVE

Distribution = Sequence[float]


def binary_accuracy(distributions: Sequence[Distribution], labels: Sequence[int]) -> float:
    """Percent right when only negative and positive compete.

    Args:
        distributions: probabilities of negative, neutral, positive for each text.
        labels: ``NEGATIVE`` or ``POSITIVE`` for each text.
    """
    chosen = [POSITIVE if d[POSITIVE] > d[NEGATIVE] else NEGATIVE for d in distributions]
    return accuracy(chosen, labels)


def accuracy(chosen: Sequence[int], labels: Sequence[int]) -> float:
    """Percent of ``chosen`` that equal their label."""
    return 100.0 * float(accuracy_score(labels, chosen))


def weighted_f1(chosen: Sequence[int], labels: Sequence[int]) -> float:
    """F1 of each class, averaged with the classes' shares of ``labels`` as weights; percent."""
    return 100.0 * float(f1_score(labels, chosen, average="weighted", zero_division=0.0))


def largest(distribution: Distribution) -> int:
    """The class with the largest probability."""
    return max(range(len(distribution)), key=distribution.__getitem__)
