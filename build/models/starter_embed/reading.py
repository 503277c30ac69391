"""Second half of the training: the text tower learns to put texts where they belong in the space.

The pictures' vectors are fixed by now, a few numbers each, so every text is compared with thousands
of pictures at once. English captions also learn where the teacher puts them (distillation: Hinton
et al., 2015), Chinese ones where it puts the English captions of the same picture.
"""

import math
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from kit.averaging import AveragedWeights
from kit.checkpoint import load_checkpoint, save_checkpoint
from starter_embed.lessons import Captions, Words, trimmed
from starter_embed.objective import distance
from starter_embed.space import warm_cosine
from starter_embed.towers import TextTower


@dataclass(frozen=True)
class ReadingPlan:
    """How the text tower is trained.

    Attributes:
        epochs: Passes through the pictures.
        batch: Pictures of one step, each with some captions.
        captions: By language, captions of each picture in one step.
        rate: Largest learning rate.
        decay: Weight decay of matrices.
        teacher: Weight of the distance from the aims.
        hard: Weight of the hardest wrong pictures.
        margin: Of the hinge on them.
        words: Words of one step.
        others: Pictures that texts are compared with beside those of the step.
        average: Decay of the averaged weights.
        seed: Of the order of pictures, views and captions.
    """

    epochs: int = 20
    batch: int = 250
    english: int = 2
    chinese: int = 2
    rate: float = 2e-3
    decay: float = 0.02
    teacher: float = 6.0
    hard: float = 3.0
    margin: float = 0.2
    words: int = 100
    others: int = 1750
    average: float = 0.995
    seed: int = 1


@dataclass(frozen=True)
class ReadingLessons:
    """What the text tower learns from.

    Attributes:
        pictures: For each view the vectors of all pictures, float32 [V, N, 256].
        scale: Inverse temperature of the space.
        captions: By language.
        words: Words outside the captions that keep the tower general.
        rows: Pictures of this run; others are held out.
    """

    pictures: Tensor
    scale: float
    captions: Mapping[str, Captions]
    words: Words
    rows: NDArray[np.int64]


class ReadingRun:
    """One run over `ReadingLessons`; goes on from its checkpoint."""

    def __init__(
        self, tower: TextTower, lessons: ReadingLessons, plan: ReadingPlan, file: Path | None
    ) -> None:
        """Prepares a run.

        Args:
            tower: Changed in place.
            lessons: What to learn.
            plan: How.
            file: Checkpoint, written after each epoch.
        """
        self.tower, self.lessons, self.plan, self.file = tower, lessons, plan, file
        self.chance = np.random.default_rng(plan.seed)
        self.average = AveragedWeights(tower, plan.average)
        self.optimizer = torch.optim.AdamW(_groups(tower, plan), lr=plan.rate, betas=(0.9, 0.98), fused=True)
        self.steps = plan.epochs * max(1, len(lessons.rows) // plan.batch)
        self.schedule = torch.optim.lr_scheduler.LambdaLR(
            self.optimizer, lambda step: warm_cosine(step, self.steps)
        )
        self.epoch = 0

    def resume(self) -> None:
        """Goes on from the checkpoint, if there is one."""
        state = load_checkpoint(self.file) if self.file else None
        if state is None:
            return
        self.tower.load_state_dict(state["tower"])
        self.average.load(state["average"], state["updates"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.schedule.load_state_dict(state["schedule"])
        self.epoch = state["epoch"]

    def train(self, report: Callable[[int, TextTower], None]) -> TextTower:
        """Runs all epochs; ``report`` gets the number of epochs done and the averaged tower."""
        while self.epoch < self.plan.epochs:
            start, losses = time.monotonic(), [self._step(rows) for rows in self._batches()]
            self.epoch += 1
            mean, seconds = sum(losses) / len(losses), time.monotonic() - start
            print(f"reading {self.epoch} loss {mean:.3f} {seconds:.0f} s", flush=True)
            self._save()
            report(self.epoch, self.averaged())
        return self.averaged()

    def averaged(self) -> TextTower:
        """A copy with the averaged weights, for inference."""
        copy = TextTower(self.tower.shape)
        copy.load_state_dict(self.average.average)
        return copy.eval()

    def _batches(self) -> Iterator[NDArray[np.int64]]:
        self.chance = np.random.default_rng((self.plan.seed, self.epoch))
        order = self.chance.permutation(self.lessons.rows)
        size = min(self.plan.batch, len(order))
        for first in range(0, len(order) - size + 1, size):
            yield order[first : first + size]

    def _step(self, rows: NDArray[np.int64]) -> float:
        self.tower.train()
        texts, aims = self._texts(rows)
        vectors = self.tower(*trimmed(texts))
        owners = torch.from_numpy(np.tile(rows, (len(texts) - self.plan.words) // len(rows)))
        loss = self.plan.teacher * distance(vectors, aims)
        loss = loss + self._finding(vectors[: len(owners)], owners)
        self.optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.tower.parameters(), 5.0)
        self.optimizer.step()
        self.schedule.step()
        self.average.update(self.tower)
        return float(loss.detach())

    def _texts(self, rows: NDArray[np.int64]) -> tuple[Tensor, Tensor]:
        """Token ids and aims: captions of the pictures, caption after caption, then words."""
        shown = []
        counts = {"en": self.plan.english, "zh": self.plan.chinese}
        places = torch.from_numpy(rows)
        for language, count in counts.items():
            captions = self.lessons.captions[language]
            for _ in range(count):
                which = torch.from_numpy(self.chance.integers(captions.ids.shape[1], size=len(rows)))
                shown.append((captions.ids[places, which], captions.aims[places, which]))
        few = torch.from_numpy(self.chance.integers(len(self.lessons.words.ids), size=self.plan.words))
        shown.append((self.lessons.words.ids[few], self.lessons.words.aims[few]))
        width = max(ids.shape[1] for ids, _ in shown)
        ids = [F.pad(ids, (0, width - ids.shape[1])) for ids, _ in shown]
        return torch.cat(ids), torch.cat([aims for _, aims in shown])

    def _finding(self, vectors: Tensor, owners: Tensor) -> Tensor:
        """How well texts find their pictures among many, and pictures their texts among those here."""
        view = self.lessons.pictures[int(self.chance.integers(len(self.lessons.pictures)))]
        size = len(owners) // (self.plan.english + self.plan.chinese)
        rows = self._candidates(owners[:size])
        texts = self._ranking(vectors @ view[rows].T, torch.searchsorted(rows, owners))
        pictures = [
            self._ranking(view[own] @ block.T, torch.arange(size))
            for own, block in zip(owners.split(size), vectors.split(size), strict=True)
        ]
        return texts + torch.stack(pictures).mean()

    def _candidates(self, owners: Tensor) -> Tensor:
        """The pictures of the step and others of the run, in order."""
        others = self.chance.permutation(self.lessons.rows)[: self.plan.others]
        both = np.unique(np.concatenate([owners.numpy(), others]))
        return torch.from_numpy(both)

    def _ranking(self, scores: Tensor, target: Tensor) -> Tensor:
        """InfoNCE and hinge on the hardest wrong answer of questions in rows [Q, A]."""
        found = F.cross_entropy(self.lessons.scale * scores, target)
        own = scores.gather(1, target[:, None])
        others = scores.scatter(1, target[:, None], -math.inf)
        hinge = (self.plan.margin + others.max(1).values - own.squeeze(1)).clamp(min=0).mean()
        return found + self.plan.hard * hinge

    def _save(self) -> None:
        if self.file is None:
            return
        state = {
            "tower": self.tower.state_dict(),
            "average": self.average.average,
            "updates": self.average.updates,
            "optimizer": self.optimizer.state_dict(),
            "schedule": self.schedule.state_dict(),
            "epoch": self.epoch,
        }
        save_checkpoint(self.file, state)


@torch.inference_mode()
def text_vectors(tower: TextTower, ids: Tensor) -> Tensor:
    """Unit vectors float32 [N, 256] of token ids int64 [N, S]."""
    tower.eval()
    return torch.cat([tower(*trimmed(ids[at : at + 500])) for at in range(0, len(ids), 500)])


def _groups(tower: TextTower, plan: ReadingPlan) -> list[dict[str, object]]:
    """Matrices decay; the table of pieces, of which most rows rest, and vectors do not."""
    names = dict(tower.named_parameters())
    wide = [p for name, p in names.items() if p.ndim > 1 and name != "embedding.weight"]
    others = [p for name, p in names.items() if p.ndim == 1 or name == "embedding.weight"]
    return [{"params": wide, "weight_decay": plan.decay}, {"params": others, "weight_decay": 0.0}]
