"""How much a person's caption agrees with the other people's captions of the same picture.

Learning from captions in proportion to their consensus (Phan, Henter, Miyao and Satoh, "Consensus-based
sequence training for video captioning", 2017) prefers what most people say before any metric is optimised.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from kit.flickr8k import CaptionedPicture
from metrics.cider import Frequencies, similarity, vector
from starter_caption.dataset import CAPTIONS, spoken
from starter_caption.words import split


def consensus_weights(pictures: Sequence[CaptionedPicture], language: str, share: float) -> Tensor:
    """Weights of the five captions of each picture, mean 1 over a picture.

    Args:
        pictures: Pictures with captions.
        language: ``en`` or ``zh``.
        share: Share of the weight that goes by consensus; the rest is the same for all.

    Returns:
        float32 [N, 5].
    """
    known = [[split(c, language) for c in spoken(picture, language)] for picture in pictures]
    frequencies = Frequencies.of(known)
    weights = np.ones((len(pictures), CAPTIONS), np.float32)
    for row, captions in enumerate(known):
        vectors = [vector(caption, frequencies) for caption in captions]
        worth = np.array([sum(similarity(v, other) for other in vectors if other is not v) for v in vectors])
        relative = worth / worth.mean() if worth.mean() > 0 else np.ones_like(worth)
        spread = np.resize(relative, CAPTIONS)
        weights[row] = 1 - share + share * spread / spread.mean()
    return torch.from_numpy(weights)
