"""Teaches the detector what YuNet says of every cell (distillation, Hinton et al., 2015)."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from kit.averaging import AveragedWeights
from kit.checkpoint import load_checkpoint, save_checkpoint
from starter_face.agreement import Agreement, agreement
from starter_face.canvases import Canvases
from starter_face.detector_net import WIDTH, DetectorNet, cell_places, decoded
from starter_face.expression_training import one_cycle
from starter_face.yunet import FELT, STRIDES, Cells, Found, YuNet, best


@dataclass(frozen=True)
class DetectorPlan:
    """Settings of the training.

    Attributes:
        steps: Optimiser steps.
        batch: Canvases a step.
        side: Side of a canvas.
        peak: Highest learning rate (AdamW, one-cycle).
        decay: Weight decay.
        averaging: Decay of the averaged weights.
        likely: Cells whose teacher's score is above also learn boxes and points.
        hint: Weight of the loss of features (hints, Romero et al., 2015).
        kept: Batches of canvases that are kept to be shown again, in other light.
        again: Share of the steps that show kept ones.
        every: Steps between checkpoints.
        seed: Of all random choices.
    """

    steps: int = 10_000
    batch: int = 16
    side: int = 256
    peak: float = 3e-3
    decay: float = 0.01
    averaging: float = 0.999
    likely: float = 0.3
    hint: float = 3.0
    kept: int = 60
    again: float = 0.75
    every: int = 500
    seed: int = 20240501


@dataclass(frozen=True)
class Exam:
    """Canvases that no training saw, with the teacher's answers."""

    canvases: Tensor
    wanted: Cells


class DetectorTraining:
    """One training run with checkpoints.

    Args:
        net: Trained in place; ends with the averaged weights.
        teacher: Whom to imitate.
        canvases: To learn from.
        exam: To report on.
        plan: Settings.
        checkpoint: File of the run's state.
        resume: Go on from the checkpoint.
    """

    def __init__(
        self,
        net: DetectorNet,
        teacher: YuNet,
        canvases: Canvases,
        exam: Exam,
        plan: DetectorPlan,
        checkpoint: Path,
        resume: bool,
    ) -> None:
        self.net, self.teacher, self.canvases, self.exam = net, teacher, canvases, exam
        self.plan, self.checkpoint = plan, checkpoint
        torch.nn.utils.convert_conv2d_weight_memory_format(net, torch.channels_last)
        # From our features to the teacher's; only needed while it teaches.
        self.hints = nn.ModuleList([nn.Conv2d(WIDTH, FELT, 1) for _ in STRIDES])
        weights = [*net.parameters(), *self.hints.parameters()]
        self.optimizer = torch.optim.AdamW(weights, lr=plan.peak, weight_decay=plan.decay)
        self.averaged = AveragedWeights(net, plan.averaging)
        self.places = cell_places(plan.side, plan.side)
        self.step = 0
        self._lessons: list[tuple[NDArray[np.uint8], Cells]] = []
        self.history: list[dict[str, float]] = []
        state = load_checkpoint(checkpoint) if resume else None
        if state is not None:
            self._restore(state)

    def run(self) -> list[dict[str, float]]:
        """Trains to the end of the plan; returns a row of figures for each checkpoint."""
        chance = torch.Generator().manual_seed(self.plan.seed + self.step)
        started, sums = time.monotonic(), torch.zeros(4)
        while self.step < self.plan.steps:
            sums += self._a_step(chance)
            if self.step % self.plan.every and self.step < self.plan.steps:
                continue
            means = (sums / self.plan.every).tolist()
            row = dict(zip(("score", "box", "points", "hint"), means, strict=True)) | self._examined()
            self.history.append({"step": self.step, **row, "seconds": time.monotonic() - started})
            shown = {name: round(value, 3) for name, value in self.history[-1].items()}
            print("detector", shown, flush=True)
            self._save()
            started, sums = time.monotonic(), torch.zeros(4)
        self.net.load_state_dict(self.averaged.average)
        return self.history

    def _a_step(self, chance: torch.Generator) -> Tensor:
        for group in self.optimizer.param_groups:
            group["lr"] = self.plan.peak * one_cycle(self.step / self.plan.steps, 0.05)
        self.net.train()
        canvases, wanted = self._lesson(chance)
        pixels = torch.from_numpy(canvases.transpose(0, 3, 1, 2).astype(np.float32))
        pixels = relit(pixels, chance).contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", torch.bfloat16):
            felt = self.net.felt(pixels)
            said = self.net.said(felt)
            hinted = [hint(x).flatten(2).transpose(1, 2) for hint, x in zip(self.hints, felt, strict=True)]
        parts = losses(said.float(), wanted, self.places, self.plan.likely)
        hint = self.plan.hint * hint_loss(torch.cat(hinted, 1).float(), wanted)
        parts = torch.cat([parts, hint[None]])
        self.optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(parts.sum())
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), 5.0)
        self.optimizer.step()
        self.averaged.update(self.net)
        self.step += 1
        return parts.detach()

    def _lesson(self, chance: torch.Generator) -> tuple[NDArray[np.uint8], Cells]:
        """New canvases, or ones of the last lessons: making them costs as much as learning from them."""
        place = int(torch.randint(self.plan.kept, (), generator=chance))
        again = bool(torch.rand((), generator=chance) < self.plan.again)
        if again and place < len(self._lessons):
            return self._lessons[place]
        canvases = self.canvases.batch(self.plan.batch)
        lesson = canvases, self.teacher.cells(canvases)
        if len(self._lessons) < self.plan.kept:
            self._lessons.append(lesson)
        else:
            self._lessons[place] = lesson
        return lesson

    def _examined(self) -> dict[str, float]:
        """Agreement of the averaged weights with the teacher at the best threshold."""
        own = {name: value.clone() for name, value in self.net.state_dict().items()}
        self.net.load_state_dict(self.averaged.average)
        found = cells_of(self.net, self.exam.canvases, self.places)
        self.net.load_state_dict(own)
        return dict(best_agreement(found, self.exam.wanted)[1].as_figures())

    def _save(self) -> None:
        save_checkpoint(
            self.checkpoint,
            {
                "net": self.net.state_dict(),
                "hints": self.hints.state_dict(),
                "optimizer": self.optimizer.state_dict(),
                "average": self.averaged.average,
                "updates": self.averaged.updates,
                "step": self.step,
                "history": self.history,
            },
        )

    def _restore(self, state: dict[str, Any]) -> None:
        self.net.load_state_dict(state["net"])
        self.hints.load_state_dict(state["hints"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.averaged.load(state["average"], state["updates"])
        self.step, self.history = state["step"], state["history"]


def losses(said: Tensor, wanted: Cells, places: tuple[Tensor, Tensor], likely: float) -> Tensor:
    """Losses of score, box and points, weighted: float32 [3].

    The score's is the quality focal loss (Li et al., 2020) towards the teacher's score; the box's is the
    distance-IoU loss (Zheng et al., 2020).
    """
    scores = torch.from_numpy(wanted.scores)
    gap = (said[..., 0].sigmoid() - scores).detach().square()
    score = (gap * F.binary_cross_entropy_with_logits(said[..., 0], scores, reduction="none")).sum()
    rows = scores > likely
    weight = scores[rows]
    total = weight.sum().clamp(min=1)
    boxes, points = decoded(said, *places)
    true = torch.from_numpy(wanted.boxes)[rows]
    box = (distance_iou(boxes[rows], true) * weight).sum() / total
    size = (true[:, 2:] - true[:, :2]).prod(1).sqrt()[:, None, None]
    off = ((points[rows] - torch.from_numpy(wanted.points)[rows]) / size).abs().mean((1, 2))
    return torch.stack([4 * score / total, box, 4 * (off * weight).sum() / total])


def hint_loss(hinted: Tensor, wanted: Cells) -> Tensor:
    """Squared error of the features, relative to their spread; cells with faces weigh more."""
    felt = torch.from_numpy(wanted.felt).float()
    weight = 1 + 10 * torch.from_numpy(wanted.scores)[..., None]
    return ((hinted - felt).square() * weight).mean() / (felt.var() * weight.mean()).clamp(min=1e-6)


def distance_iou(boxes: Tensor, true: Tensor) -> Tensor:
    """1 - IoU + squared distance of the middles by squared diagonal of both: [N]."""
    low, high = torch.maximum(boxes[:, :2], true[:, :2]), torch.minimum(boxes[:, 2:], true[:, 2:])
    shared = (high - low).clamp(min=0).prod(1)
    union = (boxes[:, 2:] - boxes[:, :2]).prod(1) + (true[:, 2:] - true[:, :2]).prod(1) - shared
    around = torch.maximum(boxes[:, 2:], true[:, 2:]) - torch.minimum(boxes[:, :2], true[:, :2])
    apart = (boxes[:, :2] + boxes[:, 2:] - true[:, :2] - true[:, 2:]) / 2
    return 1 - shared / union.clamp(min=1e-6) + apart.square().sum(1) / around.square().sum(1)


def relit(pixels: Tensor, chance: torch.Generator) -> Tensor:
    """Other light, colours, sharpness and noise; the teacher has seen the pictures without."""
    count = len(pixels)

    def drawn(low: float, high: float, channels: int = 1) -> Tensor:
        return low + (high - low) * torch.rand(count, channels, 1, 1, generator=chance)

    grey = pixels.mean(1, keepdim=True)
    pixels = grey + (pixels - grey) * drawn(0.0, 1.4)
    level = pixels.mean((1, 2, 3), keepdim=True)
    pixels = level + (pixels - level) * drawn(0.6, 1.4)
    pixels = (pixels / 255).clamp(1e-3, 1).pow(drawn(0.6, 1.7)) * 255 * drawn(0.85, 1.15, 3)
    if bool(torch.rand((), generator=chance) < 0.25):
        pixels = F.avg_pool2d(pixels, 3, 1, 1, count_include_pad=False)
    noise = torch.randn(pixels.shape, generator=chance) * drawn(0.0, 8.0)
    return (pixels + noise).clamp(0, 255)


@torch.no_grad()
def cells_of(net: DetectorNet, canvases: Tensor, places: tuple[Tensor, Tensor]) -> Cells:
    """What the net says of canvases, uint8 [N, H, W, 3]."""
    net.eval()
    parts = []
    for first in range(0, len(canvases), 16):
        part = canvases[first : first + 16]
        said = net(part.permute(0, 3, 1, 2).float().contiguous(memory_format=torch.channels_last))
        parts.append((said[..., 0].sigmoid(), *decoded(said, *places)))
    columns = tuple(zip(*parts, strict=True))
    scores, boxes, points = (torch.cat(list(column)) for column in columns)
    return Cells(scores.numpy(), boxes.numpy(), points.numpy(), np.empty((len(scores), 0, 0), np.float16))


def make_exam(canvases: Canvases, teacher: YuNet, count: int) -> Exam:
    """Canvases of validation photos and what the teacher says of them."""
    pictures = canvases.batch(count)
    return Exam(torch.from_numpy(pictures), teacher.cells(pictures))


def best_agreement(found: Cells, wanted: Cells) -> tuple[float, Agreement]:
    """The score's threshold with the best F1 against the teacher, and the agreement there."""
    rows = range(len(wanted.scores))
    true = [best(wanted, row, 0.3) for row in rows]
    mine: list[Found] = [best(found, row, 0.2) for row in rows]
    tried = {t: agreement(mine, true, t) for t in np.arange(0.3, 0.8, 0.05).round(2).tolist()}
    threshold = max(tried, key=lambda t: tried[t].f1)
    return threshold, tried[threshold]
