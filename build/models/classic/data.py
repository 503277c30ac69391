"""easy-VQA as tensors."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from starter_answer.shapes import ShapeQuestion, read_questions, read_shapes

# Questions that are measured at once.
MANY = 256

Rows = NDArray[np.int64]

_WORD = re.compile(r"[a-z]+")


@dataclass(frozen=True)
class Split:
    """One split.

    Attributes:
        pixels: uint8 [N, 3, 64, 64].
        input_ids: int64 [Q, T], 0 behind the words.
        owner: int64 [Q], rows of ``pixels``, in numpy.
        target: int64 [Q], the number of the answer.
    """

    pixels: Tensor
    input_ids: Tensor
    owner: Rows
    target: Tensor

    def __len__(self) -> int:
        """The number of questions."""
        return len(self.target)

    def in_order(self) -> Iterator[Rows]:
        """All questions, a few hundred at a time."""
        yield from np.array_split(np.arange(len(self)), -(-len(self) // MANY))

    def inputs(self, rows: Rows) -> tuple[Tensor, Tensor, Tensor]:
        """What the network takes for some questions: each of their pictures once."""
        pictures, owner = np.unique(self.owner[rows], return_inverse=True)
        pixels = normalize(self.pixels[torch.from_numpy(pictures)])
        return pixels, self.input_ids[torch.from_numpy(rows)], torch.from_numpy(owner)


def normalize(pixels: Tensor) -> Tensor:
    """uint8 to float32 in [-0.5, 0.5]."""
    return pixels.float() / 255 - 0.5


def read_answers(folder: Path) -> list[str]:
    """The answers of the set, in the order of its file."""
    return (folder / "answers.txt").read_text(encoding="utf-8").split()


def learn_words(questions: list[ShapeQuestion]) -> list[str]:
    """All words of the training questions; number 0 is padding, 1 a word that was never seen."""
    return ["<pad>", "<unk>", *sorted({word for q in questions for word in _WORD.findall(q.text)})]


def read_split(folder: Path, split: str, words: list[str], answers: list[str], limit: int | None) -> Split:
    """Reads one split.

    Args:
        folder: The easy_vqa folder.
        split: ``train`` or ``test``.
        words: From `learn_words`.
        answers: From `read_answers`.
        limit: Only the questions about the first so many pictures.
    """
    questions = read_questions(folder, split)
    numbers = sorted({q.picture for q in questions})[:limit]
    rows = {number: row for row, number in enumerate(numbers)}
    questions = [q for q in questions if q.picture in rows]
    index = {word: number for number, word in enumerate(words)}
    texts = [[index.get(word, 1) for word in _WORD.findall(q.text)] for q in questions]
    input_ids = torch.zeros(len(texts), max(map(len, texts)), dtype=torch.int64)
    for row, text in zip(input_ids, texts, strict=True):
        row[: len(text)] = torch.tensor(text)
    pixels = np.stack(list(read_shapes(folder, split, numbers)))
    return Split(
        pixels=torch.from_numpy(pixels).permute(0, 3, 1, 2).contiguous(),
        input_ids=input_ids,
        owner=np.array([rows[q.picture] for q in questions]),
        target=torch.tensor([answers.index(q.answer) for q in questions]),
    )
