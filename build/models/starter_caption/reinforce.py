"""Second phase of training: the metric itself, by self-critical sequence training.

Rennie et al. (2017) with the baseline of Luo (2020): the mean reward of the other captions
drawn for the same picture. Chinese stays on the likelihood of people's captions.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from starter_caption.dataset import CAPTIONS, LONGEST, Split, agreed
from starter_caption.likelihood import caption_loss
from starter_caption.model import CaptionModel, KeyValue
from starter_caption.reward import CiderReward
from starter_caption.search import NEVER, draw
from starter_caption.training import Phase, Progress, Step, Workshop, run_phase
from starter_caption.words import EOS, PAD, START, split

LOOP = Phase("reinforce", 5, 32, averaging=0.99, warm_up=0.05, dropout=True, patience=4)

# From the cross-attention, rows, numbers of captions and a language: the loss.
Imitation = Callable[[list[KeyValue], Tensor, Tensor, str], Tensor]


@dataclass(frozen=True)
class ReinforcePlan:
    """Settings of the CIDEr phase.

    Attributes:
        loop: Epochs, batches, averaging.
        draws: Captions drawn a picture, 2 or more.
        rate: Highest learning rate.
        likelihood: Weight of the English likelihood beside the reward, which keeps the language whole.
        smoothing: Label smoothing of the likelihood.
        consensus: As in the likelihood phase.
        captions: People's captions of a picture and language used a step.
        chinese_weight: Weight of the Chinese likelihood.
    """

    loop: Phase = LOOP
    draws: int = 5
    rate: float = 5e-5
    likelihood: float = 0.2
    smoothing: float = 0.1
    consensus: float = 0.5
    captions: int = 2
    chinese_weight: float = 0.5


def train_reinforce(shop: Workshop, plan: ReinforcePlan) -> Progress:
    """Optimises English CIDEr-D; leaves the best averaged weights in the model."""
    group = {"params": list(shop.model.parameters()), "lr": plan.rate, "peak": plan.rate}
    return run_phase(shop, plan.loop, torch.optim.Adam([group]), _step(shop, plan))


def _step(shop: Workshop, plan: ReinforcePlan) -> Step:
    reward, imitate = _reward(shop.train), _imitation(shop, plan)

    def step(rows: Tensor, seen: Tensor, generator: torch.Generator) -> tuple[Tensor, dict[str, float]]:
        drawn = _draw(shop.model, seen, plan.draws)
        worth = _worth(reward, rows, drawn, shop.vocabulary).view(-1, plan.draws)
        _, cross = shop.model.see(seen)
        policy = policy_loss(shop.model, cross, drawn, advantage(worth).flatten())
        some = torch.randperm(CAPTIONS, generator=generator)[: plan.captions]
        loss = policy + plan.chinese_weight * imitate(cross, rows, some, "zh")
        if plan.likelihood:
            loss = loss + plan.likelihood * imitate(cross, rows, some, "en")
        return loss, {"reward": float(worth.mean())}

    return step


def _imitation(
    shop: Workshop, plan: ReinforcePlan
) -> Callable[[list[KeyValue], Tensor, Tensor, str], Tensor]:
    weights = {language: agreed(shop.train, language, plan.consensus) for language in START}

    def imitate(cross: list[KeyValue], rows: Tensor, some: Tensor, language: str) -> Tensor:
        ids, weight = shop.train.ids[language][rows][:, some], weights[language][rows][:, some]
        return caption_loss(shop.model, cross, ids, language, plan.smoothing, weight)

    return imitate


def _reward(training: Split) -> CiderReward:
    return CiderReward.of([[split(c, "en") for c in p.english] for p in training.pictures])


@torch.no_grad()
def _draw(model: CaptionModel, seen: Tensor, draws: int) -> Tensor:
    """Captions drawn without dropout, which are the ones that people will get."""
    learning = model.training
    model.eval()
    _, cross = model.see(seen)
    drawn = draw(model, cross, START["en"], LONGEST["en"], draws)
    model.train(learning)
    return drawn


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
