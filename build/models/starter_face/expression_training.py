"""Trains the expression network on fer2013."""

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from kit.averaging import AveragedWeights
from kit.checkpoint import load_checkpoint, save_checkpoint
from starter_face.duplicates import clean
from starter_face.expression_augment import SMALL_SIDE, TRAIN_SIDE, Augmentation, augment
from starter_face.expression_net import ExpressionNet, resized, standardized
from starter_face.fer_sheets import LABELS, FaceSet, read_faces

JUDGED_AT_ONCE = 256


@dataclass(frozen=True)
class ExpressionPlan:
    """Settings of the training.

    Attributes:
        epochs: Passes over the training faces.
        batch: Faces a step.
        peak: Highest learning rate (SGD with Nesterov's momentum, one-cycle).
        decay: Weight decay.
        mixup: Parameter of mixup's beta distribution (Zhang et al., 2018); 0 for none.
        small: Share of the epochs, at the beginning, that see smaller crops of the same view (progressive
            learning, Tan and Le, 2021): a third cheaper.
        smoothing: Label smoothing.
        averaging: Decay of the averaged weights, which are the ones that count.
        repeat: Exponent of how much oftener rare classes are shown: a class with a share s of the median
            class is shown s**-repeat times an epoch.
        augmentation: Disturbances.
        validation: Share of the faces held out of training.
        seed: Of all random choices.
    """

    epochs: int = 48
    batch: int = 128
    peak: float = 0.1
    decay: float = 5e-4
    mixup: float = 0.1
    small: float = 0.42
    smoothing: float = 0.1
    averaging: float = 0.998
    repeat: float = 0.5
    augmentation: Augmentation = field(default_factory=Augmentation)
    validation: float = 0.1
    seed: int = 20240501


@dataclass(frozen=True)
class ExpressionData:
    """Faces to learn from and to choose by; the test faces and their doubles are in neither."""

    train: FaceSet
    validation: FaceSet


def load_expression_data(folder: Path, plan: ExpressionPlan, a_sheet: int | None = None) -> ExpressionData:
    """Reads, cleans and splits fer2013's training faces, each class in the same proportion."""
    test = read_faces(folder, "test", a_sheet)
    faces = clean(read_faces(folder, "train", a_sheet), test)
    order = np.random.default_rng(plan.seed).permutation(len(faces))
    held = np.zeros(len(faces), bool)
    for label in range(len(LABELS)):
        rows = order[faces.labels[order] == label]
        held[rows[: round(len(rows) * plan.validation)]] = True
    return ExpressionData(faces.take(np.flatnonzero(~held)), faces.take(np.flatnonzero(held)))


def as_tensor(faces: FaceSet) -> Tensor:
    """Grey levels, float32 [N, 1, 48, 48]."""
    return torch.from_numpy(faces.pixels[:, None].astype(np.float32))


@torch.no_grad()
def expression_logits(net: ExpressionNet, pixels: Tensor, side: int = TRAIN_SIDE) -> Tensor:
    """Logits of whole faces.

    Args:
        net: Is set to evaluation.
        pixels: Grey levels 0..255, float32 [N, 1, 48, 48].
        side: Faces are shrunk to this side.

    Returns:
        float32 [N, 7].
    """
    net.eval()
    results = []
    for first in range(0, len(pixels), JUDGED_AT_ONCE):
        x = standardized(resized(pixels[first : first + JUDGED_AT_ONCE], side))
        results.append(net(x.contiguous(memory_format=torch.channels_last)))
    return torch.cat(results)


def accuracies(logits: Tensor, labels: Tensor) -> dict[str, float]:
    """Accuracy and mean recall of the classes, in percent."""
    right = (logits.argmax(1) == labels).float()
    recalls = [right[labels == label].mean() for label in range(len(LABELS)) if (labels == label).any()]
    return {"accuracy": 100 * float(right.mean()), "mean_recall": 100 * float(torch.stack(recalls).mean())}


class ExpressionTraining:
    """One training run with checkpoints.

    Args:
        net: Trained in place; ends with the averaged weights.
        data: What to learn from and to measure on.
        plan: Settings.
        checkpoint: File of the run's state.
        resume: Go on from the checkpoint.
    """

    def __init__(
        self, net: ExpressionNet, data: ExpressionData, plan: ExpressionPlan, checkpoint: Path, resume: bool
    ) -> None:
        torch.nn.utils.convert_conv2d_weight_memory_format(net, torch.channels_last)
        self.net = net
        self.data, self.plan, self.checkpoint = data, plan, checkpoint
        self.optimizer = torch.optim.SGD(_groups(net, plan.decay), lr=plan.peak, momentum=0.9, nesterov=True)
        self.averaged = AveragedWeights(net, plan.averaging)
        self.pixels, self.labels = as_tensor(data.train), torch.from_numpy(data.train.labels)
        self.epoch = 0
        self.history: list[dict[str, float]] = []
        state = load_checkpoint(checkpoint) if resume else None
        if state is not None:
            self._restore(state)

    def run(self) -> list[dict[str, float]]:
        """Trains to the end of the plan; returns one row of figures an epoch."""
        while self.epoch < self.plan.epochs:
            started = time.monotonic()
            loss = self._an_epoch()
            figures = self._measure()
            self.history.append({"loss": loss, **figures, "seconds": time.monotonic() - started})
            shown = {name: round(value, 3) for name, value in self.history[-1].items()}
            print("expression", self.epoch, shown, flush=True)
            self._save()
        self.net.load_state_dict(self.averaged.average)
        return self.history

    def _an_epoch(self) -> float:
        self.net.train()
        chance = torch.Generator().manual_seed(self.plan.seed + self.epoch)
        batches = list(self._batches(chance))
        total = 0.0
        for number, rows in enumerate(batches):
            done = (self.epoch + number / len(batches)) / self.plan.epochs
            for group in self.optimizer.param_groups:
                group["lr"] = self.plan.peak * one_cycle(done)
            total += self._step(rows, chance)
        self.epoch += 1
        return total / len(batches)

    def _step(self, rows: Tensor, chance: torch.Generator) -> float:
        side = SMALL_SIDE if self.epoch < self.plan.small * self.plan.epochs else TRAIN_SIDE
        x = standardized(augment(self.pixels[rows], self.plan.augmentation, chance, side))
        wanted = F.one_hot(self.labels[rows], len(LABELS)).float()
        wanted = wanted * (1 - self.plan.smoothing) + self.plan.smoothing / len(LABELS)
        if self.plan.mixup:
            share = self._share(chance)
            x, wanted = x.lerp(x.flip(0), share), wanted.lerp(wanted.flip(0), share)
        with torch.autocast("cpu", torch.bfloat16):
            logits = self.net(x.contiguous(memory_format=torch.channels_last))
        loss = F.cross_entropy(logits.float(), wanted)
        self.optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        self.optimizer.step()
        self.averaged.update(self.net)
        return float(loss.detach())

    def _share(self, chance: torch.Generator) -> float:
        """Mixup's share, drawn from Beta(mixup, mixup)."""
        seed = int(torch.randint(2**31, (1,), generator=chance))
        return float(np.random.default_rng(seed).beta(self.plan.mixup, self.plan.mixup))

    def _batches(self, chance: torch.Generator) -> Iterator[Tensor]:
        """All faces in random order, those of rare classes oftener."""
        counts = torch.bincount(self.labels, minlength=len(LABELS)).float().clamp(min=1)
        times = (counts / counts.median()).pow(-self.plan.repeat).clamp(min=1)[self.labels]
        often = (times + torch.rand(len(times), generator=chance)).floor().long()
        rows = torch.repeat_interleave(torch.arange(len(often)), often)
        order = rows[torch.randperm(len(rows), generator=chance)]
        for first in range(0, len(order), self.plan.batch):
            yield order[first : first + self.plan.batch]

    def _measure(self) -> dict[str, float]:
        """Figures of the averaged weights on the validation faces."""
        own = {name: value.clone() for name, value in self.net.state_dict().items()}
        self.net.load_state_dict(self.averaged.average)
        labels = torch.from_numpy(self.data.validation.labels)
        figures = accuracies(expression_logits(self.net, as_tensor(self.data.validation)), labels)
        self.net.load_state_dict(own)
        return figures

    def _save(self) -> None:
        save_checkpoint(
            self.checkpoint,
            {
                "net": self.net.state_dict(),
                "optimizer": self.optimizer.state_dict(),
                "average": self.averaged.average,
                "updates": self.averaged.updates,
                "epoch": self.epoch,
                "history": self.history,
            },
        )

    def _restore(self, state: dict[str, Any]) -> None:
        self.net.load_state_dict(state["net"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.averaged.load(state["average"], state["updates"])
        self.epoch, self.history = state["epoch"], state["history"]


def one_cycle(done: float, warm_up: float = 0.1) -> float:
    """Share of the peak rate: a linear rise, then half a cosine to zero."""
    if done < warm_up:
        return 0.04 + 0.96 * done / warm_up
    return 0.5 + 0.5 * math.cos(math.pi * (done - warm_up) / (1 - warm_up))


def _groups(net: ExpressionNet, decay: float) -> list[dict[str, object]]:
    """No decay for biases and the scales of batch normalisation."""
    weights = [p for p in net.parameters() if p.ndim > 1]
    others = [p for p in net.parameters() if p.ndim <= 1]
    return [{"params": weights, "weight_decay": decay}, {"params": others, "weight_decay": 0.0}]
