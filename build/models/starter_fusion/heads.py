"""The two heads that fuse: message passing over a graph, and a recurrent network as its baseline.

Both take windows of moments, features [windows, moments, modalities, features], present [windows,
moments, modalities] and inside [windows, moments], and give valence, class logits, half the width
of the 80 % band, and the logit of a contradiction for each moment.
"""

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from starter_fusion.vocabulary import CLASSES


class Fused(NamedTuple):
    """What a head says about each moment.

    Attributes:
        valence: In [-1, 1], [windows, moments].
        logits: Of the three classes, [windows, moments, 3].
        half_width: Half the interval that holds the truth with 80 % chance, [windows, moments].
        contradiction: Logit, [windows, moments].
    """

    valence: Tensor
    logits: Tensor
    half_width: Tensor
    contradiction: Tensor


class Answers(nn.Module):
    """From a moment's state to `Fused`; ``scale`` and ``temperature`` are set by calibration."""

    scale: Tensor
    temperature: Tensor

    def __init__(self, width: int) -> None:
        super().__init__()
        self.hidden = nn.Linear(width, width)
        self.out = nn.Linear(width, len(CLASSES) + 3)
        self.register_buffer("scale", torch.ones(()))
        self.register_buffer("temperature", torch.ones(()))

    def forward(self, states: Tensor) -> Fused:
        """States, [windows, moments, width]."""
        said = self.out(F.relu(self.hidden(states)))
        return Fused(
            torch.tanh(said[..., 0]),
            said[..., 3:] / self.temperature,
            (F.softplus(said[..., 1]) + 0.01) * self.scale,
            said[..., 2],
        )


class GraphHead(nn.Module):
    """Message passing (Gilmer et al., 2017) over nodes (modality, moment) and a node per moment.

    In every round a node hears the nodes of its modality some moments before and after (farther
    from round to round), each other modality of its moment, and its moment's own node, which hears
    its neighbours in time and, by attention, the modalities of its moment. Nodes of modalities
    that are missing do not exist: they send and receive nothing.

    Args:
        modalities: Number of modalities.
        features: Number of features of a node.
        width: Size of a node's state.
        distances: How far the neighbours in time are in each round; their sum is the reach.
        dropout: Of messages, while training: a node can learn its samples by heart.
    """

    def __init__(
        self,
        modalities: int,
        features: int,
        width: int = 20,
        distances: tuple[int, ...] = (1, 2, 4, 8, 16, 32),
        dropout: float = 0.15,
    ) -> None:
        super().__init__()
        self.modalities, self.distances = modalities, distances
        self.entry = nn.Parameter(torch.randn(modalities, features, width) * features**-0.5)
        self.kind = nn.Parameter(torch.randn(modalities, width) * 0.1)
        self.start = nn.Parameter(torch.randn(width) * 0.1)
        self.rounds = nn.ModuleList(_Round(width, dropout) for _ in distances)
        self.answers = Answers(width)

    @property
    def reach(self) -> int:
        """Moments on either side that a result depends on."""
        return sum(self.distances)

    def forward(self, features: Tensor, present: Tensor, inside: Tensor) -> Fused:
        """See the module."""
        there = present[..., None]
        nodes = torch.einsum("btmf,mfd->btmd", features, self.entry) + self.kind
        nodes = F.relu(nodes) * there
        hub = self.start * inside[..., None]
        for number, distance in enumerate(self.distances):
            nodes, hub = self.rounds[number](nodes, hub, there, inside[..., None], distance)
        fused: Fused = self.answers(hub)
        return fused


class LstmHead(nn.Module):
    """A two-way LSTM over the moments, all modalities side by side.

    Args:
        modalities: Number of modalities.
        features: Number of features of each.
        width: Units in each direction.
    """

    def __init__(self, modalities: int, features: int, width: int = 40) -> None:
        super().__init__()
        self.entry = nn.Linear(modalities * (features + 1), width)
        self.recurrent = nn.LSTM(width, width, batch_first=True, bidirectional=True)
        self.answers = Answers(2 * width)

    def forward(self, features: Tensor, present: Tensor, inside: Tensor) -> Fused:
        """See the module."""
        heard = torch.cat([features * present[..., None], present[..., None]], dim=3).flatten(2)
        states, _ = self.recurrent(F.relu(self.entry(heard)) * inside[..., None])
        fused: Fused = self.answers(states)
        return fused


class _Round(nn.Module):
    """One exchange of messages."""

    def __init__(self, width: int, dropout: float) -> None:
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.node_norm, self.hub_norm = nn.LayerNorm(width), nn.LayerNorm(width)
        self.node_out, self.hub_out = nn.Linear(width, width), nn.Linear(width, width)
        self.node_self = nn.Linear(width, width)
        self.node_times = nn.Linear(2 * width, width, bias=False)
        self.node_hub = nn.Linear(width, width, bias=False)
        self.pair_from = nn.Linear(width, width)
        self.pair_to = nn.Linear(width, width, bias=False)
        self.pair_out = nn.Linear(width, width, bias=False)
        self.hub_self = nn.Linear(width, width)
        self.hub_times = nn.Linear(2 * width, width, bias=False)
        self.hub_values = nn.Linear(width, width, bias=False)
        self.attention = nn.Linear(width, 1)

    def forward(
        self, nodes: Tensor, hub: Tensor, there: Tensor, inside: Tensor, distance: int
    ) -> tuple[Tensor, Tensor]:
        """Nodes [w, t, m, d] and hubs [w, t, d], with what is there and what is inside."""
        seen, felt = self.node_norm(nodes) * there, self.hub_norm(hub) * inside
        heard = self.node_self(seen) + self.node_hub(felt)[:, :, None]
        heard = heard + self.node_times(_neighbours(seen, distance)) + self._pairs(seen, there)
        nodes = (nodes + self.node_out(self.dropout(F.relu(heard)))) * there
        told = self.hub_self(felt) + self.hub_times(_neighbours(felt, distance))
        told = told + self._gathered(nodes, there)
        return nodes, (hub + self.hub_out(self.dropout(F.relu(told)))) * inside

    def _pairs(self, nodes: Tensor, there: Tensor) -> Tensor:
        """What the other modalities of a moment send; what two send differs from what each does."""
        sent, got = self.pair_from(nodes), self.pair_to(nodes)
        count = nodes.shape[2]
        message = torch.zeros_like(nodes)
        for step in range(1, count):
            order = [(place + step) % count for place in range(count)]
            message = message + F.relu(got + sent[:, :, order]) * there[:, :, order]
        out: Tensor = self.pair_out(message)
        return out

    def _gathered(self, nodes: Tensor, there: Tensor) -> Tensor:
        """The modalities of a moment, each as far as it is attended to; evidence adds up."""
        weight = torch.sigmoid(self.attention(nodes)) * there
        total: Tensor = (weight * self.hub_values(nodes)).sum(2)
        return total


def _neighbours(states: Tensor, distance: int) -> Tensor:
    """States of the moments some way before and after, side by side; zeros beyond the window."""
    none = torch.zeros_like(states[:, :1]).repeat(1, distance, *[1] * (states.dim() - 2))
    padded = torch.cat([none, states, none], dim=1)
    return torch.cat([padded[:, : -2 * distance], padded[:, 2 * distance :]], dim=-1)
