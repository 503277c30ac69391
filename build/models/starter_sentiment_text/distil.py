"""Distilling the teacher into the student (Hinton et al., 2015; Tang et al., 2019)."""

import math
import random
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from kit.averaging import AveragedWeights
from starter_sentiment_text.batches import buckets, padded
from starter_sentiment_text.student import Student


@dataclass(frozen=True)
class Lessons:
    """What the student learns from.

    Attributes:
        rows: token ids of each text.
        targets: float32 [N, 3], probabilities to reach.
        vectors: float16 [N, 384], the teacher's sentence vectors; zeros where there are none.
        taught: bool [N], whether the teacher saw the text.
        states: float16 [T, 128], the teacher's token states of taught texts.
        starts: int64 [N], where a text's states begin; -1 where there are none.
    """

    rows: list[list[int]]
    targets: Tensor
    vectors: Tensor
    taught: Tensor
    states: Tensor
    starts: Tensor


@dataclass(frozen=True)
class DistilPlan:
    """How the student learns; tokens count padded ones in one batch."""

    epochs: int = 4
    tokens: int = 3000
    rate: float = 2e-3
    view_weight: float = 1.0
    state_weight: float = 1.0
    decay: float = 0.999
    seed: int = 1


def distil(
    student: Student,
    lessons: Lessons,
    plan: DistilPlan,
    score: Callable[[Student], float],
) -> Student:
    """Train, keep a moving average of the weights, return the average that scored best.

    ``score`` gets the averaged student several times an epoch; higher is better, and it
    must look at validation data only.
    """
    chance = random.Random(plan.seed)
    optimizer = torch.optim.AdamW(student.parameters(), lr=plan.rate, weight_decay=1e-4, fused=True)
    lengths = [len(row) for row in lessons.rows]
    epochs = [list(buckets(lengths, plan.tokens, chance)) for _ in range(plan.epochs)]
    batches = [batch for epoch in epochs for batch in epoch]
    average = AveragedWeights(student, plan.decay)
    candidate = Student(student.shape)
    best, state = -math.inf, student.state_dict()
    every = max(1, len(batches) // (3 * plan.epochs))
    for step, batch in enumerate(batches):
        _set_rate(optimizer, plan.rate, step / len(batches))
        _learn(student, optimizer, lessons, plan, batch)
        average.update(student)
        if (step + 1) % every == 0:
            candidate.load_state_dict(average.average)
            value = score(candidate)
            if value > best:
                best, state = value, deepcopy(average.average)
    student.load_state_dict(state)
    return student.eval()


def _set_rate(optimizer: torch.optim.Optimizer, rate: float, done: float) -> None:
    factor = min(1.0, done / 0.04) * 0.5 * (1.0 + math.cos(math.pi * done))
    for group in optimizer.param_groups:
        group["lr"] = rate * max(factor, 1e-3)


def _learn(
    student: Student,
    optimizer: torch.optim.Optimizer,
    lessons: Lessons,
    plan: DistilPlan,
    batch: Sequence[int],
) -> None:
    student.train()
    index = torch.tensor(batch)
    ids, mask = padded([lessons.rows[i] for i in batch])
    logits, _, view, states = student(ids, mask)
    loss = functional.cross_entropy(logits, lessons.targets[index])
    taught = lessons.taught[index]
    if taught.any():
        wanted = lessons.vectors[index[taught]].float()
        loss = loss + plan.view_weight * functional.mse_loss(view[taught], wanted)
    if plan.state_weight:
        loss = loss + plan.state_weight * _state_loss(lessons, index, mask, states)
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(student.parameters(), 1.0)
    optimizer.step()


def _state_loss(lessons: Lessons, index: Tensor, mask: Tensor, states: Tensor) -> Tensor:
    """Mean squared difference to the teacher's token states, over the texts that have them."""
    starts = lessons.starts[index]
    real = mask.bool() & (starts >= 0).unsqueeze(1)
    if not real.any():
        return states.new_zeros(())
    places = (starts.unsqueeze(1) + torch.arange(mask.shape[1]))[real]
    return functional.mse_loss(states[real], lessons.states[places].float())


@torch.inference_mode()
def student_logits(student: Student, rows: Sequence[Sequence[int]]) -> Tensor:
    """Logits float32 [N, 3] of token rows."""
    student.eval()
    logits = torch.zeros(len(rows), 3)
    for group in buckets([len(row) for row in rows], 6000, None):
        logits[group] = student(*padded([rows[i] for i in group]))[0]
    return logits
