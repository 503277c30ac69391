"""First phase of training: the likelihood of people's captions."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from starter_caption.dataset import CAPTIONS, agreed
from starter_caption.model import CaptionModel, KeyValue
from starter_caption.training import Phase, Progress, Step, Workshop, run_phase
from starter_caption.words import PAD, START

LOOP = Phase("likelihood", 12, 32, averaging=0.998, warm_up=0.06, dropout=True)


@dataclass(frozen=True)
class LikelihoodPlan:
    """Settings of the likelihood phase.

    Attributes:
        loop: Epochs, batches, averaging.
        rate: Highest learning rate.
        decay: Weight decay.
        smoothing: Label smoothing (Szegedy et al., 2016).
        consensus: Share of a caption's weight that goes by its agreement with the other captions.
        chinese: Chinese captions of a picture used a step; English ones are all used.
        chinese_weight: Weight of their loss.
    """

    loop: Phase = LOOP
    rate: float = 1e-3
    decay: float = 0.03
    smoothing: float = 0.1
    consensus: float = 0.0
    chinese: int = 2
    chinese_weight: float = 0.5


def caption_loss(
    model: CaptionModel,
    cross: list[KeyValue],
    ids: Tensor,
    language: str,
    smoothing: float,
    weights: Tensor | None = None,
) -> Tensor:
    """Label-smoothed cross-entropy of captions [B, N, T], mean over tokens; weights are [B, N]."""
    target = ids.flatten(0, 1)
    target = target[:, : int((target != PAD).sum(1).max())]
    start = torch.full_like(target[:, :1], START[language])
    hidden, _ = model.write(torch.cat((start, target[:, :-1]), 1), cross)
    real = target != PAD
    logits = model.logits(hidden[real]).float()
    losses = F.cross_entropy(logits, target[real], label_smoothing=smoothing, reduction="none")
    if weights is None:
        return losses.mean()
    each = weights.flatten()[:, None].expand(real.shape)[real]
    return (losses * each).sum() / each.sum()


def train_likelihood(shop: Workshop, plan: LikelihoodPlan) -> Progress:
    """Trains the whole model; leaves the best averaged weights in it."""
    group = {"params": list(shop.model.parameters()), "lr": plan.rate, "peak": plan.rate}
    optimizer = torch.optim.AdamW([group], weight_decay=plan.decay, betas=(0.9, 0.98))
    return run_phase(shop, plan.loop, optimizer, likelihood_step(shop, plan))


def likelihood_step(shop: Workshop, plan: LikelihoodPlan) -> Step:
    """The loss of one batch."""
    weights = {language: agreed(shop.train, language, plan.consensus) for language in START}

    def step(rows: Tensor, seen: Tensor, generator: torch.Generator) -> tuple[Tensor, dict[str, float]]:
        _, cross = shop.model.see(seen)
        some = torch.randperm(CAPTIONS, generator=generator)[: plan.chinese]
        english = caption_loss(
            shop.model, cross, shop.train.ids["en"][rows], "en", plan.smoothing, weights["en"][rows]
        )
        chinese = caption_loss(
            shop.model,
            cross,
            shop.train.ids["zh"][rows][:, some],
            "zh",
            plan.smoothing,
            weights["zh"][rows][:, some],
        )
        figures = {"en_loss": float(english.detach()), "zh_loss": float(chinese.detach())}
        return english + plan.chinese_weight * chinese, figures

    return step
