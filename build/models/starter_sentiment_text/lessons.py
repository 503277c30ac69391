"""Puts together what the student learns from: labelled sentences and labelled-by-teacher text."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from tokenizers import Tokenizer
from torch import Tensor

from .distil import Lessons
from .sources import Sentence
from .teacher import WIDTH, Teacher, predict

SHIPPED_MAX = 128


def token_rows(tokenizer: Tokenizer, texts: Sequence[str], longest: int = SHIPPED_MAX) -> list[list[int]]:
    """Token ids of each text; longer ones keep their beginning and the closing [SEP]."""
    rows = [e.ids for e in tokenizer.encode_batch(list(texts))]
    return [row if len(row) <= longest else [*row[: longest - 1], row[-1]] for row in rows]


def english_lessons(
    teacher: Teacher,
    tokenizers: tuple[Tokenizer, Tokenizer],
    sentences: Sequence[Sentence],
    made: Sequence[str],
    trust: float,
) -> Lessons:
    """The teacher's opinion of all texts, mixed with people's where there is one.

    Args:
        teacher: fine-tuned.
        tokenizers: the teacher's and the student's.
        sentences: labelled sentences.
        made: texts without a label.
        trust: share of the teacher in the targets of labelled sentences, in [0, 1].
    """
    texts = [sentence.text for sentence in sentences] + list(made)
    logits, vectors = predict(teacher, token_rows(tokenizers[0], texts))
    targets = logits.softmax(-1)
    people = torch.tensor([sentence.target for sentence in sentences])
    targets[: len(sentences)] = trust * targets[: len(sentences)] + (1 - trust) * people
    rows = token_rows(tokenizers[1], texts)
    taught = torch.ones(len(texts), dtype=torch.bool)
    return Lessons(rows, targets, _normalised(vectors), taught)


def plain_lessons(tokenizer: Tokenizer, sentences: Sequence[Sentence]) -> Lessons:
    """Labelled sentences that the teacher cannot read (Chinese)."""
    count = len(sentences)
    return Lessons(
        token_rows(tokenizer, [sentence.text for sentence in sentences]),
        torch.tensor([sentence.target for sentence in sentences]),
        torch.zeros(count, WIDTH, dtype=torch.float16),
        torch.zeros(count, dtype=torch.bool),
    )


def together(first: Lessons, second: Lessons) -> Lessons:
    """Both sets of lessons as one."""
    return Lessons(
        first.rows + second.rows,
        torch.cat([first.targets, second.targets]),
        torch.cat([first.vectors, second.vectors]),
        torch.cat([first.taught, second.taught]),
    )


@torch.inference_mode()
def starting_embeddings(teacher: Teacher, ids: Sequence[int | None], width: int) -> Tensor:
    """What the teacher knows of each piece alone, in ``width`` principal components.

    The piece's input embedding and the teacher's vector for the piece as a whole text
    (as in Model2Vec, Tulkens and van Dongen, 2024) are joined and rotated; so the student
    knows words that its training sentences lack. Unknown pieces (None) start near zero.
    """
    known = [place for place, number in enumerate(ids) if number is not None]
    numbers = [number for number in ids if number is not None]
    _, alone = predict(teacher, [[101, number, 102] for number in numbers])
    raw = teacher.encoder.embeddings.word_embeddings.weight[torch.tensor(numbers)]
    joined = torch.cat([_standard(raw), _standard(alone)], dim=1)
    _, _, axes = torch.linalg.svd(joined, full_matrices=False)
    table = torch.randn(len(ids), width) * 0.1
    rotated = joined @ axes[:width].T
    table[torch.tensor(known)] = rotated / rotated.std() * 0.5
    table[0] = 0.0
    return table


def _standard(values: Tensor) -> Tensor:
    centred = values - values.mean(0)
    return centred / centred.std()


def _normalised(vectors: Tensor) -> Tensor:
    return _standard(vectors).half()
