"""flickr8k: JPEGs of 224 pixels in a zip a split, five captions in each language."""

import gzip
import json
from pathlib import Path

import numpy as np

from tiny.drawing import COLOURS, drawn, face, write_zip

SPLITS = {"train": 48, "val": 24, "test": 16}
_SUBJECTS = (
    ("a dog", "一只狗"),
    ("a man", "一个男人"),
    ("two children", "两个孩子"),
    ("a girl in a red shirt", "穿红衣服的女孩"),
)
_PLACES = (("on the grass", "在草地上"), ("on the beach", "在沙滩上"), ("in the street", "在街上"))
_DOING = (("runs", "跑步"), ("plays with a ball", "玩球"), ("is sitting", "坐着"))


def write_photos(folder: Path) -> None:
    """Writes all splits."""
    chance = np.random.default_rng(1)
    rows = []
    for split, count in SPLITS.items():
        pictures = {}
        for number in range(count):
            name = f"{split}_{number:03}.jpg"
            picture = drawn(224, ("circle", "rectangle")[number % 2], [*COLOURS][number % 8], chance)
            picture.paste(face(64 + 16 * (number % 3), number % 7, chance).convert("RGB"), (120, 30))
            pictures[name] = picture
            rows.append({"image": name, "split": split} | _captions(number, chance))
        write_zip(folder / f"{split}.zip", pictures)
    with gzip.open(folder / "captions.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _captions(number: int, chance: np.random.Generator) -> dict[str, list[str]]:
    subject, doing = _SUBJECTS[number % len(_SUBJECTS)], _DOING[number % len(_DOING)]
    places = [_PLACES[place] for place in chance.integers(0, len(_PLACES), 5)]
    english = [f"{subject[0]} {doing[0]} {place[0]} .".capitalize() for place in places]
    return {"en": english, "zh": [f"{subject[1]}{place[1]}{doing[1]}。" for place in places]}
