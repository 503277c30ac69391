"""Training of the network."""

import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from kit.averaging import AveragedWeights
from kit.checkpoint import load_checkpoint, save_checkpoint
from starter_answer.batches import Batch, Reader, Source
from starter_answer.model import AnswerModel

NEVER = -1e4


@dataclass(frozen=True)
class Plan:
    """How long and how fast to learn.

    Attributes:
        epochs: Times through all pictures.
        rate: Highest learning rate of the one-cycle schedule (Smith and Topin, 2019).
        decay: Weight decay of AdamW.
        smoothing: Label smoothing.
        averaging: Decay of the averaged weights.
    """

    epochs: int = 12
    rate: float = 1.5e-3
    decay: float = 0.02
    smoothing: float = 0.05
    averaging: float = 0.998


@dataclass
class Classroom:
    """What training needs besides a plan.

    Attributes:
        model: The network; afterwards it has the best averaged weights.
        reader: Makes batches.
        lessons: Training samples.
        exam: Validation samples of photos.
        allowed: bool [kinds, answers].
        checkpoint: File to continue from.
        seed: Of the order of the lessons.
    """

    model: AnswerModel
    reader: Reader
    lessons: Sequence[Source]
    exam: Source
    allowed: Tensor
    checkpoint: Path
    seed: int


def learn(room: Classroom, plan: Plan, resume: bool) -> list[dict[str, float]]:
    """Trains until the plan is done and loads the weights that were best on validation.

    Returns:
        Figures of each epoch.
    """
    run = _Run(room, plan, load_checkpoint(room.checkpoint) if resume else None)
    while len(run.history) < plan.epochs:
        run.epoch()
    room.model.load_state_dict(run.best)
    return run.history


class _Run:
    """One training, from a checkpoint if there is one."""

    def __init__(self, room: Classroom, plan: Plan, state: dict[str, Any] | None) -> None:
        self._room, self._plan = room, plan
        self._steps = room.reader.steps(room.lessons)
        self._average = AveragedWeights(room.model, plan.averaging)
        self._optimizer = torch.optim.AdamW(room.model.parameters(), lr=plan.rate, weight_decay=plan.decay)
        self.history: list[dict[str, float]] = []
        self.best: Mapping[str, Tensor] = self._average.average
        if state:
            room.model.load_state_dict(state["model"])
            self._optimizer.load_state_dict(state["optimizer"])
            self._average.load(state["average"], state["updates"])
            self.history, self.best = state["history"], state["best"]
        # A plan that was changed in between goes on where it stands in the new one.
        self._schedule = torch.optim.lr_scheduler.OneCycleLR(
            self._optimizer,
            plan.rate,
            total_steps=plan.epochs * self._steps,
            pct_start=0.15,
            last_epoch=len(self.history) * self._steps - 1,
        )

    def epoch(self) -> None:
        """Learns from every picture once, examines the averaged weights, keeps a checkpoint."""
        room, number, started = self._room, len(self.history), time.monotonic()
        torch.manual_seed(room.seed + number)
        batches = room.reader.shuffled(room.lessons, random.Random(room.seed + number))
        loss = sum(self._step(batch) for batch in batches) / self._steps
        accuracy = _averaged_accuracy(room, self._average)
        if accuracy >= max((row["accuracy"] for row in self.history), default=0.0):
            self.best = {name: value.clone() for name, value in self._average.average.items()}
        seconds = time.monotonic() - started
        planned = float(self._plan.epochs)
        self.history.append({"loss": loss, "accuracy": accuracy, "seconds": seconds, "planned": planned})
        print("epoch", number + 1, self.history[-1], flush=True)
        self._keep()

    def _step(self, batch: Batch) -> float:
        room = self._room
        room.model.train()
        loss = _loss(room, self._plan, batch)
        self._optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(room.model.parameters(), 1.0)
        self._optimizer.step()
        self._schedule.step()
        self._average.update(room.model)
        return loss.item()

    def _keep(self) -> None:
        state = {
            "model": self._room.model.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "average": self._average.average,
            "updates": self._average.updates,
            "history": self.history,
            "best": self.best,
        }
        save_checkpoint(self._room.checkpoint, state)


def _loss(room: Classroom, plan: Plan, batch: Batch) -> Tensor:
    """Cross-entropy over the answers that the kind of question allows, smoothed among them."""
    known = batch.target >= 0
    logits = room_logits(room, batch)[known]
    allowed = room.allowed[batch.kind[known]]
    logs = F.log_softmax(logits, 1)
    hard = F.nll_loss(logs, batch.target[known])
    even = (logs * allowed).sum(1) / allowed.sum(1)
    return (1 - plan.smoothing) * hard - plan.smoothing * even.mean()


def room_logits(room: Classroom, batch: Batch) -> Tensor:
    """Logits of a batch, float32 [Q, answers], tiny where the kind of question forbids an answer."""
    cells = room.model.seen(batch.grid)[batch.owner]
    logits = room.model.answer_about(cells, room.model.read(batch.input_ids, batch.attention_mask))
    return logits.masked_fill(~room.allowed[batch.kind], NEVER)


def _averaged_accuracy(room: Classroom, average: AveragedWeights) -> float:
    """Mean over the kinds of questions of the share of right answers, averaged weights, English."""
    own = {name: value.clone() for name, value in room.model.state_dict().items()}
    room.model.load_state_dict(average.average)
    figures = examine(room, room.exam, "en")
    room.model.load_state_dict(own)
    print(" ".join(f"{kind} {value:.1f}" for kind, value in figures.items()), flush=True)
    return sum(figures.values()) / len(figures)


@torch.inference_mode()
def examine(room: Classroom, source: Source, language: str) -> dict[str, float]:
    """Right answers in percent by kind of question."""
    room.model.eval()
    right: dict[str, list[float]] = {}
    for samples, batch in room.reader.in_order(source, language):
        chosen = room_logits(room, batch).argmax(1)
        for sample, correct in zip(samples, (chosen == batch.target).tolist(), strict=True):
            right.setdefault(sample.kind, []).append(float(correct))
    return {kind: 100 * sum(values) / len(values) for kind, values in sorted(right.items())}
