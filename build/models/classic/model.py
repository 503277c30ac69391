"""The network of the mission's example, and the same with one branch taken away."""

from enum import StrEnum

import torch
from torch import Tensor, nn

SIDE = 64
FILTERS, KERNEL, POOL = 64, 3, 4
EMBEDDING, READER, JOINED = 32, 128, 128
FLAT = FILTERS * ((SIDE - KERNEL + 1) // POOL) ** 2


class Branches(StrEnum):
    """Which branches are joined before the softmax."""

    BOTH = "both"
    QUESTION = "question"
    PICTURE = "picture"


class ClassicModel(nn.Module):
    """Embedding -> LSTM(128) beside Conv 64 3x3 -> pool -> flatten; joined; softmax.

    The branches are joined by their product and both of them: a sum of what picture and question say
    on their own cannot answer "is there a red shape?".

    Args:
        vocabulary: Tokens, 0 for padding.
        answers: Classes.
        branches: Those that are joined.
    """

    def __init__(self, vocabulary: int, answers: int, branches: Branches) -> None:
        super().__init__()
        self.branches = branches
        self.words = nn.Embedding(vocabulary, EMBEDDING, padding_idx=0)
        self.reader = nn.LSTM(EMBEDDING, READER, batch_first=True)
        self.filters = nn.Conv2d(3, FILTERS, KERNEL)
        self.pool = nn.MaxPool2d(POOL)
        # Without the normalisation thousands of positive inputs that move together saturate the layer.
        self.flat = nn.Sequential(nn.Linear(FLAT, READER), nn.LayerNorm(READER), nn.ReLU())
        self.join = nn.Linear(3 * READER if branches is Branches.BOTH else READER, JOINED)
        self.answer = nn.Linear(JOINED, answers)

    def forward(self, pixels: Tensor, input_ids: Tensor, owner: Tensor) -> Tensor:
        """Answers questions.

        Args:
            pixels: float32 [P, 3, 64, 64] in [-0.5, 0.5].
            input_ids: int64 [Q, T], 0 for padding behind the words.
            owner: int64 [Q], the row of each question's picture.

        Returns:
            Logits, float32 [Q, answers]; their softmax is the answer.
        """
        parts = []
        if self.branches is not Branches.QUESTION:
            parts.append(self._seen(pixels)[owner])
        if self.branches is not Branches.PICTURE:
            parts.append(self._read(input_ids))
        if self.branches is Branches.BOTH:
            parts.append(parts[0] * parts[1])
        logits: Tensor = self.answer(torch.relu(self.join(torch.cat(parts, 1))))
        return logits

    def _seen(self, pixels: Tensor) -> Tensor:
        pooled = self.pool(torch.relu(self.filters(pixels)))
        seen: Tensor = self.flat(pooled.flatten(1))
        return seen

    def _read(self, input_ids: Tensor) -> Tensor:
        states, _ = self.reader(self.words(input_ids))
        last = (input_ids != 0).sum(1, keepdim=True).sub(1).clamp(min=0)
        return torch.gather(states, 1, last[:, :, None].expand(-1, 1, READER)).squeeze(1)
