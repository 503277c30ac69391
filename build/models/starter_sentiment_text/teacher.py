"""The teacher: all-MiniLM-L6-v2 fine-tuned to three classes (Wang et al., 2020).

Its weights never ship; it labels text for the student (Hinton et al., 2015).
"""

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertModel

from starter_sentiment_text.batches import buckets, padded
from starter_sentiment_text.sources import Sentence

WIDTH = 384


@dataclass(frozen=True)
class TeacherPlan:
    """How the teacher is fine-tuned; tokens count padded ones in one batch."""

    epochs: int = 4
    tokens: int = 900
    rate: float = 8e-5
    lexicon_share: float = 0.35
    seed: int = 1


class Teacher(nn.Module):
    """MiniLM, mean over the tokens, one linear layer to the logits."""

    def __init__(self, encoder: BertModel) -> None:
        super().__init__()
        self.encoder = encoder
        self.drop = nn.Dropout(0.1)
        self.head = nn.Linear(WIDTH, 3)

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Logits [B, 3], sentence vectors [B, 384] and token states [B, S, 384].

        Ids and mask are int64 [B, S].
        """
        states = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state.float()
        weights = mask.unsqueeze(-1).float()
        vector = (states * weights).sum(1) / weights.sum(1)
        return self.head(self.drop(vector)), vector, states


def load_teacher(folder: Path) -> Teacher:
    """MiniLM as published in ``folder`` under a new head."""
    return Teacher(BertModel.from_pretrained(folder, add_pooling_layer=False))


def fine_tune(
    teacher: Teacher,
    rows: Sequence[Sequence[int]],
    sentences: Sequence[Sentence],
    plan: TeacherPlan,
    report: Callable[[int, float], None],
) -> None:
    """Train all weights but the token embeddings; ``report`` gets epoch and mean loss."""
    chance = random.Random(plan.seed)
    for parameter in teacher.encoder.embeddings.parameters():
        parameter.requires_grad_(False)
    trained = [p for p in teacher.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=plan.rate, weight_decay=0.01, fused=True)
    epochs = [_epoch_batches(rows, sentences, plan, chance) for _ in range(plan.epochs)]
    schedule = _one_cycle(optimizer, sum(len(batches) for batches in epochs))
    for epoch, batches in enumerate(epochs):
        losses = [_step(teacher, optimizer, schedule, rows, sentences, b) for b in batches]
        report(epoch, sum(losses) / len(losses))


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
    schedule: torch.optim.lr_scheduler.LambdaLR,
    rows: Sequence[Sequence[int]],
    sentences: Sequence[Sentence],
    group: list[int],
) -> float:
    teacher.train()
    ids, mask = padded([rows[i] for i in group])
    target = torch.tensor([sentences[i].target for i in group])
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits, _, _ = teacher(ids, mask)
    loss = functional.cross_entropy(logits.float(), target)
    loss.backward()
    nn.utils.clip_grad_norm_(teacher.parameters(), 1.0)
    optimizer.step()
    schedule.step()
    optimizer.zero_grad()
    return loss.item()
