"""The head: the mean of the cells, then one linear layer; started by regression, then trained."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from starter_tags.material import Lessons

CHANNELS = 1280
CLASSES = 1000


@dataclass(frozen=True)
class HeadPlan:
    """How the head is trained.

    Attributes:
        ridge: Penalty of the regression, as a share of the mean square of a channel.
        epochs: At most so many passes; the best on validation is taken.
        batch: Pictures of one step.
        rate: Largest learning rate.
        drop: Share of channels left out.
        seed: Of the order and of what is left out.
    """

    ridge: float = 0.05
    epochs: int = 12
    batch: int = 256
    rate: float = 5e-4
    drop: float = 0.2
    seed: int = 1


class TagHead(nn.Module):
    """Cells float32 [B, 49, 1280] to logits [B, 1000]."""

    def __init__(self, drop: float = 0.0) -> None:
        super().__init__()
        self.classify = nn.Linear(CHANNELS, CLASSES)
        self.drop = nn.Dropout(drop)

    def forward(self, grid: Tensor) -> Tensor:
        """Logits float32 [B, 1000]."""
        return self.judge(grid.mean(1))

    def judge(self, pooled: Tensor) -> Tensor:
        """Logits of pooled grids [B, 1280]."""
        logits: Tensor = self.classify(self.drop(pooled))
        return logits


@torch.no_grad()
def regress(head: TagHead, lessons: Lessons, ridge: float) -> None:
    """Moves the head from where it is to the teacher's logits, by the least squares that stay near.

    The grids are not the teacher's own, so its classifier misreads them; the correction is a ridge
    regression on what it gets wrong (Hoerl and Kennard, 1970).

    Args:
        head: Starts as the teacher's classifier; changed in place.
        lessons: Pictures.
        ridge: See `HeadPlan`.
    """
    wrong = lessons.taught - head.judge(lessons.pooled)
    centre, offset = lessons.pooled.mean(0), wrong.mean(0)
    cells = lessons.pooled - centre
    inside = cells.T @ cells
    inside.diagonal().add_(ridge * inside.diagonal().mean())
    correction = torch.linalg.solve(inside, cells.T @ (wrong - offset)).T
    head.classify.weight.add_(correction)
    head.classify.bias.add_(offset - correction @ centre)


def train_head(
    head: TagHead, lessons: Lessons, plan: HeadPlan, score: Callable[[TagHead], float]
) -> list[float]:
    """Cross-entropy with the teacher's probabilities (Hinton et al., 2015); keeps the best weights.

    Args:
        head: Changed in place.
        lessons: Pictures.
        plan: How.
        score: Of a head on validation pictures, higher is better.

    Returns:
        The score before training and after each epoch.
    """
    torch.manual_seed(plan.seed)
    optimizer = torch.optim.AdamW(head.parameters(), lr=plan.rate, weight_decay=0.0)
    scores = [score(head.eval())]
    best = {name: value.clone() for name, value in head.state_dict().items()}
    for epoch in range(plan.epochs):
        for group in optimizer.param_groups:
            group["lr"] = plan.rate * 0.5 * (1 + math.cos(math.pi * epoch / plan.epochs))
        _epoch(head.train(), lessons, plan.batch, optimizer)
        scores.append(score(head.eval()))
        print(f"head {epoch + 1} validation {scores[-1]:.2f}", flush=True)
        if scores[-1] == max(scores):
            best = {name: value.clone() for name, value in head.state_dict().items()}
    head.load_state_dict(best)
    return scores


def _epoch(head: TagHead, lessons: Lessons, batch: int, optimizer: torch.optim.Optimizer) -> None:
    for rows in torch.randperm(len(lessons.pooled)).split(batch):
        logits = head.judge(lessons.pooled[rows])
        loss = F.cross_entropy(logits, lessons.taught[rows].softmax(-1))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
