"""The evaluation of the joint embedding, with a tiny real pack on a tiny folder of flickr8k's layout."""

import gzip
import io
import json
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from starter_embed.evaluation import measure_embed
from tests.graphs_for_tests import CHINESE
from tests.packs_for_tests import picture, write_embed_pack, write_vision_pack

COLOURS = ("red", "green", "blue", "bright")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "flickr8k"
    folder.mkdir()
    rows = [
        {"image": f"{colour}.png", "split": "test", "en": [colour] * 2, "zh": [CHINESE[colour]] * 2}
        for colour in COLOURS
    ]
    text = "\n".join(json.dumps(row) for row in rows)
    (folder / "captions.jsonl.gz").write_bytes(gzip.compress(text.encode()))
    with zipfile.ZipFile(folder / "test.zip", "w") as archive:
        for colour in COLOURS:
            file = io.BytesIO()
            Image.fromarray(picture(colour)).save(file, "png")
            archive.writestr(f"test/{colour}.png", file.getvalue())
    return folder


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_pack_that_knows_its_colours_finds_every_picture(data: Path, tmp_path: Path, language: str) -> None:
    vision = write_vision_pack(tmp_path / "tiny-vision")
    pack = write_embed_pack(tmp_path / "tiny-embed", vision)
    measured = measure_embed(pack, data, "test", language, None, vision)
    assert (measured.task, measured.pack, measured.split, measured.n) == ("embed", "tiny-embed", "test", 4)
    assert {measured.metrics[f"{way}_r{k}"] for way in ("i2t", "t2i") for k in (1, 5, 10)} == {100}
    # Of the words red and blue two pictures show one each, and their captions name it.
    assert measured.metrics["precision"] == measured.metrics["recall"] == 100
    assert measured.metrics["words_per_picture"] == 0.5


def test_the_folder_above_will_do_and_a_limit_is_kept(data: Path, tmp_path: Path) -> None:
    vision = write_vision_pack(tmp_path / "tiny-vision")
    pack = write_embed_pack(tmp_path / "tiny-embed", vision)
    assert measure_embed(pack, data.parent, "test", "en", 3, vision).n == 3


def test_an_empty_split_is_an_error(data: Path, tmp_path: Path) -> None:
    vision = write_vision_pack(tmp_path / "tiny-vision")
    pack = write_embed_pack(tmp_path / "tiny-embed", vision)
    (data / "val.zip").write_bytes((data / "test.zip").read_bytes())
    with pytest.raises(ValueError, match="no pictures"):
        measure_embed(pack, data, "val", "en", None, vision)
