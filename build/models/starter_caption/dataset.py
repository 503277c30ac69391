"""Captions of one split as padded token ids."""

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from kit.flickr8k import CaptionedPicture, read_captions
from starter_caption.pictures import load_pixels
from starter_caption.words import PAD, encode, learn_vocabulary, split

LONGEST = {"en": 18, "zh": 16}
CAPTIONS = 5


@dataclass(frozen=True)
class Split:
    """One split in memory.

    Attributes:
        pixels: uint8 [N, 224, 224, 3].
        pictures: Names and captions.
        ids: Language to ids of five captions a picture ending in EOS, int64 [N, 5, T].
    """

    pixels: Tensor
    pictures: list[CaptionedPicture]
    ids: dict[str, Tensor]


def spoken(picture: CaptionedPicture, language: str) -> tuple[str, ...]:
    """The captions of a picture in one language."""
    return picture.english if language == "en" else picture.chinese


def vocabulary_of(pictures: list[CaptionedPicture]) -> list[str]:
    """Learns the vocabulary of the training split."""
    return learn_vocabulary(
        (language, caption) for p in pictures for language in LONGEST for caption in spoken(p, language)
    )


def load_split(folder: Path, name: str, vocabulary: list[str] | None, limit: int | None) -> Split:
    """Reads pictures and captions of one split.

    Args:
        folder: The flickr8k folder.
        name: ``train`` or ``val``.
        vocabulary: Tokens by id; ``None`` skips the ids.
        limit: Read only the first pictures.
    """
    pictures = read_captions(folder, name)[:limit]
    ids = {}
    if vocabulary:
        index = {token: number for number, token in enumerate(vocabulary)}
        ids = {language: _pad(pictures, language, index) for language in LONGEST}
    return Split(load_pixels(folder, name, pictures), pictures, ids)


def _pad(pictures: list[CaptionedPicture], language: str, index: dict[str, int]) -> Tensor:
    longest = LONGEST[language]
    padded = torch.full((len(pictures), CAPTIONS, longest + 1), PAD)
    for row, picture in enumerate(pictures):
        captions = spoken(picture, language)
        for column in range(CAPTIONS):
            caption = captions[column % len(captions)]  # a few pictures have fewer than five
            ids = encode(split(caption, language), index, longest)
            padded[row, column, : len(ids)] = torch.tensor(ids)
    return padded
