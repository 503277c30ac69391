"""First phase of training: the likelihood of people's captions."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from starter_caption.dataset import CAPTIONS
from starter_caption.model import CaptionModel, KeyValue
from starter_caption.training import Phase, Progress, Step, Workshop, run_phase
from starter_caption.words import PAD, START

LOOP = Phase("likelihood", 12, 32, averaging=0.998, warm_up=0.06, dropout=True)


@dataclass(frozen=True)
class LikelihoodPlan:
    """Settings of the likelihood phase.

    Attributes:
        loop: Epochs, batches, averaging.
        frozen: First blocks of MobileNetV2 that keep their ImageNet weights.
        rate: Highest learning rate of the new parts.
        backbone_rate: Highest learning rate of MobileNetV2's later blocks.
        decay: Weight decay.
        smoothing: Label smoothing (Szegedy et al., 2016).
        chinese: Chinese captions of a picture used a step; English ones are all used.
        chinese_weight: Weight of their loss.
    """

    loop: Phase = LOOP
    frozen: int = 11
    rate: float = 1e-3
    backbone_rate: float = 1e-4
    decay: float = 0.03
    smoothing: float = 0.1
    chinese: int = 2
    chinese_weight: float = 0.5


def caption_loss(
    model: CaptionModel, cross: list[KeyValue], ids: Tensor, language: str, smoothing: float
) -> Tensor:
    """Label-smoothed cross-entropy of captions [B, N, T], mean over tokens."""
    target = ids.flatten(0, 1)
    target = target[:, : int((target != PAD).sum(1).max())]
    start = torch.full_like(target[:, :1], START[language])
    hidden, _ = model.write(torch.cat((start, target[:, :-1]), 1), cross)
    real = target != PAD
    logits = model.logits(hidden[real]).float()
    return F.cross_entropy(logits, target[real], label_smoothing=smoothing)


def train_likelihood(shop: Workshop, plan: LikelihoodPlan) -> Progress:
    """Trains decoder and later encoder blocks; leaves the best averaged weights in the model."""
    return run_phase(shop, plan.loop, _optimizer(shop.model, plan), _step(shop, plan))


def _optimizer(model: CaptionModel, plan: LikelihoodPlan) -> torch.optim.AdamW:
    model.backbone.blocks[: plan.frozen].requires_grad_(False)
    backbone = [p for p in model.backbone.parameters() if p.requires_grad]
    known = {id(p) for p in model.backbone.parameters()}
    fresh = [p for p in model.parameters() if id(p) not in known]
    groups = [
        {"params": backbone, "lr": plan.backbone_rate, "peak": plan.backbone_rate},
        {"params": fresh, "lr": plan.rate, "peak": plan.rate},
    ]
    return torch.optim.AdamW(groups, weight_decay=plan.decay, betas=(0.9, 0.98))


def _step(shop: Workshop, plan: LikelihoodPlan) -> Step:
    blocks = shop.model.backbone.blocks

    def step(rows: Tensor, pixels: Tensor, generator: torch.Generator) -> tuple[Tensor, dict[str, float]]:
        with torch.no_grad():
            low = blocks[: plan.frozen](pixels)
        _, cross = shop.model.attend(blocks[plan.frozen :](low))
        some = torch.randperm(CAPTIONS, generator=generator)[: plan.chinese]
        english = caption_loss(shop.model, cross, shop.train.ids["en"][rows], "en", plan.smoothing)
        chinese = caption_loss(shop.model, cross, shop.train.ids["zh"][rows][:, some], "zh", plan.smoothing)
        figures = {"en_loss": float(english.detach()), "zh_loss": float(chinese.detach())}
        return english + plan.chinese_weight * chinese, figures

    return step
