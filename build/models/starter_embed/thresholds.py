"""From which similarity on a picture is said to show a word, chosen on validation pictures."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# A shown word is wanted to be named in one of five captions this often; people leave much unsaid.
WANTED_PRECISION = 0.6
# Words that are right less often among the validation pictures have no threshold that means anything.
FEWEST_HITS = 5


@dataclass(frozen=True)
class WordThreshold:
    """A word worth showing.

    Attributes:
        word: Its place in the list.
        threshold: Cosine.
        precision: Share of pictures above it whose captions name the word.
        recall: Share of pictures whose captions name the word that are above it.
    """

    word: int
    threshold: float
    precision: float
    recall: float


def choose_thresholds(similarities: NDArray[np.float32], true: NDArray[np.bool_]) -> list[WordThreshold]:
    """The lowest threshold of each word that keeps the wanted precision; words without one are left out.

    Args:
        similarities: Pictures by words, float32 [P, W].
        true: Whether a caption of the picture names the word, bool [P, W].
    """
    found = (_choose(word, similarities[:, word], true[:, word]) for word in range(true.shape[1]))
    return [threshold for threshold in found if threshold is not None]


def _choose(word: int, similarity: NDArray[np.float32], true: NDArray[np.bool_]) -> WordThreshold | None:
    order = np.argsort(-similarity, kind="stable")
    hits = np.cumsum(true[order])
    precision = hits / np.arange(1, len(order) + 1)
    good = np.flatnonzero((precision >= WANTED_PRECISION) & (hits >= FEWEST_HITS))
    if not len(good):
        return None
    last = int(good[-1])
    # Halfway to the next picture, so that rounding elsewhere does not change what is above.
    below = similarity[order[min(last + 1, len(order) - 1)]]
    threshold = round(float(similarity[order[last]] + below) / 2, 4)
    return WordThreshold(word, threshold, float(precision[last]), float(hits[last] / true.sum()))


def words_at(places: Sequence[int], labels: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    """The labels of some words as the manifest has them."""
    return [{"en": labels[place][0], "zh": labels[place][1]} for place in places]
