"""CIDEr-D (Vedantam et al., 2015): agreement with people, rare n-grams weigh more.

Same numbers as ``pycocoevalcap.cider`` with ``df="corpus"``: document frequencies come from
the references of the evaluated pictures, n is 1 to 4, the length penalty has sigma 6, values
are multiplied by 10.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from metrics.ngrams import LONGEST, Ngram, count_ngrams

SIGMA = 6.0
SCALE = 10.0

Tokens = Sequence[str]


@dataclass(frozen=True)
class Frequencies:
    """In how many pictures' references an n-gram occurs.

    Attributes:
        pictures: Number of pictures, 1 or more.
        containing: N-gram to the number of pictures with at least one reference that has it.
    """

    pictures: int
    containing: Mapping[Ngram, int]

    @classmethod
    def of(cls, references: Sequence[Sequence[Tokens]]) -> "Frequencies":
        """Counts the references of a set of pictures."""
        containing: Counter[Ngram] = Counter()
        for known in references:
            containing.update({ngram for r in known for ngram in count_ngrams(r)})
        return cls(len(references), containing)

    def weight(self, ngram: Ngram) -> float:
        """Inverse document frequency (natural logarithm)."""
        return math.log(self.pictures) - math.log(max(1, self.containing.get(ngram, 0)))


@dataclass(frozen=True)
class Vector:
    """Weighted n-gram counts of one sentence.

    Attributes:
        weights: For each n, n-gram to count times inverse document frequency.
        norms: For each n, the Euclidean norm.
        length: Number of n-grams of two tokens, which is what the reference code compares.
    """

    weights: tuple[Mapping[Ngram, float], ...]
    norms: tuple[float, ...]
    length: int


def vector(sentence: Tokens, frequencies: Frequencies) -> Vector:
    """Weighs the n-grams of one sentence."""
    weights: tuple[dict[Ngram, float], ...] = tuple({} for _ in range(LONGEST))
    for ngram, count in count_ngrams(sentence).items():
        weights[len(ngram) - 1][ngram] = count * frequencies.weight(ngram)
    norms = tuple(math.sqrt(sum(w * w for w in part.values())) for part in weights)
    return Vector(weights, norms, max(0, len(sentence) - 1))


def similarity(candidate: Vector, reference: Vector) -> float:
    """CIDEr-D of one sentence against one reference, in [0, 10]."""
    total = 0.0
    for n in range(LONGEST):
        norm = candidate.norms[n] * reference.norms[n]
        if norm:
            known = reference.weights[n]
            overlap = sum(
                min(weight, known[ngram]) * known[ngram]
                for ngram, weight in candidate.weights[n].items()
                if ngram in known
            )
            total += overlap / norm
    penalty = math.exp(-((candidate.length - reference.length) ** 2) / (2 * SIGMA**2))
    return SCALE * penalty * total / LONGEST


def cider_d(candidates: Sequence[Tokens], references: Sequence[Sequence[Tokens]]) -> list[float]:
    """Computes CIDEr-D of each picture; the corpus value is the mean.

    Args:
        candidates: One tokenised caption a picture.
        references: For each picture, its tokenised reference captions.

    Raises:
        ValueError: The two lists differ in length.
    """
    frequencies = Frequencies.of(references)
    scores = []
    for candidate, known in zip(candidates, references, strict=True):
        mine = vector(candidate, frequencies)
        values = [similarity(mine, vector(r, frequencies)) for r in known]
        scores.append(sum(values) / len(values))
    return scores
