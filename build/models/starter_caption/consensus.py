"""How much a person's caption agrees with the other people's captions of the same picture.

Learning from captions in proportion to their consensus (Phan, Henter, Miyao and Satoh, "Consensus-based
sequence training for video captioning", 2017) prefers what most people say before any metric is optimised.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from metrics.cider import Frequencies, Tokens, similarity, vector

Weights = NDArray[np.float32]


def consensus_weights(known: Sequence[Sequence[Tokens]], columns: int, share: float) -> Weights:
    """Weights of people's captions by their CIDEr-D against the others', mean 1 over a picture.

    Args:
        known: For each of N pictures its captions as tokens.
        columns: Captions a picture; where there are fewer, they are repeated from the first.
        share: Share of the weight that goes by consensus; the rest is the same for all.

    Returns:
        float32 [N, columns].
    """
    frequencies = Frequencies.of(known)
    rows = [np.resize(_agreement(captions, frequencies), columns) for captions in known]
    return np.array([1 - share + share * row / row.mean() for row in rows], np.float32)


def _agreement(captions: Sequence[Tokens], frequencies: Frequencies) -> NDArray[np.float64]:
    """Similarity of each caption to the others; the same for all where nothing agrees."""
    vectors = [vector(caption, frequencies) for caption in captions]
    worth = np.array([sum(similarity(v, other) for other in vectors if other is not v) for v in vectors])
    return worth if worth.any() else np.ones_like(worth)
