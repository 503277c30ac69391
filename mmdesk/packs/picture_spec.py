"""How a picture is brought to what a model takes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mmdesk.packs.fields import Fields


class Fit(StrEnum):
    """How a picture is brought to the model's size.

    `squash` resizes both sides, whatever the shape; `crop` resizes until the shorter side fits and
    takes the middle (CLIP's way).
    """

    SQUASH = "squash"
    CROP = "crop"


class Resample(StrEnum):
    """Pillow's filters, which the published models were trained with."""

    NEAREST = "nearest"
    BOX = "box"
    BILINEAR = "bilinear"
    HAMMING = "hamming"
    BICUBIC = "bicubic"
    LANCZOS = "lanczos"


@dataclass(frozen=True, slots=True)
class PictureSpec:
    """From 8-bit RGB to the encoder: resize, times `scale`, minus `mean`, by `std` (per channel)."""

    width: int
    height: int
    fit: Fit
    resample: Resample
    scale: float
    mean: tuple[float, ...]
    std: tuple[float, ...]


def read_picture_spec(fields: Fields) -> PictureSpec:
    """Reads section `picture`."""
    mean, std = fields.numbers("mean", -1e3, 1e3), fields.numbers("std", 1e-6, 1e6)
    if len(mean) != 3 or len(std) != 3:
        raise fields.out_of_bounds("mean", "3 (R, G, B)")
    return PictureSpec(
        width=fields.integer("width", 1, 8192),
        height=fields.integer("height", 1, 8192),
        fit=Fit(fields.choice("fit", tuple(Fit))),
        resample=Resample(fields.choice("resample", tuple(Resample))),
        scale=fields.number("scale", 1e-9, 1e3),
        mean=mean,
        std=std,
    )
