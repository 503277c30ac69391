"""Tiles are cut from sheets in the order that their index names them."""

import gzip
import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kit.tiny_imagenet import TILE, is_tiny_imagenet, read_classes, read_tile_pictures, read_tiles


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two classes; the first has tiles of grey levels 0, 60, 120 in a sheet of two columns."""
    index = [
        {"split": "train", "wnid": "n1", "tiles": ["a", "b", "c"]},
        {"split": "train", "wnid": "n2", "tiles": ["d"]},
    ]
    (tmp_path / "index.json.gz").write_bytes(gzip.compress(json.dumps(index).encode()))
    (tmp_path / "classes.tsv").write_text("n1\tgoldfish, Carassius auratus\nn2\ttench\n", "utf-8")
    sheet = np.zeros((2 * TILE, 2 * TILE, 3), np.uint8)
    sheet[:TILE, TILE:], sheet[TILE:, :TILE] = 60, 120
    with zipfile.ZipFile(tmp_path / "train_sheets.zip", "w") as archive:
        for wnid, pixels in {"n1": sheet, "n2": np.full_like(sheet, 200)}.items():
            file = io.BytesIO()
            Image.fromarray(pixels).save(file, "jpeg", quality=95)
            archive.writestr(f"{wnid}.jpg", file.getvalue())
    return tmp_path


def test_every_tile_is_found_and_made_larger(data: Path) -> None:
    tiles = read_tiles(data, "train")
    assert [(tile.wnid, tile.place) for tile in tiles] == [("n1", 0), ("n1", 1), ("n1", 2), ("n2", 0)]
    pictures = list(read_tile_pictures(data, "train", tiles, 224))
    assert {picture.shape for picture in pictures} == {(224, 224, 3)}
    assert [round(float(picture[112, 112].mean()) / 20) for picture in pictures] == [0, 3, 6, 10]


def test_some_tiles_of_each_class(data: Path) -> None:
    assert [tile.wnid for tile in read_tiles(data, "train", 1)] == ["n1", "n2"]


def test_classes_and_layout_are_recognised(data: Path, tmp_path: Path) -> None:
    assert is_tiny_imagenet(data)
    assert not is_tiny_imagenet(tmp_path / "elsewhere")
    assert read_classes(data) == {"n1": "goldfish, Carassius auratus", "n2": "tench"}


def test_an_empty_split_is_an_error(data: Path) -> None:
    with pytest.raises(ValueError, match="no pictures"):
        read_tiles(data, "test")
