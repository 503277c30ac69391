"""Trains a head; the same way for the graph and for its baseline."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from kit.averaging import AveragedWeights
from kit.checkpoint import load_checkpoint, save_checkpoint
from kit.early_stopping import EarlyStopping
from starter_fusion.batches import Talks
from starter_fusion.heads import Fused

Report = Callable[[int, float, float], None]


@dataclass(frozen=True)
class Plan:
    """How a head is trained."""

    epochs: int = 12
    batch: int = 12
    rate: float = 3e-3
    decay: float = 0.01
    unheard: float = 0.4
    silent: float = 0.03
    noise: float = 0.1
    patience: int = 5
    seed: int = 1


def train_head(
    head: nn.Module, train: Talks, held: Talks, plan: Plan, checkpoint: Path, resume: bool, report: Report
) -> nn.Module:
    """Trains a head; the averaged weights of the best epoch on the held-out conversations stay."""
    done = load_checkpoint(checkpoint) if resume else None
    if done is not None:
        head.load_state_dict(done["weights"])
        return head.eval()
    torch.manual_seed(plan.seed)
    rng = np.random.default_rng(plan.seed)
    average = AveragedWeights(head, 0.995)
    optimizer = torch.optim.AdamW(head.parameters(), plan.rate, weight_decay=plan.decay)
    stopping = EarlyStopping(plan.patience)
    for epoch in range(plan.epochs):
        for group in optimizer.param_groups:
            group["lr"] = plan.rate * (0.02 + 0.49 * (1 + math.cos(math.pi * epoch / plan.epochs)))
        loss = _epoch(head, train, optimizer, average, plan, rng)
        score = -loss_with(head, average.average, held)
        report(epoch + 1, loss, score)
        if stopping.improved(score):
            save_checkpoint(checkpoint, {"weights": average.average})
        if stopping.exhausted:
            break
    best = load_checkpoint(checkpoint)
    assert best is not None
    head.load_state_dict(best["weights"])
    return head.eval()


def loss_of(fused: Fused, talks: Talks) -> Tensor:
    """Class, valence, spread of its error (Laplace) and contradiction, where there is something."""
    judged, comparable = talks.judged.float(), talks.comparable.float()
    error = (fused.valence - talks.valence).abs()
    spread = error.detach() / fused.half_width + torch.log(fused.half_width)
    classes = F.cross_entropy(fused.logits.flatten(0, 1), talks.classes.flatten(), reduction="none")
    each = classes.view_as(error) + 2 * error + 0.2 * spread
    contradiction = F.binary_cross_entropy_with_logits(
        fused.contradiction, talks.contradiction, reduction="none"
    )
    told = (each * judged).sum() / judged.sum().clamp(min=1)
    return told + (contradiction * comparable).sum() / comparable.sum().clamp(min=1)


@torch.no_grad()
def fuse_all(head: nn.Module, talks: Talks, size: int = 32) -> Fused:
    """A head's answers for all conversations."""
    head.eval()
    parts = [
        head(talks.features[at : at + size], talks.present[at : at + size], talks.inside[at : at + size])
        for at in range(0, len(talks), size)
    ]
    return Fused(*(torch.cat(column) for column in zip(*parts, strict=True)))


def loss_with(head: nn.Module, weights: dict[str, Tensor], talks: Talks) -> float:
    """The loss with other weights; the head keeps its own."""
    own = {name: value.clone() for name, value in head.state_dict().items()}
    head.load_state_dict(weights)
    loss = float(loss_of(fuse_all(head, talks), talks))
    head.load_state_dict(own)
    return loss


def _epoch(
    head: nn.Module,
    train: Talks,
    optimizer: torch.optim.Optimizer,
    average: AveragedWeights,
    plan: Plan,
    rng: np.random.Generator,
) -> float:
    head.train()
    losses = []
    for batch in train.batches(plan.batch, rng):
        heard = _unheard(batch, plan, rng)
        optimizer.zero_grad()
        loss = loss_of(Fused(*head(heard.features, heard.present, heard.inside)), heard)
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(head.parameters(), 1.0)
        optimizer.step()
        average.update(head)
        losses.append(float(loss.detach()))
    return sum(losses) / len(losses)


def _unheard(batch: Talks, plan: Plan, rng: np.random.Generator) -> Talks:
    """Takes one modality, or two, away from some conversations; from a few all of them."""
    talks, _, modalities = batch.present.shape
    keep = np.ones((talks, modalities))
    for row in range(talks):
        chance = rng.random()
        if chance < plan.silent:
            keep[row] = 0
        elif chance < plan.unheard:
            keep[row, rng.choice(modalities, rng.integers(1, modalities), replace=False)] = 0
    heard = batch.hearing(batch.present * torch.tensor(keep, dtype=torch.float32)[:, None])
    # So that no head learns the samples by heart.
    return replace(heard, features=heard.features + plan.noise * torch.randn_like(heard.features))
