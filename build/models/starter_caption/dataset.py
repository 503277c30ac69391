"""Pictures of one split as a model sees them, and their captions as padded token ids."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from kit.flickr8k import CaptionedPicture, read_captions
from kit.grids import Grids, grid_features
from kit.pictures import augment, load_pixels, normalize
from kit.request import TrainRequest
from starter_caption.consensus import consensus_weights
from starter_caption.words import PAD, encode, learn_vocabulary, split

LONGEST = {"en": 18, "zh": 16}
CAPTIONS = 5


class Looks(Protocol):
    """Where a model's view of pictures comes from."""

    def __len__(self) -> int:
        """Number of pictures."""

    def still(self, rows: Tensor) -> Tensor:
        """The pictures as they are."""

    def moved(self, rows: Tensor, generator: torch.Generator) -> Tensor:
        """The pictures augmented by chance."""


@dataclass(frozen=True)
class KeptGrids:
    """Grids of the frozen encoder: a model gets float [B, 49, 1280].

    Attributes:
        views: One float16 [N, 49, 1280] a view; the first is the picture as it is.
    """

    views: Sequence[Grids]

    def __len__(self) -> int:
        """Number of pictures."""
        return len(self.views[0])

    def still(self, rows: Tensor) -> Tensor:
        """The first view."""
        return torch.from_numpy(self.views[0][rows.numpy()]).float()

    def moved(self, rows: Tensor, generator: torch.Generator) -> Tensor:
        """A view by chance, another for each picture."""
        chosen = torch.randint(len(self.views), (len(rows),), generator=generator).tolist()
        grids = [self.views[view][row] for view, row in zip(chosen, rows.tolist(), strict=True)]
        return torch.from_numpy(np.stack(grids)).float()


@dataclass(frozen=True)
class Pixels:
    """Pictures in memory: a model gets float [B, 3, 224, 224].

    Attributes:
        pixels: uint8 [N, 224, 224, 3].
    """

    pixels: Tensor

    def __len__(self) -> int:
        """Number of pictures."""
        return len(self.pixels)

    def still(self, rows: Tensor) -> Tensor:
        """The pictures as they are."""
        return normalize(self.pixels[rows]).to(memory_format=torch.channels_last)

    def moved(self, rows: Tensor, generator: torch.Generator) -> Tensor:
        """Cropped, mirrored and relit."""
        moved = augment(normalize(self.pixels[rows]), generator)
        return moved.to(memory_format=torch.channels_last)


@dataclass(frozen=True)
class Split:
    """One split.

    Attributes:
        looks: What the model sees of the N pictures.
        pictures: Names and captions.
        ids: Language to ids of five captions a picture ending in EOS, int64 [N, 5, T].
    """

    looks: Looks
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


def grid_split(
    request: TrainRequest, name: str, vocabulary: list[str], views: int, limit: int | None
) -> Split:
    """One split as the frozen encoder sees it.

    Args:
        request: Names the data and the encoder.
        name: ``train`` or ``val``.
        vocabulary: Tokens by id.
        views: Views of each picture.
        limit: Only the first pictures.
    """
    pictures = read_captions(request.data / "flickr8k", name)[:limit]
    looks = KeptGrids(grid_features(request, name, views, limit))
    return Split(looks, pictures, caption_ids(pictures, vocabulary))


def pixel_split(folder: Path, name: str, vocabulary: list[str], limit: int | None) -> Split:
    """One split of the flickr8k folder as pixels, for an encoder that is trained along."""
    pictures = read_captions(folder, name)[:limit]
    looks = Pixels(load_pixels(folder, name, pictures))
    return Split(looks, pictures, caption_ids(pictures, vocabulary))


def agreed(samples: Split, language: str, share: float) -> Tensor:
    """How much each caption of a split counts, float32 [N, 5]; see `consensus_weights`."""
    known = [[split(caption, language) for caption in spoken(p, language)] for p in samples.pictures]
    return torch.from_numpy(consensus_weights(known, CAPTIONS, share))


def caption_ids(pictures: Sequence[CaptionedPicture], vocabulary: list[str]) -> dict[str, Tensor]:
    """Language to padded ids, int64 [N, 5, T]."""
    index = {token: number for number, token in enumerate(vocabulary)}
    return {language: _pad(pictures, language, index) for language in LONGEST}


def _pad(pictures: Sequence[CaptionedPicture], language: str, index: dict[str, int]) -> Tensor:
    longest = LONGEST[language]
    padded = torch.full((len(pictures), CAPTIONS, longest + 1), PAD)
    for row, picture in enumerate(pictures):
        captions = spoken(picture, language)
        for column in range(CAPTIONS):
            caption = captions[column % len(captions)]  # a few pictures have fewer than five
            ids = encode(split(caption, language), index, longest)
            padded[row, column, : len(ids)] = torch.tensor(ids)
    return padded
