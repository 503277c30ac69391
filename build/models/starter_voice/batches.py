"""Training batches: windows of random utterances, distorted as spectrograms while training.

Noise is added as power, which is right on average; the telephone band is a mask of mel bands; time
is stretched by interpolation; two utterances are mixed (mixup, Zhang et al., 2018) and stretches
of time and pitch are blanked (SpecAugment, Park et al., 2019).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from starter_voice.features import BANDS, HIGHEST, LOWEST, mel, normalised
from starter_voice.framing import FRAMES
from starter_voice.model import STEPS, STRIDE
from starter_voice.places import PLACES
from starter_voice.pool import Version
from starter_voice.sources import Clip


@dataclass(frozen=True)
class Augmentation:
    """Chances of each distortion; all 0 is none (for the ablation)."""

    stretch: float = 0.7
    noise: float = 0.5
    telephone: float = 0.2
    tilt: float = 0.5
    blanks: float = 0.8
    mix: float = 0.3
    nothing: float = 0.12

    @classmethod
    def none(cls) -> "Augmentation":
        """Utterances as they are; windows without speech stay, or that task cannot be learned."""
        return cls(**{field.name: 0.0 for field in fields(cls)} | {"nothing": cls.nothing})


@dataclass(frozen=True)
class Batch:
    """Windows with what is right about them.

    Attributes:
        features: Float32 [batch, FRAMES, BANDS].
        speech: Probability of speech in each step, [batch, STEPS].
        emotion: Probabilities, [batch, 8].
        place: Valence and arousal, [batch, 2].
        heard: 1 where the window holds an utterance at all, else 0: [batch].
    """

    features: Tensor
    speech: Tensor
    emotion: Tensor
    place: Tensor
    heard: Tensor


class Batches:
    """Draws batches for one member of the ensemble.

    Args:
        clips: The utterances; versions name them by place.
        pool: Versions of the utterances to learn from.
        noises: Log mel power of sounds without speech.
        augmentation: Chances.
        seed: Of everything drawn.
    """

    def __init__(
        self,
        clips: Sequence[Clip],
        pool: Sequence[Version],
        noises: Sequence[Tensor],
        augmentation: Augmentation,
        seed: int,
    ) -> None:
        self._clips, self._pool, self._noises = clips, pool, noises
        self._chances = augmentation
        self._rng = np.random.default_rng(seed)
        self._by_clip: dict[int, list[Version]] = {}
        for version in pool:
            self._by_clip.setdefault(version.clip, []).append(version)

    def epoch(self, size: int) -> Iterator[Batch]:
        """Every utterance once, in any version."""
        order = self._rng.permutation(list(self._by_clip))
        for start in range(0, len(order) - size // 2, size):
            yield self._batch([int(place) for place in order[start : start + size]])

    def _batch(self, places: Sequence[int]) -> Batch:
        drawn = [self._window(place) for place in places]
        power = torch.stack([one[0] for one in drawn])
        speech = torch.stack([one[1] for one in drawn])
        emotion = F.one_hot(torch.tensor([self._clips[p].emotion for p in places]), 8).float()
        strength = torch.tensor([1.0 if self._clips[p].strong else 0.75 for p in places])
        place = emotion @ torch.tensor(PLACES) * strength[:, None]
        heard = torch.tensor([one[2] for one in drawn])
        power, speech, emotion, place = self._mixed(power, speech, emotion, place, heard)
        features = self._blanked(normalised(power))
        return Batch(features, speech, emotion, place, heard)

    def _window(self, place: int) -> tuple[Tensor, Tensor, float]:
        """Power, speech by step, and whether there is an utterance."""
        if self._chance(self._chances.nothing):
            return self._shaped(self._noise()), torch.zeros(STEPS), 0.0
        versions = self._by_clip[place]
        version = versions[int(self._rng.integers(len(versions)))]
        power, speech = self._cut(*self._stretched(version))
        if self._chance(self._chances.noise):
            noise = self._noise()
            ratio = 10 ** (-self._rng.uniform(0, 30) / 10)
            power = power + noise * (ratio * power.mean() / (noise.mean() + 1e-9))
        return self._shaped(power), speech.reshape(STEPS, STRIDE).mean(1), 1.0

    def _stretched(self, version: Version) -> tuple[Tensor, Tensor]:
        power, speech = version.power.float(), version.speech.float()
        if not self._chance(self._chances.stretch):
            return power.exp(), speech
        both = torch.cat([power, speech[:, None]], dim=1).T[None]
        frames = int(len(power) * self._rng.uniform(0.82, 1.22))
        both = F.interpolate(both, size=frames, mode="linear")[0].T
        return both[:, :BANDS].exp(), both[:, BANDS]

    def _cut(self, power: Tensor, speech: Tensor) -> tuple[Tensor, Tensor]:
        """A window that reaches at most 0.6 s over either end; beyond lies the quietest tenth."""
        reach = 48
        quiet = power.sum(1).argsort()[: max(1, len(power) // 10)]
        edge = power[quiet[torch.arange(reach) % len(quiet)]]
        power, speech = torch.cat([edge, power, edge]), F.pad(speech, (reach, reach))
        if len(power) < FRAMES:
            short = FRAMES - len(power)
            power, speech = torch.cat([power, edge[:1].expand(short, -1)]), F.pad(speech, (0, short))
        start = int(self._rng.integers(len(power) - FRAMES + 1))
        return power[start : start + FRAMES], speech[start : start + FRAMES]

    def _noise(self) -> Tensor:
        noise = self._noises[int(self._rng.integers(len(self._noises)))]
        start = int(self._rng.integers(len(noise) - FRAMES + 1))
        return noise[start : start + FRAMES].float().exp()

    def _shaped(self, power: Tensor) -> Tensor:
        """Through a telephone, or a microphone with a tilted response."""
        if self._chance(self._chances.tilt):
            slope = torch.linspace(-1, 1, BANDS) * self._rng.uniform(-0.8, 0.8)
            power = power * torch.exp(slope)
        if self._chance(self._chances.telephone):
            low, high = self._rng.uniform(150, 400), self._rng.uniform(3000, 4000)
            power = power * telephone_mask(low, high)
        return power

    def _mixed(
        self, power: Tensor, speech: Tensor, emotion: Tensor, place: Tensor, heard: Tensor
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Mixup of windows that hold utterances; speech is where either speaks."""
        size = len(power)
        share = torch.tensor(self._rng.beta(0.4, 0.4, size), dtype=torch.float32)
        share = torch.where(torch.tensor(self._rng.random(size) < self._chances.mix), share, 1.0)
        other = torch.tensor(self._rng.permutation(size))
        share = torch.where((heard * heard[other]) > 0, share, 1.0)
        level = power.mean((1, 2), keepdim=True) + 1e-9
        weight = share[:, None, None]
        mixed = weight * power / level + (1 - weight) * (power / level)[other]
        both = torch.where(share[:, None] < 1, torch.maximum(speech, speech[other]), speech)
        one = share[:, None]
        return (
            mixed,
            both,
            one * emotion + (1 - one) * emotion[other],
            one * place + (1 - one) * place[other],
        )

    def _blanked(self, features: Tensor) -> Tensor:
        """Up to two bands of pitch and two of time are set to the mean."""
        if not self._chances.blanks:
            return features
        mean = features.mean((1, 2))
        for row in range(len(features)):
            for _ in range(2):
                if self._chance(self._chances.blanks):
                    width = int(self._rng.integers(1, 9))
                    start = int(self._rng.integers(BANDS - width))
                    features[row, :, start : start + width] = mean[row]
                if self._chance(self._chances.blanks):
                    width = int(self._rng.integers(2, 24))
                    start = int(self._rng.integers(FRAMES - width))
                    features[row, start : start + width] = mean[row]
        return features

    def _chance(self, probability: float) -> bool:
        return bool(self._rng.random() < probability)


def telephone_mask(low: float, high: float) -> Tensor:
    """How much of each mel band passes between two frequencies in Hz, [BANDS]."""
    edges = mel(torch.tensor([LOWEST, HIGHEST, low, high]))
    centres = torch.linspace(float(edges[0]), float(edges[1]), BANDS + 2)[1:-1]
    width = (edges[1] - edges[0]) / (BANDS + 1)
    passed = torch.sigmoid(6 * (centres - edges[2]) / width) * torch.sigmoid(6 * (edges[3] - centres) / width)
    return passed + 1e-6
