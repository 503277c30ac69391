"""The loop that both phases of training run in."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch import Tensor

from kit.averaging import AveragedWeights
from kit.checkpoint import load_checkpoint, save_checkpoint
from kit.early_stopping import EarlyStopping
from kit.request import TrainRequest
from starter_caption.dataset import Split
from starter_caption.model import CaptionModel
from starter_caption.scoring import Score, score_model

LONGEST_STEP = 1.0

# From the rows of a batch, what the model sees of them and a source of chance: loss and figures to show.
Step = Callable[[Tensor, Tensor, torch.Generator], tuple[Tensor, dict[str, float]]]


@dataclass(frozen=True)
class Workshop:
    """What every phase works on."""

    model: CaptionModel
    train: Split
    val: Split
    vocabulary: list[str]
    request: TrainRequest


@dataclass(frozen=True)
class Phase:
    """Settings of one phase's loop.

    Attributes:
        name: Names the checkpoint.
        epochs: Passes over the training pictures.
        batch: Pictures a step.
        averaging: Decay of the averaged weights, which are the ones that count.
        warm_up: Share of the steps in which the learning rate rises.
        dropout: Whether dropout is on.
        patience: Epochs without a better validation CIDEr-D before stopping.
    """

    name: str
    epochs: int
    batch: int
    averaging: float
    warm_up: float
    dropout: bool
    patience: int = 3


@dataclass
class Progress:
    """Where a phase stands; everything here is in its checkpoint."""

    optimizer: torch.optim.Optimizer
    averaged: AveragedWeights
    planned: int
    stopping: EarlyStopping
    best: dict[str, Tensor]
    epoch: int = 0
    history: list[dict[str, float]] = field(default_factory=list)


def run_phase(shop: Workshop, phase: Phase, optimizer: torch.optim.Optimizer, step: Step) -> Progress:
    """Trains until the epochs or the patience are used up; the best average ends in the model.

    Each optimizer group has its highest rate under ``peak``.
    """
    averaged = AveragedWeights(shop.model, phase.averaging)
    stopping = EarlyStopping(phase.patience)
    progress = Progress(optimizer, averaged, phase.epochs, stopping, dict(averaged.average))
    if shop.request.resume:
        _resume(shop, phase, progress)
    while progress.epoch < phase.epochs and not progress.stopping.exhausted:
        started = time.monotonic()
        figures = _epoch(shop, phase, progress, step)
        score = _validate(shop, progress)
        seconds = time.monotonic() - started
        progress.history.append({**figures, **score.as_figures(), "seconds": seconds})
        print(
            phase.name, progress.epoch, {k: round(v, 3) for k, v in progress.history[-1].items()}, flush=True
        )
        _save(shop, phase, progress)
    shop.model.load_state_dict(progress.best)
    return progress


def _epoch(shop: Workshop, phase: Phase, progress: Progress, step: Step) -> dict[str, float]:
    shop.model.train(phase.dropout)
    generator = torch.Generator().manual_seed(shop.request.seed + progress.epoch)
    order = torch.randperm(len(shop.train.looks), generator=generator)
    batches = [order[first : first + phase.batch] for first in range(0, len(order), phase.batch)]
    sums: dict[str, float] = {}
    for number, rows in enumerate(batches):
        set_rate(progress.optimizer, (progress.epoch + number / len(batches)) / phase.epochs, phase.warm_up)
        seen = shop.train.looks.moved(rows, generator)
        with torch.autocast("cpu", torch.bfloat16):
            loss, figures = step(rows, seen, generator)
        progress.optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(shop.model.parameters(), LONGEST_STEP)
        progress.optimizer.step()
        progress.averaged.update(shop.model)
        for name, value in figures.items():
            sums[name] = sums.get(name, 0.0) + value / len(batches)
        if number % 40 == 0:
            print(
                phase.name, progress.epoch, number, {k: round(v, 3) for k, v in figures.items()}, flush=True
            )
    progress.epoch += 1
    return sums


def set_rate(optimizer: torch.optim.Optimizer, done: float, warm_up: float) -> None:
    """Linear warm-up, then half a cosine to zero; ``done`` is the share of the phase so far."""
    if done < warm_up:
        factor = done / warm_up
    else:
        factor = 0.5 + 0.5 * math.cos(math.pi * (done - warm_up) / (1 - warm_up))
    for group in optimizer.param_groups:
        group["lr"] = group["peak"] * factor


def _validate(shop: Workshop, progress: Progress) -> Score:
    """Scores the averaged weights on the validation pictures; English decides."""
    own = {name: value.clone() for name, value in shop.model.state_dict().items()}
    shop.model.load_state_dict(progress.averaged.average)
    score = score_model(shop.model, shop.val, shop.vocabulary)
    if progress.stopping.improved(score.english.cider_d):
        progress.best = {name: value.clone() for name, value in progress.averaged.average.items()}
    shop.model.load_state_dict(own)
    return score


def _save(shop: Workshop, phase: Phase, progress: Progress) -> None:
    save_checkpoint(
        shop.request.work / f"{phase.name}.pt",
        {
            "model": shop.model.state_dict(),
            "optimizer": progress.optimizer.state_dict(),
            "average": progress.averaged.average,
            "updates": progress.averaged.updates,
            "best": progress.best,
            "best_score": progress.stopping.best,
            "waited": progress.stopping.waited,
            "epoch": progress.epoch,
            "history": progress.history,
        },
    )


def _resume(shop: Workshop, phase: Phase, progress: Progress) -> None:
    state = load_checkpoint(shop.request.work / f"{phase.name}.pt", shop.request.device)
    if state is None:
        return
    shop.model.load_state_dict(state["model"])
    progress.optimizer.load_state_dict(state["optimizer"])
    progress.averaged.load(state["average"], state["updates"])
    progress.best = state["best"]
    progress.stopping.best, progress.stopping.waited = state["best_score"], state["waited"]
    progress.epoch, progress.history = state["epoch"], state["history"]
