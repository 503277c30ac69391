"""Counting runs of tokens."""

from collections import Counter
from collections.abc import Sequence

Ngram = tuple[str, ...]
LONGEST = 4


def count_ngrams(tokens: Sequence[str]) -> Counter[Ngram]:
    """Counts all runs of 1 to 4 tokens."""
    return Counter(
        tuple(tokens[start : start + length])
        for length in range(1, LONGEST + 1)
        for start in range(len(tokens) - length + 1)
    )
