"""Reads the tiny_imagenet_subset folder: a sheet of 64 x 64 tiles a class, ``classes.tsv``, an index."""

import gzip
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

TILE = 64


@dataclass(frozen=True)
class TilePicture:
    """One picture of the set.

    Attributes:
        wnid: WordNet number of its class.
        place: Which tile of the class's sheet, row by row.
    """

    wnid: str
    place: int


def is_tiny_imagenet(folder: Path) -> bool:
    """Whether a folder has this layout."""
    return (folder / "index.json.gz").exists() and (folder / "classes.tsv").exists()


def read_classes(folder: Path) -> dict[str, str]:
    """WordNet number to its words ("goldfish, Carassius auratus")."""
    lines = (folder / "classes.tsv").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("\t", 1) for line in lines if "\t" in line]
    return {wnid: words for wnid, words in pairs if wnid != "wnid"}


def read_tiles(folder: Path, split: str, of_class: int | None = None) -> list[TilePicture]:
    """The pictures of one split, class by class.

    Args:
        folder: The set.
        split: ``train`` or ``val``.
        of_class: Only the first so many of each class.

    Raises:
        ValueError: The split is empty.
    """
    with gzip.open(folder / "index.json.gz", "rt", encoding="utf-8") as file:
        rows = [row for row in json.load(file) if row["split"] == split]
    if not rows:
        raise ValueError(f"no pictures of the split {split!r} in {folder}")
    return [TilePicture(row["wnid"], n) for row in rows for n in range(len(row["tiles"]))[:of_class]]


def read_tile_pictures(
    folder: Path, split: str, pictures: list[TilePicture], side: int
) -> Iterator[NDArray[np.uint8]]:
    """Cuts pictures out of the sheets and makes them larger (Pillow's bicubic filter, as the program).

    Yields:
        RGB pixels, uint8 [side, side, 3], in the order of ``pictures``.
    """
    sheets: dict[str, Image.Image] = {}
    with zipfile.ZipFile(folder / f"{split}_sheets.zip") as archive:
        inside = {name.rsplit("/", 1)[-1]: name for name in archive.namelist()}
        for picture in pictures:
            if picture.wnid not in sheets:
                data = archive.read(inside[f"{picture.wnid}.jpg"])
                sheets = {picture.wnid: Image.open(io.BytesIO(data)).convert("RGB")}
            sheet = sheets[picture.wnid]
            row, column = divmod(picture.place, sheet.width // TILE)
            box = (column * TILE, row * TILE, (column + 1) * TILE, (row + 1) * TILE)
            tile = sheet.crop(box).resize((side, side), Image.Resampling.BICUBIC)
            yield np.asarray(tile)
