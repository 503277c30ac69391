"""Batches: some pictures with some questions each, so that a picture's cells are computed once."""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from starter_answer.samples import Answers, Sample
from starter_answer.tokens import PAD, UNKNOWN, encode

PICTURES = 64
QUESTIONS = 8
# Chance that a token is not read, as a misspelt one is.
MISREAD = 0.02

Grids = Sequence[NDArray[np.float16]]


@dataclass(frozen=True)
class Source:
    """The samples of one set of pictures.

    Attributes:
        views: The grids of the pictures, one array [N, 49, 1280] a view.
        samples: Questions about them.
    """

    views: Grids
    samples: Sequence[Sample]


@dataclass(frozen=True)
class Batch:
    """Tensors of one step.

    Attributes:
        grid: float32 [P, 49, 1280].
        owner: int64 [Q]: row of each question's picture in ``grid``.
        input_ids: int64 [Q, T].
        attention_mask: int64 [Q, T].
        kind: int64 [Q]: row of the kind's mask.
        target: int64 [Q]; -1 for an answer that the network does not know.
    """

    grid: Tensor
    owner: Tensor
    input_ids: Tensor
    attention_mask: Tensor
    kind: Tensor
    target: Tensor


class Reader:
    """Turns samples into batches.

    Args:
        vocabulary: Tokens by id.
        answers: Classes.
        kinds: Names of the kinds of questions, in the order of the masks.
    """

    def __init__(self, vocabulary: Sequence[str], answers: Answers, kinds: Sequence[str]) -> None:
        self._index = {token: number for number, token in enumerate(vocabulary)}
        self._answers = answers
        self._kinds = {kind: number for number, kind in enumerate(kinds)}

    def steps(self, sources: Sequence[Source]) -> int:
        """Batches of one epoch."""
        pictures = sum(len(_by_picture(source.samples)) for source in sources)
        return -(-pictures // PICTURES)

    def shuffled(self, sources: Sequence[Source], chance: random.Random) -> Iterator[Batch]:
        """One epoch of training: every picture once, with at most `QUESTIONS` of its questions."""
        groups = [
            (source, row, chance.sample(own, min(QUESTIONS, len(own))))
            for source in sources
            for row, own in _by_picture(source.samples).items()
        ]
        chance.shuffle(groups)
        for first in range(0, len(groups), PICTURES):
            part = groups[first : first + PICTURES]
            grids = [chance.choice(source.views)[row] for source, row, _ in part]
            texts = [(s, self._drawn(s, chance)) for _, _, own in part for s in own]
            owner = [number for number, (_, _, own) in enumerate(part) for _ in own]
            yield self._batch(grids, owner, texts)

    def in_order(self, source: Source, language: str) -> Iterator[tuple[Sequence[Sample], Batch]]:
        """All questions of a source in one language, each in its first wording."""
        groups = list(_by_picture(source.samples).items())
        for first in range(0, len(groups), PICTURES):
            part = groups[first : first + PICTURES]
            samples = [sample for _, own in part for sample in own]
            owner = [number for number, (_, own) in enumerate(part) for _ in own]
            texts = [(s, encode(s.ways[language][0], self._index)) for s in samples]
            yield samples, self._batch([source.views[0][row] for row, _ in part], owner, texts)

    def _drawn(self, sample: Sample, chance: random.Random) -> list[int]:
        ways: Mapping[str, tuple[str, ...]] = sample.ways
        ids = encode(chance.choice(ways[chance.choice(sorted(ways))]), self._index)
        return [UNKNOWN if chance.random() < MISREAD else token for token in ids]

    def _batch(
        self,
        grids: Sequence[NDArray[np.float16]],
        owner: Sequence[int],
        texts: Sequence[tuple[Sample, list[int]]],
    ) -> Batch:
        longest = max(len(ids) for _, ids in texts)
        rows = torch.full((len(texts), longest), PAD)
        for row, (_, ids) in zip(rows, texts, strict=True):
            row[: len(ids)] = torch.tensor(ids)
        lengths = torch.tensor([len(ids) for _, ids in texts])
        return Batch(
            grid=torch.from_numpy(np.stack(grids)).float(),
            owner=torch.tensor(owner),
            input_ids=rows,
            attention_mask=(torch.arange(longest) < lengths[:, None]).long(),
            kind=torch.tensor([self._kinds[sample.kind] for sample, _ in texts]),
            target=torch.tensor([self._answers.index.get(sample.answer, -1) for sample, _ in texts]),
        )


def _by_picture(samples: Sequence[Sample]) -> dict[int, list[Sample]]:
    groups: dict[int, list[Sample]] = defaultdict(list)
    for sample in samples:
        groups[sample.picture].append(sample)
    return dict(groups)
