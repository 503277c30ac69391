"""Counts right and wrong decisions; plain numbers in, percent out, no torch."""

from collections.abc import Sequence

from starter_sentiment_text.sources import NEGATIVE, NEUTRAL, POSITIVE

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
    pairs = list(zip(chosen, labels, strict=True))
    return 100.0 * sum(a == b for a, b in pairs) / len(pairs)


def weighted_f1(chosen: Sequence[int], labels: Sequence[int]) -> float:
    """F1 of each class, averaged with the classes' shares of ``labels`` as weights; percent."""
    pairs = list(zip(chosen, labels, strict=True))
    total = sum(list(labels).count(c) * _f1(pairs, c) for c in (NEGATIVE, NEUTRAL, POSITIVE))
    return 100.0 * total / len(labels)


def largest(distribution: Distribution) -> int:
    """The class with the largest probability."""
    return max(range(len(distribution)), key=distribution.__getitem__)


def _f1(pairs: Sequence[tuple[int, int]], wanted: int) -> float:
    hits = sum(a == b == wanted for a, b in pairs)
    shown = sum((a == wanted) + (b == wanted) for a, b in pairs)
    return 2.0 * hits / shown if shown else 0.0
