"""The mission's recurrent text decoder, for the comparison in RESULTS.md; no pack ships it.

An LSTM (Hochreiter and Schmidhuber, 1997) starts from the mean of what the encoder gives, as in "Show,
attend and tell" (Xu et al., 2015), and each of its outputs attends to the grid (Luong et al., 2015).
"""

from dataclasses import replace

import torch
from torch import Tensor, nn

from starter_caption.model import Attention, CaptionModel, KeyValue, Sizes

# Makes about as many weights as the Transformer's two layers have.
HIDDEN = 512


class LstmCaptionModel(CaptionModel):
    """`CaptionModel` with the same encoder and embeddings and an LSTM in place of its layers."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__(replace(sizes, layers=0))
        self.lstm = nn.LSTM(sizes.width, HIDDEN, batch_first=True)
        self.begin = nn.Linear(sizes.width, 2 * HIDDEN)
        self.narrow = nn.Linear(HIDDEN, sizes.width)
        self.query_norm = nn.LayerNorm(sizes.width)
        self.attention = Attention(sizes)

    def see(self, grid: Tensor) -> tuple[Tensor, list[KeyValue]]:
        """Tokens, and one layer's keys and values."""
        tokens, _ = super().see(grid)
        return tokens, [self.attention.keys_values(tokens)]

    def write(
        self, ids: Tensor, cross: list[KeyValue], past: list[KeyValue] | None = None
    ) -> tuple[Tensor, list[KeyValue]]:
        """Like `CaptionModel.write`; the past is the LSTM's state, [R, 1, 512] each."""
        state = self._begun(ids, cross[0]) if past is None else past[0]
        x = self.drop(self.embedding(ids) * self.sizes.width**0.5)
        with torch.autocast("cpu", enabled=False):
            h, c = (part.float().transpose(0, 1).contiguous() for part in state)
            y, (h, c) = self.lstm(x.float(), (h, c))
        y = self.drop(self.narrow(y))
        query = self.query_norm(y)
        folded = query.reshape(cross[0][0].shape[0], -1, query.shape[-1])
        seen = self.attention(folded, cross[0], None).reshape(y.shape)
        return self.decoder_norm(y + self.drop(seen)), [(h.transpose(0, 1), c.transpose(0, 1))]

    def _begun(self, ids: Tensor, cross: KeyValue) -> KeyValue:
        """The state before the first word, from the mean value of the picture's cells."""
        mean = cross[1].mean(2).flatten(1)
        state = self.begin(mean).repeat_interleave(len(ids) // len(mean), 0)
        h, c = state[:, None].tanh().chunk(2, dim=-1)
        return h, c
