"""What training and choosing look at: grids and questions of both sets."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from kit.flickr8k import read_captions
from kit.grids import CELLS, CHANNELS, GridEncoder, grid_features, vision_reference
from kit.pictures import SIDE, normalize
from kit.request import TrainRequest
from starter_answer.batches import Source
from starter_answer.lexicon import read_lexicon
from starter_answer.samples import (
    EXAM_SEED,
    EXAM_SHARE,
    TRAIN_SHARE,
    Sample,
    photo_samples,
    shape_samples,
    unnamed_samples,
)
from starter_answer.shapes import read_questions, read_shapes

VIEWS = 8
# One question in so many is asked again about something that has no name.
UNNAMED = 25
# Every tenth picture of easy-VQA is kept for choosing: the set has no validation split.
HELD_OUT = 10
BATCH = 50
SMOKE_PICTURES, SMOKE_SHAPES = 64, 40


@dataclass(frozen=True)
class Data:
    """Questions with their grids.

    Attributes:
        photos: Training photos.
        shapes: Training shapes.
        photo_exam: Validation photos.
        shape_exam: Shapes kept for choosing.
    """

    photos: Source
    shapes: Source
    photo_exam: Source
    shape_exam: Source

    @property
    def named(self) -> list[Sample]:
        """Training questions whose answers and words are to be learnt."""
        return [*self.photos.samples, *self.shapes.samples]

    def lessons(self, request: TrainRequest) -> list[Source]:
        """Training questions, with those about things that have no name."""
        flickr = request.data / "flickr8k"
        pictures = read_captions(flickr, "train")[: limit_of(request, SMOKE_PICTURES)]
        unnamed = unnamed_samples(pictures, read_lexicon(), request.seed + 1, UNNAMED)
        return [Source(self.photos.views, [*self.photos.samples, *unnamed]), self.shapes]


def limit_of(request: TrainRequest, few: int) -> int | None:
    """How many samples a run looks at; None for all."""
    return few if request.smoke else None


def load_data(request: TrainRequest) -> Data:
    """Reads both sets and computes the grids that are not kept yet.

    Raises:
        FileNotFoundError: A set is not in the data folder, or the pack starter-vision is not there.
    """
    shapes = _shapes(request)
    kept = {True: [], False: []}  # type: dict[bool, list[Sample]]
    for sample in shapes.samples:
        kept[sample.picture % HELD_OUT == 0].append(sample)
    return Data(
        photos=_photos(request, "train", request.seed, TRAIN_SHARE, VIEWS),
        shapes=Source(shapes.views, kept[False]),
        photo_exam=_photos(request, "val", EXAM_SEED, EXAM_SHARE, 1),
        shape_exam=Source(shapes.views, kept[True]),
    )


def _photos(request: TrainRequest, split: str, seed: int, share: float, views: int) -> Source:
    limit = limit_of(request, SMOKE_PICTURES)
    pictures = read_captions(request.data / "flickr8k", split)[:limit]
    grids = grid_features(request, split, 1 if request.smoke else views, limit)
    return Source(grids, photo_samples(pictures, read_lexicon(), seed, share))


def _shapes(request: TrainRequest) -> Source:
    folder = request.data / "easy_vqa"
    asked = read_questions(folder, "train")
    numbers = sorted({question.picture for question in asked})[: limit_of(request, SMOKE_SHAPES)]
    rows = {number: row for row, number in enumerate(numbers)}
    return Source([_shape_grids(request, folder, numbers)], shape_samples(asked, rows))


def _shape_grids(request: TrainRequest, folder: Path, numbers: Sequence[int]) -> NDArray[np.float16]:
    """The grids of shapes as they are, kept beside those of the photos."""
    whole = f"{vision_reference(request.vision)['sha256']} {numbers}"
    key = hashlib.sha256(whole.encode()).hexdigest()[:16]
    file = request.work.parent / "grids" / f"easy_vqa-{key}.npy"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        partial = file.with_suffix(".partial")
        shape = (len(numbers), CELLS, CHANNELS)
        grids = np.lib.format.open_memmap(partial, mode="w+", dtype=np.float16, shape=shape)
        encoder = GridEncoder(request.vision, request.threads)
        pixels = torch.from_numpy(np.stack([_squashed(rgb) for rgb in read_shapes(folder, "train", numbers)]))
        for first in range(0, len(pixels), BATCH):
            grids[first : first + BATCH] = encoder(normalize(pixels[first : first + BATCH]))
        grids.flush()
        partial.replace(file)
    kept: NDArray[np.float16] = np.load(file, mmap_mode="r")
    return kept


def _squashed(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """As the program resizes pictures: Pillow's bicubic filter."""
    resized = Image.fromarray(rgb).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
    return np.asarray(resized)
