"""tiny_imagenet_subset: a sheet of 64 pixel tiles a class."""

import gzip
import json
from pathlib import Path

import numpy as np

from tiny.drawing import COLOURS, drawn, sheet, write_zip

# WordNet number and words of two classes, as ``teachers`` names them too.
CLASSES = {"n01443537": "goldfish, Carassius auratus", "n01440764": "tench, Tinca tinca"}
SPLITS = {"train": 60, "val": 25}
WIDE = 10


def write_tiles(folder: Path) -> None:
    """Writes both splits."""
    chance = np.random.default_rng(2)
    index = []
    for split, count in SPLITS.items():
        sheets = {}
        for number, wnid in enumerate(CLASSES):
            shape, colours = ("circle", "rectangle")[number], [*COLOURS]
            tiles = [np.asarray(drawn(64, shape, colours[place % 8], chance)) for place in range(count)]
            sheets[f"{wnid}.jpg"] = sheet(np.stack(tiles), WIDE)
            names = [f"{wnid}_{place}.JPEG" for place in range(count)]
            index.append({"split": split, "wnid": wnid, "tiles": names})
        write_zip(folder / f"{split}_sheets.zip", sheets)
    with gzip.open(folder / "index.json.gz", "wt", encoding="utf-8") as file:
        json.dump(index, file)
    lines = "".join(f"{wnid}\t{words}\n" for wnid, words in CLASSES.items())
    (folder / "classes.tsv").write_text(lines, encoding="utf-8")
