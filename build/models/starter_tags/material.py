"""What the head learns from: pooled grids of pictures, and what the teacher says of the same pixels."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from kit.checkpoint import load_checkpoint, save_checkpoint
from kit.flickr8k import read_captions, read_pictures
from kit.grids import GridEncoder, Grids, grid_features
from kit.pictures import SIDE
from kit.request import TrainRequest
from kit.tiny_imagenet import TilePicture, read_tile_pictures, read_tiles
from starter_tags.teacher import Teacher, in_batches, teach


@dataclass(frozen=True)
class Lessons:
    """Pictures with the teacher's opinion.

    Attributes:
        pooled: float32 [N, 1280], the mean of a picture's cells.
        taught: float32 [N, 1000], the teacher's logits.
    """

    pooled: Tensor
    taught: Tensor


def together(parts: list[Lessons]) -> Lessons:
    """All lessons one after the other."""
    return Lessons(torch.cat([p.pooled for p in parts]), torch.cat([p.taught for p in parts]))


def flickr_lessons(
    request: TrainRequest, teacher: Teacher, split: str, mirrored: bool, limit: int | None
) -> Lessons:
    """Photos of Flickr8k, with their mirror images if wanted, which show the same things."""
    grids = grid_features(request, split, 2 if mirrored else 1, limit)
    flickr = request.data / "flickr8k"
    pictures = read_captions(flickr, split)[:limit]
    file = request.work / f"{split}-{len(pictures)}.pt"
    done = load_checkpoint(file) if request.resume else None
    if done is None:
        names = [picture.name for picture in pictures]
        done = {"taught": teach(teacher, in_batches(read_pictures(flickr, split, names)))}
        save_checkpoint(file, done)
    return together([Lessons(pooled(grid), done["taught"].float()) for grid in grids])


def tile_lessons(request: TrainRequest, teacher: Teacher, tiles: slice) -> Lessons:
    """Pictures of tiny_imagenet's training split, made larger.

    Args:
        request: Names data, encoder and caches.
        teacher: Says what is in them.
        tiles: Which of each class.
    """
    folder = request.data / "tiny_imagenet_subset"
    every = read_tiles(folder, "train")
    places = set(range(1000)[tiles])
    chosen = [tile for tile in every if tile.place in places]
    file = request.work / f"tiles-{tiles.start}-{tiles.stop}.pt"
    done = load_checkpoint(file) if request.resume else None
    if done is None:
        done = _learn_tiles(request, teacher, folder, chosen)
        save_checkpoint(file, done)
    return Lessons(done["pooled"].float(), done["taught"].float())


def pooled(grids: Grids) -> Tensor:
    """Mean over the cells, float32 [N, 1280]."""
    parts = [np.asarray(grids[at : at + 250]).astype(np.float32).mean(1) for at in range(0, len(grids), 250)]
    return torch.from_numpy(np.concatenate(parts))


def _learn_tiles(
    request: TrainRequest, teacher: Teacher, folder: Path, chosen: list[TilePicture]
) -> dict[str, Tensor]:
    encoder = GridEncoder(request.vision, request.threads)
    seen, taught = [], []
    for batch in in_batches(read_tile_pictures(folder, "train", chosen, SIDE)):
        seen.append(pooled(encoder(batch)))
        taught.append(teach(teacher, [batch]))
    return {"pooled": torch.cat(seen), "taught": torch.cat(taught)}
