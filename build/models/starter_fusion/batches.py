"""Conversations as tensors."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from starter_fusion.conversations import Conversation


@dataclass(frozen=True)
class Talks:
    """Many conversations, padded to the longest.

    Attributes:
        features: [talks, moments, modalities, features].
        present: [talks, moments, modalities].
        inside: [talks, moments].
        valence: [talks, moments].
        classes: Int64 [talks, moments].
        contradiction: [talks, moments].
    """

    features: Tensor
    present: Tensor
    inside: Tensor
    valence: Tensor
    classes: Tensor
    contradiction: Tensor

    def __len__(self) -> int:
        return len(self.inside)

    def rows(self, places: Tensor) -> "Talks":
        """Some of the conversations."""
        return Talks(*(value[places] for value in vars(self).values()))

    def without(self, modality: int) -> "Talks":
        """All conversations with one modality never there."""
        present = self.present.clone()
        present[:, :, modality] = 0
        return self.hearing(present)

    def hearing(self, present: Tensor) -> "Talks":
        """The same with less present; what is alone contradicts nobody."""
        contradiction = self.contradiction * (present.sum(2) > 1) * self._liar_heard(present)
        return Talks(self.features, present, self.inside, self.valence, self.classes, contradiction)

    def _liar_heard(self, present: Tensor) -> Tensor:
        """Where a modality was taken away nobody knows whether it was the one that contradicted."""
        return (present == self.present).all(2).float()

    @property
    def judged(self) -> Tensor:
        """Moments in which at least one modality is there."""
        return self.present.sum(2) > 0

    @property
    def comparable(self) -> Tensor:
        """Moments in which at least two are there."""
        return self.present.sum(2) > 1

    def batches(self, size: int, rng: np.random.Generator) -> Iterator["Talks"]:
        """All conversations once, in any order."""
        order = torch.from_numpy(rng.permutation(len(self)))
        for start in range(0, len(order), size):
            yield self.rows(order[start : start + size])


def together(talks: Sequence[Conversation]) -> Talks:
    """Pads conversations to one length."""
    longest = max(len(talk.valence) for talk in talks)

    def padded(values: Sequence[np.ndarray]) -> Tensor:
        widths = [[(0, longest - len(v))] + [(0, 0)] * (v.ndim - 1) for v in values]
        return torch.from_numpy(np.stack([np.pad(v, w) for v, w in zip(values, widths, strict=True)]))

    return Talks(
        padded([talk.arranged.features for talk in talks]),
        padded([talk.arranged.present for talk in talks]),
        padded([np.ones(len(talk.valence), np.float32) for talk in talks]),
        padded([talk.valence for talk in talks]),
        padded([talk.classes for talk in talks]),
        padded([talk.contradiction for talk in talks]),
    )
