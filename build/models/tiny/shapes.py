"""easy_vqa: PNGs of 64 pixels and triples of question, answer and number of the picture."""

import gzip
import json
from pathlib import Path

import numpy as np

from tiny.drawing import COLOURS, drawn, write_zip

SHAPES = ("circle", "rectangle", "triangle")
SPLITS = {"train": 48, "test": 24}

Triple = tuple[str, str, int]


def write_shapes(folder: Path) -> None:
    """Writes both splits and the answers."""
    chance = np.random.default_rng(3)
    for split, count in SPLITS.items():
        pictures, triples = {}, list[Triple]()
        for number in range(count):
            shape, colour = SHAPES[number % 3], [*COLOURS][number % 8]
            pictures[f"{number}.png"] = drawn(64, shape, colour, chance)
            triples += _questions(shape, colour, number)
        write_zip(folder / f"{split}_images.zip", pictures)
        with gzip.open(folder / f"{split}_questions.json.gz", "wt", encoding="utf-8") as file:
            json.dump(triples, file)
    (folder / "answers.txt").write_text("\n".join([*SHAPES, *COLOURS, "yes", "no"]) + "\n", encoding="utf-8")


def _questions(shape: str, colour: str, number: int) -> list[Triple]:
    other = SHAPES[(number + 1) % 3]
    return [
        ("what shape is in the image?", shape, number),
        ("what color is the shape?", colour, number),
        (f"is there a {shape} in the image?", "yes", number),
        (f"is there a {other} in the image?", "no", number),
        (f"what is the {colour} shape?", shape, number),
    ]
