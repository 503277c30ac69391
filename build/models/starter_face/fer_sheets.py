"""Reads the fer2013 folder: sheets of 48x48 grey faces in one zip a split, listed in ``index.json``."""

import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SIDE = 48
# The order of fer2013.csv, which is the order of the logits.
LABELS = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")


@dataclass(frozen=True)
class FaceSet:
    """Labelled faces.

    Attributes:
        pixels: Grey, uint8 [N, 48, 48].
        labels: Index into `LABELS`, int64 [N].
    """

    pixels: NDArray[np.uint8]
    labels: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, rows: NDArray[np.int64]) -> "FaceSet":
        """The faces of some rows, in the order of the rows."""
        return FaceSet(self.pixels[rows], self.labels[rows])


def read_faces(folder: Path, split: str, a_sheet: int | None = None) -> FaceSet:
    """Reads one split, in the order of the index.

    Args:
        folder: The fer2013 folder.
        split: ``train`` or ``test`` (or another one that the index and a zip of the folder hold).
        a_sheet: Take only so many faces of each sheet.

    Raises:
        ValueError: The index lists no sheet of the split.
    """
    sheets = [s for s in json.loads((folder / "index.json").read_text()) if s["split"] == split]
    if not sheets:
        raise ValueError(f"no sheets of the split {split!r} in {folder}")
    pixels, labels = [], []
    with zipfile.ZipFile(folder / f"{split}_sheets.zip") as archive:
        inside = {name.rsplit("/", 1)[-1]: name for name in archive.namelist()}
        for sheet in sheets:
            with Image.open(io.BytesIO(archive.read(inside[sheet["sheet"]]))) as picture:
                tiles = cut(np.asarray(picture.convert("L")), sheet["count"])[:a_sheet]
            pixels.append(tiles)
            labels.append(np.full(len(tiles), LABELS.index(sheet["label"]), np.int64))
    return FaceSet(np.concatenate(pixels), np.concatenate(labels))


def cut(sheet: NDArray[np.uint8], count: int) -> NDArray[np.uint8]:
    """The first ``count`` tiles of a sheet, row by row: uint8 [count, 48, 48]."""
    rows, columns = sheet.shape[0] // SIDE, sheet.shape[1] // SIDE
    tiles = sheet[: rows * SIDE, : columns * SIDE].reshape(rows, SIDE, columns, SIDE)
    return np.ascontiguousarray(tiles.swapaxes(1, 2).reshape(-1, SIDE, SIDE)[:count])
