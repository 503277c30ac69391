"""Distilling the teacher into the student (Hinton et al., 2015; Tang et al., 2019)."""

import math
import random
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from kit.averaging import AveragedWeights
from kit.checkpoint import load_checkpoint, save_checkpoint
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
    """How the student learns; tokens count padded ones in one batch.

    The table of votes is touched in few places at a time and learns ``bag_factor`` times faster.
    """

    epochs: int = 4
    tokens: int = 3000
    rate: float = 2e-3
    bag_factor: float = 5.0
    view_weight: float = 1.0
    state_weight: float = 1.0
    decay: float = 0.999
    seed: int = 1


class Distillation:
    """One training of a student: trains, averages the weights, keeps the best average.

    Args:
        student: trained in place.
        lessons: what it learns from.
        plan: how.
        score: gets the averaged student three times an epoch; higher is better. It must look at
            validation data only.
        checkpoint: file that is written after each score.
        resume: continue from ``checkpoint`` where there is one; the order of the batches and the
            dropout go on as if nothing had happened.
    """

    def __init__(
        self,
        student: Student,
        lessons: Lessons,
        plan: DistilPlan,
        score: Callable[[Student], float],
        checkpoint: Path,
        resume: bool,
    ) -> None:
        self._student, self._lessons, self._plan = student, lessons, plan
        self._score, self._checkpoint = score, checkpoint
        self._optimizer = torch.optim.AdamW(_groups(student, plan), weight_decay=1e-4, fused=True)
        self._average = AveragedWeights(student, plan.decay)
        self._best, self._kept = -math.inf, student.state_dict()
        self._done = 0
        state = load_checkpoint(checkpoint) if resume else None
        if state is not None:
            self._restore(state)

    def run(self) -> Student:
        """Trains to the end and returns the student with the average that scored best."""
        batches = self._batches()
        every = max(1, len(batches) // (3 * self._plan.epochs))
        for step in range(self._done, len(batches)):
            _set_rate(self._optimizer, step / len(batches))
            _learn(self._student, self._optimizer, self._lessons, self._plan, batches[step])
            self._average.update(self._student)
            if (step + 1) % every == 0:
                self._keep_best()
                self._save(step + 1)
        self._student.load_state_dict(self._kept)
        return self._student.eval()

    def _batches(self) -> list[list[int]]:
        chance = random.Random(self._plan.seed)
        lengths = [len(row) for row in self._lessons.rows]
        epochs = [buckets(lengths, self._plan.tokens, chance) for _ in range(self._plan.epochs)]
        return [batch for epoch in epochs for batch in epoch]

    def _keep_best(self) -> None:
        candidate = Student(self._student.shape)
        candidate.load_state_dict(self._average.average)
        score = self._score(candidate)
        if score > self._best:
            self._best, self._kept = score, deepcopy(self._average.average)

    def _save(self, done: int) -> None:
        state = {
            "done": done,
            "student": self._student.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "average": self._average.average,
            "updates": self._average.updates,
            "best": self._best,
            "kept": self._kept,
            "chance": torch.get_rng_state(),
        }
        save_checkpoint(self._checkpoint, state)

    def _restore(self, state: Mapping[str, Any]) -> None:
        self._student.load_state_dict(state["student"])
        self._optimizer.load_state_dict(state["optimizer"])
        self._average.load(state["average"], state["updates"])
        self._best, self._kept, self._done = state["best"], state["kept"], state["done"]
        torch.set_rng_state(state["chance"])


def _groups(student: Student, plan: DistilPlan) -> list[dict[str, Any]]:
    votes = list(student.bag.parameters())
    others = [value for name, value in student.named_parameters() if not name.startswith("bag.")]
    return [
        {"params": others, "lr": plan.rate, "full": plan.rate},
        {"params": votes, "lr": plan.rate * plan.bag_factor, "full": plan.rate * plan.bag_factor},
    ]


def _set_rate(optimizer: torch.optim.Optimizer, done: float) -> None:
    factor = min(1.0, done / 0.04) * 0.5 * (1.0 + math.cos(math.pi * done))
    for group in optimizer.param_groups:
        group["lr"] = group["full"] * max(factor, 1e-3)


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
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits, _, view, states = student(ids, mask)
    loss = functional.cross_entropy(logits.float(), lessons.targets[index])
    taught = lessons.taught[index]
    if taught.any():
        wanted = lessons.vectors[index[taught]].float()
        loss = loss + plan.view_weight * functional.mse_loss(view[taught].float(), wanted)
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
    return functional.mse_loss(states[real].float(), lessons.states[places].float())


@torch.inference_mode()
def student_logits(student: Student, rows: Sequence[Sequence[int]]) -> Tensor:
    """Logits float32 [N, 3] of token rows."""
    student.eval()
    logits = torch.zeros(len(rows), 3)
    for group in buckets([len(row) for row in rows], 6000, None):
        logits[group] = student(*padded([rows[i] for i in group]))[0]
    return logits
