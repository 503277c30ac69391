"""The student: small embeddings, a convolution, a two-way LSTM and attention over its states.

The LSTM follows Hochreiter and Schmidhuber (1997), the pooling Yang et al. (2016), the
distillation of a transformer into it Tang et al. (2019). Beside it stand tables of hashed
neighbours, which know fixed phrases and Chinese words: one more embedding for each pair of tokens
(Joulin et al., 2017), and a sum of votes of all groups of one to three tokens, added to the LSTM's
logits (Cheng et al., 2016).
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

SPECIAL_SCORE = -1.0e4
PAD_SCORE = -1.0e9

# Hashing of neighbours; with ids below 2**15 nothing overflows 64 bits. The graph does the same.
HERE, BEFORE, TWO_BEFORE = 32003, 7919, 104729
BAG_FACTOR, BAG_SHIFT = 2654435, 17


@dataclass(frozen=True)
class StudentShape:
    """Sizes of the network.

    ``pieces`` is the size of the vocabulary, ``pairs`` and ``bag`` are rows of the hashed tables.
    """

    pieces: int
    embedding: int = 128
    hidden: int = 160
    heads: int = 4
    wide: int = 192
    pairs: int = 2**15
    pair_width: int = 64
    bag: int = 2**17
    teacher_width: int = 384
    teacher_states: int = 128


class Student(nn.Module):
    """Token ids to class logits, with the weight that each token had."""

    def __init__(self, shape: StudentShape) -> None:
        super().__init__()
        states = 2 * shape.hidden
        self.shape = shape
        self.embedding = nn.Embedding(shape.pieces, shape.embedding, padding_idx=0)
        self.pairs = nn.Embedding(shape.pairs, shape.pair_width)
        self.pair_words = nn.Linear(shape.pair_width, shape.embedding, bias=False)
        self.bag = nn.Embedding(shape.bag, 3)
        nn.init.normal_(self.pairs.weight, std=0.1)
        nn.init.zeros_(self.bag.weight)
        self.convolution = nn.Conv1d(shape.embedding, shape.embedding, 3, padding=1)
        self.forward_lstm = nn.LSTM(shape.embedding, shape.hidden, batch_first=True)
        self.backward_lstm = nn.LSTM(shape.embedding, shape.hidden, batch_first=True)
        self.score = nn.Sequential(nn.Linear(states, 64), nn.Tanh(), nn.Linear(64, shape.heads))
        self.wide = nn.Linear(states * shape.heads, shape.wide)
        self.head = nn.Linear(shape.wide, 3)
        self.teacher_view = nn.Linear(shape.wide, shape.teacher_width)
        self.state_view = nn.Linear(states, shape.teacher_states)
        self.drop_words = nn.Dropout1d(0.06)
        self.drop_groups = nn.Dropout1d(0.3)
        self.drop_features = nn.Dropout(0.2)
        self.drop = nn.Dropout(0.35)

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Classify a batch that is padded on the right.

        Args:
            ids: int64 [B, S].
            mask: int64 [B, S], 1 for tokens and 0 for padding.

        Returns:
            Logits float32 [B, 3], token weights float32 [B, S] that add up to 1 over the
            words of each text, and views float32 [B, 384] and [B, S, 128] to compare with the
            teacher's sentence vectors and token states.
        """
        pairs, triples = neighbours(ids)
        states = self._states(ids, pairs, mask)
        weights = torch.softmax(self.score(states).float() + _blocked(ids, mask), dim=1)
        pooled = torch.einsum("bsk,bsh->bkh", weights, states.float()).flatten(1)
        wide = torch.relu(self.wide(self.drop(pooled)))
        views = self.teacher_view(wide), self.state_view(states)
        logits = self.head(self.drop(wide)) + self._votes((ids, pairs, triples), mask)
        return logits, weights.mean(-1), *views

    def _votes(self, groups: tuple[Tensor, ...], mask: Tensor) -> Tensor:
        """Logits float32 [B, 3] that all groups of neighbours give together."""
        rows = [self.bag((group * BAG_FACTOR + BAG_SHIFT) % self.shape.bag) for group in groups]
        votes = self.drop_groups(torch.stack(rows).sum(0)) * mask.unsqueeze(-1)
        total: Tensor = votes.sum(1) / mask.sum(1, keepdim=True).float().sqrt()
        return total

    def _states(self, ids: Tensor, pairs: Tensor, mask: Tensor) -> Tensor:
        real = mask.unsqueeze(-1).float()
        near_pairs = self.drop_groups(self.pair_words(self.pairs(pairs % self.shape.pairs)))
        words = self.drop_features(self.drop_words(self.embedding(ids) + near_pairs)) * real
        near = self.convolution(words.transpose(1, 2)).transpose(1, 2)
        words = words + torch.relu(near)
        order = _reversal(mask)
        onward, _ = self.forward_lstm(words)
        back, _ = self.backward_lstm(_reordered(words, order))
        states = torch.cat([onward, _reordered(back, order)], dim=-1) * real
        dropped: Tensor = self.drop_features(states)
        return dropped


def neighbours(ids: Tensor) -> tuple[Tensor, Tensor]:
    """Numbers int64 [B, S] of each token with the one before it, and with the two before it.

    Before the first token stands id 0. What follows a token does not matter, so padding does not.
    """
    before, two_before = (functional.pad(ids, (n, -n)) for n in (1, 2))
    pairs = ids * HERE + before * BEFORE
    return pairs, pairs + two_before * TWO_BEFORE


def _blocked(ids: Tensor, mask: Tensor) -> Tensor:
    """Scores [B, S, 1] that keep [CLS], [SEP] (ids 2, 3) and padding out of the pooling.

    A text without words pools its two special tokens, whatever the padding.
    """
    special = ((ids == 2) | (ids == 3)).float() * SPECIAL_SCORE
    return (special + (1 - mask).float() * PAD_SCORE).unsqueeze(-1)


def _reversal(mask: Tensor) -> Tensor:
    """Places int64 [B, S] that turn each text around and leave its padding at the end."""
    places = torch.arange(mask.shape[1]).expand_as(mask)
    turned = mask.sum(1, keepdim=True) - 1 - places
    return torch.where(turned >= 0, turned, places)


def _reordered(values: Tensor, order: Tensor) -> Tensor:
    return values.gather(1, order.unsqueeze(-1).expand_as(values))
