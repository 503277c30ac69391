"""First half of the training: the joint space, from pictures and what the text teacher says.

The teacher reads each English caption once; a small network on top of its vectors stands for the
text tower. An epoch costs seconds, and the space gets a good language model's idea of English.
"""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from kit.averaging import AveragedWeights
from kit.checkpoint import load_checkpoint, save_checkpoint
from starter_embed.objective import hardest, info_nce, least_squares
from starter_embed.towers import PictureTower, TeacherReader

Grids = NDArray[np.float16]


@dataclass(frozen=True)
class SpacePlan:
    """How the space is trained.

    Attributes:
        epochs: Passes through the pictures; each shows one view of each.
        batch: Pictures of one step.
        captions: Captions of each picture in one step.
        rate: Largest learning rate.
        decay: Weight decay of matrices.
        hard: Weight of the hardest negatives.
        margin: Of the hinge on them.
        squares: The mission's least-squares form in place of InfoNCE.
        average: Decay of the averaged weights.
        seed: Of the order of pictures, views and captions.
    """

    epochs: int = 30
    batch: int = 500
    captions: int = 3
    rate: float = 1.5e-3
    decay: float = 0.05
    hard: float = 3.0
    margin: float = 0.2
    squares: bool = False
    average: float = 0.98
    seed: int = 1


@dataclass(frozen=True)
class SpaceLessons:
    """What the space is learned from.

    Attributes:
        views: For each view the cells of all pictures, float16 [N, 49, 1280], mapped from disk.
        taught: float32 [N, 5, 384], the teacher's vectors of the English captions.
        rows: Pictures of this run; others are held out.
    """

    views: list[Grids]
    taught: Tensor
    rows: NDArray[np.int64]


class Space(nn.Module):
    """Picture tower, reader of the teacher's vectors, learned temperature."""

    def __init__(self, picture: PictureTower) -> None:
        super().__init__()
        self.picture = picture
        self.reader = TeacherReader()
        self.log_scale = nn.Parameter(torch.tensor(math.log(20.0)))

    def scale(self) -> Tensor:
        """Inverse temperature, at most 100 as in CLIP."""
        return self.log_scale.exp().clamp(max=100.0)


class SpaceRun:
    """One run over `SpaceLessons`; goes on from its checkpoint."""

    def __init__(self, space: Space, lessons: SpaceLessons, plan: SpacePlan, file: Path | None) -> None:
        """Prepares a run.

        Args:
            space: Changed in place.
            lessons: What to learn.
            plan: How.
            file: Checkpoint, written after each epoch.
        """
        self.space, self.lessons, self.plan, self.file = space, lessons, plan, file
        self.chance = np.random.default_rng(plan.seed)
        self.average = AveragedWeights(space, plan.average)
        self.optimizer = torch.optim.AdamW(_groups(space, plan), lr=plan.rate, betas=(0.9, 0.98))
        self.steps = plan.epochs * max(1, len(lessons.rows) // plan.batch)
        self.schedule = torch.optim.lr_scheduler.LambdaLR(self.optimizer, self._factor)
        self.epoch = 0

    def resume(self) -> None:
        """Goes on from the checkpoint, if there is one."""
        state = load_checkpoint(self.file) if self.file else None
        if state is None:
            return
        self.space.load_state_dict(state["space"])
        self.average.load(state["average"], state["updates"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.schedule.load_state_dict(state["schedule"])
        self.epoch = state["epoch"]

    def train(self, report: Callable[[int, Space], None]) -> Space:
        """Runs all epochs; ``report`` gets the number of epochs done and the averaged network."""
        while self.epoch < self.plan.epochs:
            start, losses = time.monotonic(), [self._step(*part) for part in self._batches()]
            self.epoch += 1
            seconds = time.monotonic() - start
            mean, scale = sum(losses) / len(losses), float(self.space.scale().detach())
            print(f"space {self.epoch} loss {mean:.3f} scale {scale:.1f} {seconds:.0f} s", flush=True)
            self._save()
            report(self.epoch, self.averaged())
        return self.averaged()

    def averaged(self) -> Space:
        """A copy with the averaged weights, for inference."""
        copy = Space(PictureTower(self.space.picture.shape, self.space.picture.scale))
        copy.load_state_dict(self.average.average)
        return copy.eval()

    def _batches(self) -> Iterator[tuple[NDArray[np.int64], int]]:
        """Pictures (in the order of the file, which reads faster) and the view of each step."""
        self.chance = np.random.default_rng((self.plan.seed, self.epoch))
        order = self.chance.permutation(self.lessons.rows)
        size = min(self.plan.batch, len(order))
        for first in range(0, len(order) - size + 1, size):
            yield np.sort(order[first : first + size]), int(self.chance.integers(len(self.lessons.views)))

    def _step(self, rows: NDArray[np.int64], view: int) -> float:
        self.space.train()
        grid = torch.from_numpy(self.lessons.views[view][rows]).bfloat16()
        loss = self._matching(self.space.picture(grid), self._captions(rows))
        self.optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.space.parameters(), 5.0)
        self.optimizer.step()
        self.schedule.step()
        self.average.update(self.space)
        return float(loss.detach())

    def _captions(self, rows: NDArray[np.int64]) -> list[Tensor]:
        """Some captions of each picture as vectors of the space, a tensor [B, 256] each."""
        taught = self.lessons.taught[torch.from_numpy(rows)]
        some = self.chance.permuted(np.tile(np.arange(taught.shape[1]), (len(rows), 1)), axis=1)
        places = torch.arange(len(rows))
        return [
            self.space.reader(taught[places, torch.from_numpy(some[:, n].copy())])
            for n in range(self.plan.captions)
        ]

    def _matching(self, pictures: Tensor, texts: list[Tensor]) -> Tensor:
        plan, scale = self.plan, self.space.scale()
        if plan.squares:
            return torch.stack([least_squares(pictures, text) for text in texts]).mean()
        losses = [
            info_nce(pictures, text, scale) + plan.hard * hardest(pictures, text, plan.margin)
            for text in texts
        ]
        return torch.stack(losses).mean()

    def _factor(self, step: int) -> float:
        return warm_cosine(step, self.steps)

    def _save(self) -> None:
        if self.file is None:
            return
        state = {
            "space": self.space.state_dict(),
            "average": self.average.average,
            "updates": self.average.updates,
            "optimizer": self.optimizer.state_dict(),
            "schedule": self.schedule.state_dict(),
            "epoch": self.epoch,
        }
        save_checkpoint(self.file, state)


def warm_cosine(step: int, steps: int) -> float:
    """Factor of the learning rate: a tenth of the steps up, then half a cosine down to a fiftieth."""
    warm = min(1.0, (step + 1) / (0.1 * steps))
    return warm * (0.02 + 0.49 * (1 + math.cos(math.pi * min(1.0, step / steps))))


def channel_scale(views: list[Grids]) -> Tensor:
    """Typical size of each channel, float32 [1280], from some pictures as they are."""
    some = np.asarray(views[0][:: max(1, len(views[0]) // 300)]).astype(np.float32)
    return torch.from_numpy(some).square().mean((0, 1)).sqrt() + 0.02


@torch.inference_mode()
def picture_vectors(tower: PictureTower, grids: Grids) -> Tensor:
    """Unit vectors float32 [N, 256] of pictures."""
    parts = [
        tower.eval()(torch.from_numpy(np.array(grids[at : at + 250])).float())
        for at in range(0, len(grids), 250)
    ]
    return torch.cat(parts)


def _groups(space: Space, plan: SpacePlan) -> list[dict[str, object]]:
    """Matrices decay, the rest does not; the temperature moves ten times as fast."""
    wide = [p for p in space.parameters() if p.ndim > 1]
    narrow = [p for p in space.parameters() if p.ndim == 1]
    return [
        {"params": [space.log_scale], "lr": 10 * plan.rate, "weight_decay": 0.0},
        {"params": wide, "weight_decay": plan.decay},
        {"params": narrow, "weight_decay": 0.0},
    ]
