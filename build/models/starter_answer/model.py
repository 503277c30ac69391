"""The network: an LSTM reads the question, attention looks where it asks, a classifier answers.

Attention over the cells of a picture's grid is that of Kazemi and Elqursh (2017, "Show, Ask, Attend,
and Answer"); the LSTM is that of Hochreiter and Schmidhuber (1997).
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

CELLS, CHANNELS = 49, 1280


@dataclass(frozen=True)
class Sizes:
    """Widths of the network.

    Attributes:
        vocabulary: Tokens.
        answers: Classes.
        embedding: Width of a token.
        question: Width of the LSTM.
        seen: Width of a cell.
        attention: Width of the attention's hidden layer.
        glimpses: Attention maps.
        joined: Width of the classifier's hidden layer.
        dropout: In training.
    """

    vocabulary: int
    answers: int
    embedding: int = 96
    question: int = 224
    seen: int = 256
    attention: int = 192
    glimpses: int = 2
    joined: int = 288
    dropout: float = 0.25


class AnswerModel(nn.Module):
    """Logits over all answers for questions about pictures."""

    def __init__(self, sizes: Sizes) -> None:
        """Builds the untrained network."""
        super().__init__()
        self.sizes = sizes
        joint = sizes.glimpses * sizes.seen
        self.words = nn.Embedding(sizes.vocabulary, sizes.embedding, padding_idx=0)
        self.reader = nn.LSTM(sizes.embedding, sizes.question, batch_first=True)
        self.see = nn.Linear(CHANNELS, sizes.seen)
        self.places = nn.Parameter(torch.zeros(CELLS, sizes.seen))
        self.look_cell = nn.Linear(sizes.seen, sizes.attention)
        self.look_question = nn.Linear(sizes.question, sizes.attention)
        self.look = nn.Linear(sizes.attention, sizes.glimpses)
        self.gate = nn.Linear(sizes.question, joint)
        self.join = nn.Linear(joint + sizes.question, sizes.joined)
        self.answer = nn.Linear(sizes.joined, sizes.answers)
        self.dropout = nn.Dropout(sizes.dropout)

    def forward(self, grid: Tensor, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Answers one question a picture.

        Args:
            grid: float32 [B, 49, 1280], values >= 0.
            input_ids: int64 [B, T].
            attention_mask: int64 [B, T], 1 for tokens; padding only behind them.

        Returns:
            Logits, float32 [B, answers].
        """
        return self.answer_about(self.seen(grid), self.read(input_ids, attention_mask))

    def seen(self, grid: Tensor) -> Tensor:
        """Cells, float32 [P, 49, seen]."""
        return torch.relu(self.see(self.dropout(grid)) + self.places)

    def read(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """The LSTM's state after the last token, float32 [B, question]; padding changes nothing."""
        states, _ = self.reader(self.dropout(self.words(input_ids)))
        last = attention_mask.sum(1, keepdim=True).sub(1).clamp(min=0)
        places = last[:, :, None].expand(-1, 1, self.sizes.question)
        return torch.gather(states, 1, places).squeeze(1)

    def answer_about(self, cells: Tensor, question: Tensor) -> Tensor:
        """Logits from cells [B, 49, seen] and questions [B, question]."""
        hidden = torch.tanh(self.look_cell(cells) + self.look_question(question)[:, None])
        weights = self.look(hidden).softmax(1)  # [B, 49, glimpses]
        attended = torch.matmul(weights.transpose(1, 2), cells).flatten(1)
        joint = attended * torch.sigmoid(self.gate(question))
        both = self.dropout(torch.cat([joint, question], 1))
        logits: Tensor = self.answer(self.dropout(torch.relu(self.join(both))))
        return logits
