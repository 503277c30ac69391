"""Pictures in memory and their augmentation."""

import math
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from kit.flickr8k import CaptionedPicture, read_pictures

SIDE = 224


def load_pixels(folder: Path, split: str, pictures: list[CaptionedPicture]) -> Tensor:
    """Decodes pictures, all 224 x 224, into uint8 [N, 224, 224, 3]."""
    pixels = torch.empty(len(pictures), SIDE, SIDE, 3, dtype=torch.uint8)
    names = [picture.name for picture in pictures]
    for row, decoded in enumerate(read_pictures(folder, split, names)):
        pixels[row] = torch.from_numpy(np.array(decoded))
    return pixels


def normalize(pixels: Tensor) -> Tensor:
    """uint8 [B, 224, 224, 3] to float [B, 3, 224, 224] in [-1, 1], channels last in memory."""
    return pixels.permute(0, 3, 1, 2).float().div_(127.5).sub_(1)


def augment(pixels: Tensor, generator: torch.Generator) -> Tensor:
    """Random crop (55 to 100 % of the area), mirror image, brightness and contrast.

    Args:
        pixels: From `normalize`.
        generator: Source of chance.
    """
    size = pixels.shape[0]

    def uniform(low: float, high: float) -> Tensor:
        return torch.rand(size, generator=generator) * (high - low) + low

    area, aspect = uniform(0.55, 1.0), uniform(math.log(0.8), math.log(1.25)).exp()
    width, height = (area * aspect).sqrt().clamp(max=1), (area / aspect).sqrt().clamp(max=1)
    mirror = torch.where(uniform(0, 1) < 0.5, -1.0, 1.0)
    affine = torch.zeros(size, 2, 3)
    affine[:, 0, 0] = width * mirror
    affine[:, 1, 1] = height
    affine[:, 0, 2] = (1 - width) * uniform(-1, 1)
    affine[:, 1, 2] = (1 - height) * uniform(-1, 1)
    grid = F.affine_grid(affine, list(pixels.shape), align_corners=False)
    cropped = F.grid_sample(pixels, grid, padding_mode="border", align_corners=False)
    contrast, brightness = uniform(0.8, 1.2), uniform(-0.15, 0.15)
    return (cropped * contrast[:, None, None, None] + brightness[:, None, None, None]).clamp(-1, 1)
