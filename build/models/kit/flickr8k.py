"""Reads the flickr8k folder: ``captions.jsonl.gz`` and one stored zip of JPEGs a split."""

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


@dataclass(frozen=True)
class CaptionedPicture:
    """One picture of the set with what people wrote about it.

    Attributes:
        name: File name inside the split's zip.
        english: Five English captions.
        chinese: Chinese captions written by people who saw the picture (about five).
    """

    name: str
    english: tuple[str, ...]
    chinese: tuple[str, ...]


def read_captions(folder: Path, split: str) -> list[CaptionedPicture]:
    """Reads the captions of one split, in the order of the file.

    Args:
        folder: The flickr8k folder.
        split: ``train``, ``val`` or ``test``.

    Raises:
        ValueError: The split is empty.
    """
    with gzip.open(folder / "captions.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row["split"] == split]
    present = _names(folder, split)
    pictures = [
        CaptionedPicture(row["image"], tuple(row["en"]), tuple(row["zh"]))
        for row in rows
        if row["image"] in present
    ]
    if not pictures:
        raise ValueError(f"no pictures of the split {split!r} in {folder}")
    return pictures


def _names(folder: Path, split: str) -> dict[str, str]:
    with zipfile.ZipFile(folder / f"{split}.zip") as archive:
        return {name.rsplit("/", 1)[-1]: name for name in archive.namelist()}


def read_pictures(folder: Path, split: str, names: list[str]) -> Iterator[NDArray[np.uint8]]:
    """Decodes pictures one after the other.

    Yields:
        RGB pixels, uint8 [height, width, 3].
    """
    inside = _names(folder, split)
    with zipfile.ZipFile(folder / f"{split}.zip") as archive:
        for name in names:
            with Image.open(io.BytesIO(archive.read(inside[name]))) as picture:
                yield np.asarray(picture.convert("RGB"))
