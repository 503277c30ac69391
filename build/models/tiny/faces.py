"""fer2013: sheets of 48 pixel faces a label."""

import json
from pathlib import Path

import numpy as np

from tiny.drawing import face, sheet, write_zip

LABELS = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
SPLITS = {"train": 40, "test": 10}
WIDE = 20


def write_faces(folder: Path) -> None:
    """Writes both splits and the index."""
    chance = np.random.default_rng(4)
    index = []
    for split, count in SPLITS.items():
        sheets = {}
        for number, label in enumerate(LABELS):
            tiles = np.stack([np.asarray(face(48, number, chance)) for _ in range(count)])
            sheets[f"{label}_00.jpg"] = sheet(tiles, WIDE)
            index.append({"split": split, "sheet": f"{label}_00.jpg", "label": label, "count": count})
        write_zip(folder / f"{split}_sheets.zip", sheets)
    (folder / "index.json").write_text(json.dumps(index), encoding="utf-8")
