"""What the heads are compared with: one modality alone, and the mean of all that are there.

Each gets what the heads get, as far as it has a place for it: probabilities calibrated by a
temperature a modality, smoothing over time and the way from probabilities to valence, all chosen on
the held-out part of the training conversations.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from starter_fusion.batches import Talks
from starter_fusion.vocabulary import CLASS_WORDS, VOCABULARY

TEMPERATURES = (0.5, 0.7, 1.0, 1.4, 2.0, 2.8, 4.0)
WIDTHS = (0, 1, 2, 4, 6, 9, 13, 19, 27)
BEYOND = 1e-4


@dataclass(frozen=True)
class Mean:
    """The mean of calibrated class probabilities over modalities, smoothed over time.

    Attributes:
        modalities: Which count.
        temperatures: By modality.
        width: Standard deviation of the smoothing in moments; 0 is none.
        prior: Share of each class, for moments that no evidence reaches, [3].
        values: Valence of each class, [3].
        expected: Whether valence is the expectation over classes, or that of the likeliest.
    """

    modalities: tuple[int, ...]
    temperatures: tuple[float, ...]
    width: int
    prior: Tensor
    values: Tensor
    expected: bool

    def __call__(self, talks: Talks) -> tuple[Tensor, Tensor]:
        """Valence [talks, moments] and class probabilities [talks, moments, 3]."""
        total = torch.zeros(*talks.inside.shape, 3)
        weight = torch.zeros(*talks.inside.shape, 1)
        for place in self.modalities:
            there = talks.present[:, :, place, None]
            total += calibrated(talks, place, self.temperatures[place]) * there
            weight += there
        # Per moment a mean, so that a moment with three modalities counts as one with one does.
        total, weight = total / weight.clamp(min=1), (weight > 0).float()
        total, weight = smoothed(total * weight, self.width), smoothed(weight, self.width)
        chances = (total + BEYOND * self.prior) / (weight + BEYOND)
        if self.expected:
            return chances @ self.values, chances
        return self.values[chances.argmax(2)], chances


def fit_mean(talks: Talks, modalities: Sequence[int]) -> Mean:
    """The best mean of some modalities: temperatures first, then smoothing, then valence."""
    judged = talks.judged
    counts = torch.bincount(talks.classes[judged], minlength=3).float()
    values = torch.stack([talks.valence[judged & (talks.classes == c)].median() for c in range(3)])
    count = talks.present.shape[2]
    temperatures = tuple(
        fit_temperature(talks, place) if place in modalities else 1.0 for place in range(count)
    )
    candidates = [
        Mean(tuple(modalities), temperatures, width, counts / counts.sum(), values, expected)
        for width in WIDTHS
        for expected in (True, False)
    ]
    return max(candidates, key=lambda mean: _score(mean, talks))


def calibrated(talks: Talks, place: int, temperature: float) -> Tensor:
    """Class probabilities of one modality, [talks, moments, 3]."""
    features = talks.features[:, :, place]
    rows = [[VOCABULARY.index(word) for word in words] for words in CLASS_WORDS]
    chances = torch.stack([features[..., own].sum(-1) for own in rows], dim=-1) + 1e-4
    return torch.softmax(torch.log(chances) / temperature, dim=-1)


def fit_temperature(talks: Talks, place: int) -> float:
    """The temperature with the least cross-entropy where the modality is there."""
    there = talks.present[:, :, place] > 0
    truth = talks.classes[there]

    def loss(temperature: float) -> float:
        return float(F.nll_loss(calibrated(talks, place, temperature)[there].log(), truth))

    return min(TEMPERATURES, key=loss)


def smoothed(values: Tensor, width: int) -> Tensor:
    """A Gaussian over time, [talks, moments, channels]; beyond the ends there is nothing."""
    if not width:
        return values
    reach = 3 * width
    steps = torch.arange(-reach, reach + 1) / width
    kernel = torch.exp(-0.5 * steps**2)
    channels = values.shape[2]
    spread = F.conv1d(values.transpose(1, 2), kernel.repeat(channels, 1, 1), padding=reach, groups=channels)
    return spread.transpose(1, 2)


def _score(mean: Mean, talks: Talks) -> float:
    """Accuracy less valence error: what both are judged by."""
    valence, chances = mean(talks)
    judged = talks.judged
    accuracy = (chances.argmax(2) == talks.classes)[judged].float().mean()
    return float(accuracy - (valence - talks.valence).abs()[judged].mean())
