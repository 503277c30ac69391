"""The teacher: all-MiniLM-L6-v2 fine-tuned to three classes (Wang et al., 2020).

Its weights never ship; it labels text for the student (Hinton et al., 2015).
"""

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertModel

from kit.averaging import AveragedWeights
from starter_sentiment_text.batches import buckets, padded
from starter_sentiment_text.sources import Sentence

WIDTH = 384
LAYERS = 6
LEVELS = 5  # of SST, from very negative to very positive


@dataclass(frozen=True)
class TeacherPlan:
    """How the teacher is fine-tuned; tokens count padded ones in one batch.

    Attributes:
        epochs: Passes over the sentences.
        tokens: Of one batch.
        rate: Of the heads; each layer below learns a tenth more slowly (Sun et al., 2019).
        layer_decay: What is left of the rate from one layer to the next lower one.
        levels_weight: Of the five levels of SST beside the three classes.
        average: Decay of the averaged weights, which are what teaches.
        lexicon_share: Share of the lexicon's words in each pass.
        seed: Of heads, dropout and order.
    """

    epochs: int = 4
    tokens: int = 900
    rate: float = 1.2e-4
    layer_decay: float = 0.9
    levels_weight: float = 0.5
    average: float = 0.995
    lexicon_share: float = 0.35
    seed: int = 1


class Teacher(nn.Module):
    """MiniLM, mean over the tokens, one linear layer to the logits and one to SST's levels."""

    def __init__(self, encoder: BertModel) -> None:
        super().__init__()
        self.encoder = encoder
        self.drop = nn.Dropout(0.1)
        self.head = nn.Linear(WIDTH, 3)
        self.levels = nn.Linear(WIDTH, LEVELS)

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Logits [B, 3], sentence vectors [B, 384] and token states [B, S, 384].

        Ids and mask are int64 [B, S].
        """
        states = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state.float()
        weights = mask.unsqueeze(-1).float()
        vector = (states * weights).sum(1) / weights.sum(1)
        return self.head(self.drop(vector)), vector, states


def load_teacher(folder: Path) -> Teacher:
    """MiniLM as published in ``folder`` under new heads."""
    return Teacher(BertModel.from_pretrained(folder, add_pooling_layer=False))


def fine_tune(
    teacher: Teacher,
    rows: Sequence[Sequence[int]],
    sentences: Sequence[Sentence],
    plan: TeacherPlan,
    report: Callable[[int, float], None],
) -> None:
    """Trains all weights and leaves their average in ``teacher``.

    ``report`` gets epoch and mean loss while ``teacher`` holds the average.
    """
    chance = random.Random(plan.seed)
    optimizer = torch.optim.AdamW(_groups(teacher, plan), fused=True)
    average = AveragedWeights(teacher, plan.average)
    epochs = [_epoch_batches(rows, sentences, plan, chance) for _ in range(plan.epochs)]
    schedule = _one_cycle(optimizer, sum(len(batches) for batches in epochs))
    for epoch, batches in enumerate(epochs):
        losses = []
        for batch in batches:
            losses.append(_step(teacher, optimizer, rows, sentences, batch, plan))
            schedule.step()
            average.update(teacher)
        trained = {name: value.clone() for name, value in teacher.state_dict().items()}
        teacher.load_state_dict(average.average)
        report(epoch, sum(losses) / len(losses))
        if epoch + 1 < plan.epochs:
            teacher.load_state_dict(trained)


def _groups(teacher: Teacher, plan: TeacherPlan) -> list[dict[str, Any]]:
    """One group a tensor: the lower its layer, the lower its rate; only matrices decay."""
    return [
        {
            "params": [value],
            "lr": plan.rate * plan.layer_decay ** (LAYERS - _layer(name)),
            "weight_decay": 0.01 if value.ndim > 1 else 0.0,
        }
        for name, value in teacher.named_parameters()
    ]


def _layer(name: str) -> int:
    """-1 for the embeddings, 0 to 5 for MiniLM's layers, 6 for the heads."""
    if "embeddings" in name:
        return -1
    return int(name.split("layer.")[1].split(".")[0]) if "layer." in name else LAYERS


@torch.inference_mode()
def predict(teacher: Teacher, rows: Sequence[Sequence[int]], tokens: int = 6000) -> tuple[Tensor, Tensor]:
    """Logits float32 [N, 3] and sentence vectors float32 [N, 384] of token rows."""
    logits, vectors = torch.zeros(len(rows), 3), torch.zeros(len(rows), WIDTH)
    for group, scores, means, _, _ in read(teacher, rows, tokens):
        logits[group], vectors[group] = scores, means
    return logits, vectors


@torch.inference_mode()
def read(
    teacher: Teacher, rows: Sequence[Sequence[int]], tokens: int = 6000
) -> Iterator[tuple[list[int], Tensor, Tensor, Tensor, Tensor]]:
    """Batches of places of rows, with logits, sentence vectors, token states and their mask."""
    teacher.eval()
    for group in buckets([len(row) for row in rows], tokens, None):
        ids, mask = padded([rows[i] for i in group])
        with torch.autocast("cpu", dtype=torch.bfloat16):
            scores, means, states = teacher(ids, mask)
        yield group, scores.float(), means.float(), states.float(), mask


def _epoch_batches(
    rows: Sequence[Sequence[int]],
    sentences: Sequence[Sentence],
    plan: TeacherPlan,
    chance: random.Random,
) -> list[list[int]]:
    shown = [
        index
        for index, sentence in enumerate(sentences)
        if sentence.source != "lexicon" or chance.random() < plan.lexicon_share
    ]
    groups = buckets([len(rows[i]) for i in shown], plan.tokens, chance)
    return [[shown[i] for i in group] for group in groups]


def _one_cycle(optimizer: torch.optim.Optimizer, steps: int) -> torch.optim.lr_scheduler.LambdaLR:
    def factor(step: int) -> float:
        warm = min(1.0, step / (0.1 * steps))
        return warm * 0.5 * (1.0 + math.cos(math.pi * min(1.0, step / steps)))

    return torch.optim.lr_scheduler.LambdaLR(optimizer, factor)


def _step(
    teacher: Teacher,
    optimizer: torch.optim.Optimizer,
    rows: Sequence[Sequence[int]],
    sentences: Sequence[Sentence],
    group: list[int],
    plan: TeacherPlan,
) -> float:
    teacher.train()
    ids, mask = padded([rows[i] for i in group])
    target = torch.tensor([sentences[i].target for i in group])
    levels = torch.tensor([-1 if (level := sentences[i].level) is None else level for i in group])
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits, vector, _ = teacher(ids, mask)
        graded = teacher.levels(teacher.drop(vector))
    loss = functional.cross_entropy(logits.float(), target)
    known = levels >= 0
    if known.any():
        fine = functional.cross_entropy(graded.float()[known], levels[known], label_smoothing=0.05)
        loss = loss + plan.levels_weight * known.float().mean() * fine
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(teacher.parameters(), 1.0)
    optimizer.step()
    return loss.item()
