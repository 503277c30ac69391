"""From the grid of the picture encoder to a sentence.

One self-attention layer lets the cells of the 7 x 7 grid of ``starter-vision`` see each other. The
decoder is a pre-norm Transformer (Vaswani et al., 2017) with tied embeddings (Press and Wolf,
2017); the first token names the language. Keys and values of the cross-attention depend on
the picture alone, so they belong to the encoder's output and are computed once.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from kit.grids import CELLS, CHANNELS

# Added to the score of a token that may not be looked at; finite in every precision.
FORBIDDEN = -1e4

KeyValue = tuple[Tensor, Tensor]


@dataclass(frozen=True)
class Sizes:
    """Numbers that fix the network's shape."""

    vocabulary: int
    width: int = 256
    heads: int = 4
    inner: int = 768
    layers: int = 2
    longest: int = 32
    dropout: float = 0.15


class RowDropout(nn.Module):
    """Dropout with one mask for all positions of a row (Gal and Ghahramani, 2016).

    Besides regularising recurrently, it needs a fraction of the random numbers, which are
    what dropout costs on a CPU.
    """

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share

    def forward(self, x: Tensor) -> Tensor:
        """Zeroes features of [R, T, C], the same ones at all T positions."""
        if not self.training or not self.share:
            return x
        mask = torch.rand(x.shape[0], 1, x.shape[2], device=x.device) >= self.share
        return x * (mask.to(x.dtype) / (1 - self.share))


class Attention(nn.Module):
    """Multi-head attention whose keys and values can be computed beforehand."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.heads = sizes.heads
        self.size = sizes.width // sizes.heads
        self.scale = self.size**-0.5
        self.query = nn.Linear(sizes.width, sizes.width)
        self.key_value = nn.Linear(sizes.width, 2 * sizes.width)
        self.out = nn.Linear(sizes.width, sizes.width)

    def split(self, x: Tensor) -> Tensor:
        """[B, T, width] -> [B, heads, T, width / heads]."""
        return x.reshape(*x.shape[:2], self.heads, self.size).transpose(1, 2)

    def keys_values(self, x: Tensor) -> KeyValue:
        """Keys and values of ``x``, each [B, heads, T, width / heads]."""
        key, value = self.key_value(x).chunk(2, dim=-1)
        return self.split(key), self.split(value)

    def forward(self, x: Tensor, kv: KeyValue, mask: Tensor | None) -> Tensor:
        """Attends from ``x`` [B, T, width] to the given keys and values.

        Written out: on a CPU the backward pass of torch's fused attention takes as long as
        the rest of a training step.
        """
        query = self.split(self.query(x)) * self.scale
        scores = query @ kv[0].transpose(-1, -2)
        if mask is not None:
            scores = scores + mask
        y = scores.softmax(-1).to(kv[1].dtype) @ kv[1]
        mixed: Tensor = self.out(y.transpose(1, 2).flatten(2))
        return mixed


def feed_forward(sizes: Sizes) -> nn.Sequential:
    """The position-wise part of a Transformer layer."""
    return nn.Sequential(
        nn.Linear(sizes.width, sizes.inner),
        nn.GELU(approximate="tanh"),
        RowDropout(sizes.dropout),
        nn.Linear(sizes.inner, sizes.width),
    )


class EncoderLayer(nn.Module):
    """Lets the cells of the grid see each other."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.attention_norm = nn.LayerNorm(sizes.width)
        self.attention = Attention(sizes)
        self.feed_norm = nn.LayerNorm(sizes.width)
        self.feed = feed_forward(sizes)
        self.drop = RowDropout(sizes.dropout)

    def forward(self, x: Tensor) -> Tensor:
        """Maps [B, 49, width] to the same shape."""
        normed = self.attention_norm(x)
        kv = self.attention.keys_values(normed)
        x = x + self.drop(self.attention(normed, kv, None))
        fed: Tensor = self.drop(self.feed(self.feed_norm(x)))
        return x + fed


class DecoderLayer(nn.Module):
    """Self-attention over the words so far, cross-attention to the picture, feed-forward."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.self_norm = nn.LayerNorm(sizes.width)
        self.self_attention = Attention(sizes)
        self.cross_norm = nn.LayerNorm(sizes.width)
        self.cross_attention = Attention(sizes)
        self.feed_norm = nn.LayerNorm(sizes.width)
        self.feed = feed_forward(sizes)
        self.drop = RowDropout(sizes.dropout)

    def forward(
        self, x: Tensor, past: KeyValue | None, cross: KeyValue, mask: Tensor
    ) -> tuple[Tensor, KeyValue]:
        """Runs the layer.

        Args:
            x: [R, T, width], where R is a multiple of the number of pictures B; rows of one
                picture are neighbours.
            past: Keys and values of earlier tokens, [R, heads, P, d], or ``None`` for none.
            cross: The picture's keys and values, [B, heads, 49, d].
            mask: [T, P + T], 0 where a token may look and very negative elsewhere.

        Returns:
            The new ``x`` and this layer's keys and values including the past.
        """
        normed = self.self_norm(x)
        present = self.self_attention.keys_values(normed)
        if past is not None:
            present = (torch.cat((past[0], present[0]), 2), torch.cat((past[1], present[1]), 2))
        x = x + self.drop(self.self_attention(normed, present, mask))
        # The captions of one picture share its keys: fold them into one long query.
        query = self.cross_norm(x)
        folded = query.reshape(cross[0].shape[0], -1, query.shape[-1])
        seen = self.cross_attention(folded, cross, None)
        x = x + self.drop(seen.reshape(x.shape))
        return x + self.drop(self.feed(self.feed_norm(x))), present


class CaptionModel(nn.Module):
    """Grid to sentence."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.sizes = sizes
        self.project = nn.Linear(CHANNELS, sizes.width)
        self.place = nn.Parameter(torch.zeros(CELLS, sizes.width))
        self.encoder = EncoderLayer(sizes)
        self.encoder_norm = nn.LayerNorm(sizes.width)
        self.embedding = nn.Embedding(sizes.vocabulary, sizes.width)
        self.position = nn.Embedding(sizes.longest, sizes.width)
        self.decoder = nn.ModuleList(DecoderLayer(sizes) for _ in range(sizes.layers))
        self.decoder_norm = nn.LayerNorm(sizes.width)
        self.bias = nn.Parameter(torch.zeros(sizes.vocabulary))
        self.drop = RowDropout(sizes.dropout)
        nn.init.normal_(self.embedding.weight, std=sizes.width**-0.5)
        nn.init.normal_(self.position.weight, std=0.02)
        nn.init.normal_(self.place, std=0.02)

    def layers(self) -> list[DecoderLayer]:
        """The decoder's layers, first to last."""
        return [layer for layer in self.decoder if isinstance(layer, DecoderLayer)]

    def see(self, grid: Tensor) -> tuple[Tensor, list[KeyValue]]:
        """Looks at pictures.

        Args:
            grid: Features >= 0 of the picture encoder, [B, 49, 1280].

        Returns:
            Tokens [B, 49, width] and the cross-attention's keys and values of each layer.
        """
        cells = self.drop(self.project(grid))
        tokens: Tensor = self.encoder_norm(self.encoder(cells + self.place))
        return tokens, [layer.cross_attention.keys_values(tokens) for layer in self.layers()]

    def write(
        self, ids: Tensor, cross: list[KeyValue], past: list[KeyValue] | None = None
    ) -> tuple[Tensor, list[KeyValue]]:
        """Runs the decoder over tokens.

        Args:
            ids: Token ids, int64 [R, T].
            cross: From `see`.
            past: Keys and values of earlier tokens of each layer.

        Returns:
            Hidden states [R, T, width] (see `logits`) and the keys and values so far.
        """
        start = 0 if past is None else past[0][0].shape[2]
        places = torch.arange(start, start + ids.shape[1], device=ids.device)
        seen = torch.arange(start + ids.shape[1], device=ids.device)
        mask = (seen[None, :] > places[:, None]).float() * FORBIDDEN
        scale = self.sizes.width**0.5
        x = self.drop(self.embedding(ids) * scale + self.position(places))
        present = []
        for index, layer in enumerate(self.layers()):
            x, kv = layer(x, None if past is None else past[index], cross[index], mask)
            present.append(kv)
        return self.decoder_norm(x), present

    def logits(self, hidden: Tensor) -> Tensor:
        """Scores of every token, [..., vocabulary]."""
        return F.linear(hidden, self.embedding.weight, self.bias)
