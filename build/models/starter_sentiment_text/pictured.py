"""Captions of Flickr8k as plain, factual sentences, in two languages for the same pictures.

What people write under a photo is nearly always a description. What the English teacher thinks of
a picture's English captions is carried over to its Chinese captions (as in cross-lingual
distillation, Xu and Yang, 2017), and mixed with the assumption that a description is neutral.
"""

import random
from collections.abc import Sequence
from pathlib import Path

from torch import Tensor

from kit.flickr8k import read_captions
from starter_sentiment_text.sources import NEUTRAL, Sentence, Target

ASSUMED: Target = (0.04, 0.92, 0.04)
ENGLISH_EACH = 2
CHINESE_EACH = 2


def some_pictures(data: Path, count: int, seed: int) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """English and Chinese captions, two each, of pictures of the split ``train``.

    Args:
        data: Folder of the data sets; captions are in its ``flickr8k``.
        count: Of pictures.
        seed: Of the choice.
    """
    pictures = read_captions(data / "flickr8k", "train")
    chosen = random.Random(seed).sample(pictures, min(count, len(pictures)))
    return [(p.english[:ENGLISH_EACH], p.chinese[:CHINESE_EACH]) for p in chosen]


def described(
    pictures: Sequence[tuple[tuple[str, ...], tuple[str, ...]]], opinions: Tensor
) -> list[Sentence]:
    """All captions with the mean of the teacher's opinion and the assumption.

    Args:
        pictures: From `some_pictures`.
        opinions: float32 [N, 3], probabilities for the English captions of all pictures in order.
    """
    sentences, place = [], 0
    for english, chinese in pictures:
        mean = opinions[place : place + len(english)].mean(0).tolist()
        place += len(english)
        low, middle, high = ((a + b) / 2 for a, b in zip(mean, ASSUMED, strict=True))
        sentences += [Sentence(t, (low, middle, high), NEUTRAL, "picture") for t in (*english, *chinese)]
    return sentences
