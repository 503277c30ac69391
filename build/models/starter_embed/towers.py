"""The two towers: cells of a picture to a unit vector, word pieces of a text to a unit vector."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from starter_sentiment_text.wordpieces import SPECIAL, UNKNOWN

CELLS = 49
CHANNELS = 1280
WIDTH = 256
TEACHER_WIDTH = 384
BLOCKED = -1e9
LEFT_OUT = -1e4


@dataclass(frozen=True)
class PictureShape:
    """Sizes of the picture tower.

    ``drop_channels`` and ``drop_cells`` leave channels and cells out of a whole picture: the
    encoder was trained on the same pictures and sees them clearer than it will see any other.
    """

    heads: int = 8
    head_width: int = 64
    drop_channels: float = 0.2
    drop_cells: float = 0.25
    drop: float = 0.4


@dataclass(frozen=True)
class TextShape:
    """Sizes of the text tower; ``pieces`` is the size of the vocabulary."""

    pieces: int
    embedding: int = 192
    states: int = 256
    heads: int = 4
    wide: int = 512
    drop_words: float = 0.1
    drop: float = 0.2


class PictureTower(nn.Module):
    """Attention pooling with several heads (Lee et al., 2019), then a linear layer.

    Each head looks at the cells with its own weights and keeps its own part of what it saw.
    Pooling comes before projecting: the same numbers for a forty-ninth of the work.
    """

    def __init__(self, shape: PictureShape, scale: Tensor) -> None:
        """Makes an untrained tower.

        Args:
            shape: Sizes.
            scale: Typical size of each channel, float32 [1280]; the grid is divided by it.
        """
        super().__init__()
        self.shape = shape
        self.scale: Tensor
        self.register_buffer("scale", scale)
        self.look = nn.Parameter(torch.randn(CHANNELS, shape.heads) * 0.1 * CHANNELS**-0.5)
        self.place = nn.Parameter(torch.zeros(CELLS, shape.heads))
        self.value = nn.Parameter(torch.randn(shape.heads, CHANNELS, shape.head_width) * CHANNELS**-0.5)
        self.joined = nn.Linear(shape.heads * shape.head_width, WIDTH)
        self.drop = nn.Dropout(shape.drop)

    def forward(self, grid: Tensor) -> Tensor:
        """Maps cells float [B, 49, 1280] (any precision) to unit vectors float32 [B, 256]."""
        gain = self._gain(len(grid))
        look = (gain.unsqueeze(-1) * self.look).to(grid.dtype)
        scores = torch.matmul(grid, look).float() + self.place + self._blocked(len(grid))
        weights = torch.softmax(scores, dim=1).to(grid.dtype)
        seen = torch.matmul(weights.transpose(1, 2), grid).float() * gain.unsqueeze(1)
        kept = torch.bmm(seen.transpose(0, 1), self.value).transpose(0, 1).flatten(1)
        return F.normalize(self.joined(self.drop(kept)), dim=-1)

    def _gain(self, batch: int) -> Tensor:
        """Factor of each channel [B, 1280] ([1, 1280] for inference); 0 leaves it out."""
        gain = (1 / self.scale).unsqueeze(0)
        if not self.training or not self.shape.drop_channels:
            return gain
        kept = 1 - self.shape.drop_channels
        return gain * torch.bernoulli(torch.full((batch, CHANNELS), kept)) / kept

    def _blocked(self, batch: int) -> Tensor:
        """What is added to the scores of cells [B, 49, 1]; large and negative leaves a cell out."""
        if not self.training or not self.shape.drop_cells:
            return torch.zeros(1)
        left_out = torch.rand(batch, CELLS, 1) < self.shape.drop_cells
        return left_out.float() * LEFT_OUT


class TeacherReader(nn.Module):
    """From the text teacher's sentence vectors to the joint space; trains the space, does not ship."""

    def __init__(self, wide: int = 512, drop: float = 0.2) -> None:
        super().__init__()
        self.straight = nn.Linear(TEACHER_WIDTH, WIDTH)
        self.wide = nn.Linear(TEACHER_WIDTH, wide)
        self.joined = nn.Linear(wide, WIDTH)
        self.drop = nn.Dropout(drop)

    def forward(self, vectors: Tensor) -> Tensor:
        """Maps unit vectors [B, 384] to unit vectors [B, 256]."""
        wide = self.drop(F.gelu(self.wide(vectors * TEACHER_WIDTH**0.5 / 4)))
        return F.normalize(self.straight(vectors) + self.joined(wide), dim=-1)


class TextTower(nn.Module):
    """Embeddings, a convolution over three pieces, attention pooling and a two-layer network.

    A convolutional sentence encoder (Kim, 2014) whose pooling is learned (Lin et al., 2017).
    """

    def __init__(self, shape: TextShape) -> None:
        super().__init__()
        self.shape = shape
        self.embedding = nn.Embedding(shape.pieces, shape.embedding, padding_idx=0)
        self.near = nn.Conv1d(shape.embedding, shape.states, 3, padding=1)
        self.alone = nn.Linear(shape.embedding, shape.states, bias=False)
        self.score = nn.Linear(shape.states, shape.heads)
        self.wide = nn.Linear(shape.states * shape.heads, shape.wide)
        self.joined = nn.Linear(shape.wide, WIDTH)
        self.drop = nn.Dropout(shape.drop)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Reads texts that are padded on the right.

        Args:
            ids: int64 [B, S].
            mask: int64 [B, S], 1 for tokens and 0 for padding.

        Returns:
            Unit vectors float32 [B, 256] of the joint space.
        """
        real = mask.unsqueeze(-1).float()
        words = self.drop(self.embedding(self._without_words(ids))) * real
        near = F.gelu(self.near(words.transpose(1, 2)).transpose(1, 2))
        states = self.alone(words) + near
        weights = torch.softmax(self.score(states) + (1 - real) * BLOCKED, dim=1)
        pooled = torch.matmul(weights.transpose(1, 2), states).flatten(1)
        wide = self.drop(F.gelu(self.wide(pooled)))
        return F.normalize(self.joined(wide), dim=-1)

    def _without_words(self, ids: Tensor) -> Tensor:
        """While training, some pieces become unknown ones."""
        if not self.training or not self.shape.drop_words:
            return ids
        dropped = (torch.rand(ids.shape) < self.shape.drop_words) & (ids >= len(SPECIAL))
        return torch.where(dropped, SPECIAL.index(UNKNOWN), ids)
