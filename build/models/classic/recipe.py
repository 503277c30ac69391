"""Trains the mission's example on easy-VQA, with each branch removed too, and exports it.

The mission fixes the recipe: Adam, cross-entropy, 10 epochs, batches of 32. Nothing is chosen by
looking at the test questions: the last weights are measured once.
"""

import time

import numpy as np
import torch
from torch.nn import functional as F

from classic.data import Rows, Split, learn_words, read_answers, read_split
from classic.export import export, measure_graph
from classic.model import Branches, ClassicModel
from kit.request import TrainRequest
from kit.rows import RESULTS, Row, keep_rows
from kit.seeds import seed_everything
from starter_answer.shapes import read_questions

EPOCHS, BATCH, RATE = 10, 32, 1e-3
TOGETHER = 8
SMOKE_PICTURES = 40
QUESTION = "the mission's own example on easy-VQA, with each branch removed"


def train(request: TrainRequest) -> None:
    """Trains three networks, exports the whole one to ``request.work`` and writes the figures.

    Raises:
        FileNotFoundError: ``easy_vqa`` is not in the data folder.
    """
    torch.set_num_threads(request.threads)
    folder = request.data / "easy_vqa"
    limit = SMOKE_PICTURES if request.smoke else None
    words, answers = learn_words(read_questions(folder, "train")), read_answers(folder)
    lessons = read_split(folder, "train", words, answers, limit)
    exam = read_split(folder, "test", words, answers, limit)
    rows: list[Row] = []
    for branches in Branches:
        seed_everything(request.seed)
        model = ClassicModel(len(words), len(answers), branches)
        _learn(model, lessons, 1 if request.smoke else EPOCHS)
        rows.append(_row(branches, accuracy(model, exam), len(exam)))
        print(rows[-1], flush=True)
        if branches is Branches.BOTH:
            file = export(model, request.work, words, answers, exam)
            rows.append(_exported(measure_graph(file, exam), len(exam)))
        keep_rows((request.work if request.smoke else RESULTS) / "classic.json", rows)


def _learn(model: ClassicModel, lessons: Split, epochs: int) -> None:
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE)
    for epoch in range(epochs):
        started, losses = time.monotonic(), 0.0
        batches = _batches(lessons)
        for rows in batches:
            loss = F.cross_entropy(model(*lessons.inputs(rows)), lessons.target[torch.from_numpy(rows)])
            optimizer.zero_grad(set_to_none=True)
            torch.autograd.backward(loss)
            optimizer.step()
            losses += loss.item()
        seconds = time.monotonic() - started
        print(model.branches, epoch + 1, f"loss {losses / len(batches):.4f}, {seconds:.0f} s", flush=True)


def _batches(lessons: Split) -> list[Rows]:
    """Batches of questions, `TOGETHER` about each picture: its convolution is computed once for them."""
    drawn = torch.randperm(len(lessons)).numpy()
    by_picture = drawn[np.argsort(lessons.owner[drawn], kind="stable")]
    borders = np.flatnonzero(np.diff(lessons.owner[by_picture])) + 1
    pictures = np.split(by_picture, borders)
    groups = [own[at : at + TOGETHER] for own in pictures for at in range(0, len(own), TOGETHER)]
    rows = np.concatenate([groups[number] for number in torch.randperm(len(groups)).tolist()])
    return [rows[at : at + BATCH] for at in range(0, len(rows), BATCH)]


@torch.inference_mode()
def accuracy(model: ClassicModel, split: Split) -> float:
    """Right answers in percent."""
    model.eval()
    right = 0
    for rows in split.in_order():
        right += int((model(*split.inputs(rows)).argmax(1) == split.target[torch.from_numpy(rows)]).sum())
    return 100 * right / len(split)


def _row(branches: Branches, value: float, n: int) -> Row:
    variant = "both branches, joined before the softmax"
    if branches is not Branches.BOTH:
        variant = f"{branches} branch alone"
    return Row(
        QUESTION, variant, "accuracy", "test", value, n, f"{EPOCHS} epochs of Adam, batches of {BATCH}"
    )


def _exported(value: float, n: int) -> Row:
    return Row(QUESTION, "both branches, exported to ONNX, run by ONNX Runtime", "accuracy", "test", value, n)
