"""Second phase of training: the metric itself, by self-critical sequence training.

Rennie et al. (2017) with the baseline of Luo (2020): the mean reward of the other captions
drawn for the same picture. Chinese stays on the likelihood of people's captions.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from starter_caption.dataset import CAPTIONS, LONGEST, Split
from starter_caption.likelihood import caption_loss
from starter_caption.model import CaptionModel, KeyValue
from starter_caption.reward import CiderReward
from starter_caption.search import NEVER, draw
from starter_caption.training import Phase, Progress, Step, Workshop, run_phase
from starter_caption.words import EOS, PAD, START, split

LOOP = Phase("reinforce", 6, 32, averaging=0.99, warm_up=0.02, dropout=False)


@dataclass(frozen=True)
class ReinforcePlan:
    """Settings of the CIDEr phase.

    Attributes:
        loop: Epochs, batches, averaging.
        draws: Captions drawn a picture, 2 or more.
        rate: Highest learning rate; MobileNetV2 stays as it is.
        smoothing: Label smoothing of the Chinese likelihood.
        chinese: Chinese captions of a picture used a step.
        chinese_weight: Weight of their loss.
    """

    loop: Phase = LOOP
    draws: int = 5
    rate: float = 1e-4
    smoothing: float = 0.1
    chinese: int = 2
    chinese_weight: float = 0.5


def train_reinforce(shop: Workshop, plan: ReinforcePlan) -> Progress:
    """Optimises English CIDEr-D; leaves the best averaged weights in the model."""
    shop.model.backbone.requires_grad_(False)
    fresh = [p for p in shop.model.parameters() if p.requires_grad]
    optimizer = torch.optim.Adam([{"params": fresh, "lr": plan.rate, "peak": plan.rate}])
    return run_phase(shop, plan.loop, optimizer, _step(shop, plan))


def _step(shop: Workshop, plan: ReinforcePlan) -> Step:
    reward = _reward(shop.train)

    def step(rows: Tensor, pixels: Tensor, generator: torch.Generator) -> tuple[Tensor, dict[str, float]]:
        with torch.no_grad():
            features = shop.model.backbone(pixels)
        _, cross = shop.model.attend(features)
        drawn = _draw(shop.model, cross, plan.draws)
        worth = _worth(reward, rows, drawn, shop.vocabulary).view(-1, plan.draws)
        some = torch.randperm(CAPTIONS, generator=generator)[: plan.chinese]
        chinese = caption_loss(shop.model, cross, shop.train.ids["zh"][rows][:, some], "zh", plan.smoothing)
        english = policy_loss(shop.model, cross, drawn, advantage(worth).flatten())
        figures = {"reward": float(worth.mean()), "zh_loss": float(chinese.detach())}
        return english + plan.chinese_weight * chinese, figures

    return step


def _reward(training: Split) -> CiderReward:
    return CiderReward.of([[split(c, "en") for c in p.english] for p in training.pictures])


def _draw(model: CaptionModel, cross: list[KeyValue], draws: int) -> Tensor:
    still = [(key.detach(), value.detach()) for key, value in cross]
    return draw(model, still, START["en"], LONGEST["en"], draws)


def _worth(reward: CiderReward, rows: Tensor, drawn: Tensor, vocabulary: list[str]) -> Tensor:
    pictures = rows.repeat_interleave(len(drawn) // len(rows)).tolist()
    values = []
    for picture, ids in zip(pictures, drawn.tolist(), strict=True):
        words = [vocabulary[t] for t in ids if t not in (PAD, EOS)]
        values.append(reward(picture, words, EOS in ids))
    return torch.tensor(values)


def advantage(worth: Tensor) -> Tensor:
    """How much better each caption is than the mean of the others of its picture, [B, N]."""
    others = (worth.sum(1, keepdim=True) - worth) / (worth.shape[1] - 1)
    return worth - others


def policy_loss(model: CaptionModel, cross: list[KeyValue], drawn: Tensor, weight: Tensor) -> Tensor:
    """Negative log-likelihood of drawn captions [R, T], each times its weight [R], per token."""
    start = torch.full_like(drawn[:, :1], START["en"])
    hidden, _ = model.write(torch.cat((start, drawn[:, :-1]), 1), cross)
    real = drawn != PAD
    scores = model.logits(hidden[real]).float()
    scores = scores.index_fill(1, torch.tensor(NEVER), float("-inf"))
    likely = scores.log_softmax(-1).gather(1, drawn[real][:, None])[:, 0]
    return -(likely * weight[:, None].expand(real.shape)[real]).sum() / real.sum()
