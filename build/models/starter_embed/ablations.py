"""What the parts of the recipe bring: short runs with pictures held out of ``train``.

The picture encoder was tuned on the captions of the held-out pictures too, so their figures are
higher than those of new pictures; they compare variants and promise nothing.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import torch

from kit.request import TrainRequest
from kit.rows import RESULTS, Row, keep_rows
from kit.seeds import seed_everything
from starter_embed.card import HELD_OUT
from starter_embed.ranking import recalls
from starter_embed.reading import ReadingLessons, ReadingPlan, text_vectors
from starter_embed.recipe import (
    FULL,
    Material,
    gather,
    reading_lessons,
    trained_space,
    trained_tower,
)
from starter_embed.space import Space, SpacePlan, picture_vectors
from starter_embed.towers import TextTower

FILE = RESULTS / "starter-embed.json"
HELD = 600
SPACE = SpacePlan(epochs=8)
READING = ReadingPlan(epochs=3)
OBJECTIVES = {
    "InfoNCE with hard negatives": SPACE,
    "InfoNCE without hard negatives": replace(SPACE, hard=0.0),
    "least squares (the mission's form)": replace(SPACE, squares=True),
}
READINGS = {
    "all": READING,
    "without the text teacher": replace(READING, teacher=0.0),
    "without hard negatives": replace(READING, hard=0.0),
    "without Chinese": replace(READING, chinese=0),
}
METRICS = ("i2t_r1", "i2t_r10", "t2i_r1", "t2i_r10")


def ablate(request: TrainRequest) -> None:
    """Runs what is not done yet and writes the rows for RESULTS.md."""
    torch.set_num_threads(request.threads)
    seed_everything(request.seed)
    material = gather(request, FULL)
    rows = np.arange(len(material.pictures) - HELD)
    spaces = {
        name: trained_space(_part(request, name), plan, material, rows) for name, plan in OBJECTIVES.items()
    }
    question = f"objective ({SPACE.epochs} epochs, texts read by the teacher)"
    tried = [_space_rows(question, name, space, material) for name, space in spaces.items()]
    keep_rows(FILE, [row for of_one in tried for row in of_one])
    space = next(iter(spaces.values()))
    lessons = reading_lessons(material, space, rows)
    read: list[Row] = []
    for name, plan in READINGS.items():
        tower = trained_tower(_part(request, name), plan, material, lessons)
        read += _tower_rows(name, tower, lessons, "zh" if "Chinese" not in name else "")
    keep_rows(FILE, read)


def _part(request: TrainRequest, name: str) -> TrainRequest:
    """The same request with checkpoints of its own; the teacher's vectors are shared."""
    folder = request.work / name.replace(" ", "-").replace("(", "").replace(")", "").replace("'", "")
    return replace(request, work=folder)


@torch.no_grad()
def _space_rows(question: str, variant: str, space: Space, material: Material) -> list[Row]:
    pictures = picture_vectors(space.picture, material.views[0][-HELD:]).numpy()
    texts = space.reader(material.taught[-HELD:].flatten(0, 1)).numpy()
    metrics = recalls(pictures, texts, np.repeat(np.arange(HELD), material.taught.shape[1]).tolist())
    return _rows(question, variant, metrics)


def _tower_rows(variant: str, tower: TextTower, lessons: ReadingLessons, chinese: str) -> list[Row]:
    found = []
    for language in ("en", chinese):
        if not language:
            continue
        ids = lessons.captions[language].ids[-HELD:]
        owner = np.repeat(np.arange(HELD), ids.shape[1]).tolist()
        texts = text_vectors(tower, ids.flatten(0, 1)).numpy()
        metrics = recalls(lessons.pictures[0, -HELD:].numpy(), texts, owner)
        question = f"text tower ({READING.epochs} epochs, {language})"
        found += _rows(question, variant, metrics)
    return found


def _rows(question: str, variant: str, metrics: Mapping[str, float]) -> list[Row]:
    note = "short run; easier than new pictures, see the card"
    return [Row(question, variant, metric, HELD_OUT, metrics[metric], HELD, note) for metric in METRICS]
