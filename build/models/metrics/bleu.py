"""Corpus BLEU (Papineni et al., 2002) with the closest reference length.

Same numbers as ``pycocoevalcap.bleu``: clipped n-gram counts and lengths are added up over
all captions before the ratio is taken, the brevity penalty uses for each caption the length
of the reference closest to it (the shorter one of two equally close).
"""

import math
from collections import Counter
from collections.abc import Sequence

from metrics.ngrams import LONGEST, Ngram, count_ngrams

# pycocoevalcap's guards against a division by zero; they keep an empty match finite.
_TINY, _SMALL = 1e-15, 1e-9

Tokens = Sequence[str]


def bleu(candidates: Sequence[Tokens], references: Sequence[Sequence[Tokens]]) -> list[float]:
    """Computes BLEU-1 to BLEU-4 of a corpus.

    Args:
        candidates: One tokenised caption a picture.
        references: For each picture, its tokenised reference captions.

    Returns:
        Four values in [0, 1].

    Raises:
        ValueError: The two lists differ in length, or a picture has no reference.
    """
    matched, total = [0] * LONGEST, [0] * LONGEST
    length = closest = 0
    for candidate, known in zip(candidates, references, strict=True):
        length += len(candidate)
        closest += _closest_length(len(candidate), known)
        for n, (hits, all_) in enumerate(_clipped(candidate, known)):
            matched[n] += hits
            total[n] += all_
    return _scores(matched, total, length, closest)


def _closest_length(length: int, references: Sequence[Tokens]) -> int:
    return min((abs(len(r) - length), len(r)) for r in references)[1]


def _clipped(candidate: Tokens, references: Sequence[Tokens]) -> list[tuple[int, int]]:
    most: Counter[Ngram] = Counter()
    for reference in references:
        most |= count_ngrams(reference)
    hits = [0] * LONGEST
    for ngram, count in count_ngrams(candidate).items():
        hits[len(ngram) - 1] += min(count, most[ngram])
    return [(hits[n], max(0, len(candidate) - n)) for n in range(LONGEST)]


def _scores(matched: list[int], total: list[int], length: int, closest: int) -> list[float]:
    product, values = 1.0, []
    for n in range(LONGEST):
        product *= (matched[n] + _TINY) / (total[n] + _SMALL)
        values.append(product ** (1 / (n + 1)))
    ratio = (length + _TINY) / (closest + _SMALL)
    penalty = math.exp(1 - 1 / ratio) if ratio < 1 else 1.0
    return [value * penalty for value in values]
