"""What the packs really said about faces, voices and sentences: the stuff of conversations."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from starter_fusion.vocabulary import NEGATIVE, POSITIVE, STATE_CLASSES


@dataclass(frozen=True)
class Reading:
    """One thing that a pack said about a part of a sample.

    Attributes:
        start: Seconds from the sample's start.
        end: Seconds; equals ``start`` for a picture.
        valence: In [-1, 1].
        confidence: In [0, 1].
        distribution: Probabilities by the pack's own names.
    """

    start: float
    end: float
    valence: float
    confidence: float
    distribution: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Sample:
    """A face, an utterance or a sentence with what its pack said.

    Attributes:
        states: Places in `STATES` that it can stand for.
        strong: Whether the feeling is strong; None where nobody said.
        seconds: How long it takes; 0 for a face.
        readings: In order of time; none where the pack found nothing to judge.
    """

    states: tuple[int, ...]
    strong: bool | None
    seconds: float
    readings: tuple[Reading, ...]


class Bank:
    """Samples of one modality, to be drawn by state."""

    def __init__(self, samples: Sequence[Sample]) -> None:
        self.samples = tuple(samples)
        self._by_state: dict[tuple[int, bool], list[Sample]] = {}
        for sample in samples:
            for state in sample.states:
                for strong in (True, False):
                    if sample.strong in (None, strong):
                        self._by_state.setdefault((state, strong), []).append(sample)

    def draw(self, state: int, strong: bool, rng: np.random.Generator) -> Sample:
        """Any sample that shows a state.

        Raises:
            KeyError: The bank has none.
        """
        fitting = self._by_state.get((state, strong)) or self._by_state[state, not strong]
        return fitting[rng.integers(len(fitting))]


@dataclass(frozen=True)
class Banks:
    """Samples of all modalities from one side of a split."""

    face: Bank
    voice: Bank
    words: Bank

    def divided(self, share: float, seed: int) -> tuple["Banks", "Banks"]:
        """Two sets of banks without a common sample; the second has about ``share`` of all."""
        rng = np.random.default_rng(seed)
        sides = [_divided(bank, share, rng) for bank in (self.face, self.voice, self.words)]
        return Banks(*(one for one, _ in sides)), Banks(*(two for _, two in sides))


def states_of_class(number: int) -> tuple[int, ...]:
    """The states that a sentence of a class can stand for."""
    return tuple(place for place, own in enumerate(STATE_CLASSES) if own == number)


def opposite(state: int, rng: np.random.Generator) -> int:
    """A state of the other sign, for who shows what they do not feel.

    Raises:
        ValueError: Neutral has no opposite.
    """
    if STATE_CLASSES[state] == NEGATIVE:
        return int(rng.choice(states_of_class(POSITIVE)))
    if STATE_CLASSES[state] == POSITIVE:
        return int(rng.choice(states_of_class(NEGATIVE)))
    raise ValueError("neutral has no opposite")


def jittered(reading: Reading, rng: np.random.Generator, spread: float) -> Reading:
    """The reading as it would be one frame later: the same but for a little noise."""
    logits = np.log(np.array([p for _, p in reading.distribution]) + 1e-6)
    noisy = np.exp(logits + spread * rng.standard_normal(len(logits)))
    noisy /= noisy.sum()
    named = tuple((name, float(p)) for (name, _), p in zip(reading.distribution, noisy, strict=True))
    valence = float(np.clip(reading.valence + 0.3 * spread * rng.standard_normal(), -1, 1))
    return replace(reading, distribution=named, confidence=float(noisy.max()), valence=valence)


def _divided(bank: Bank, share: float, rng: np.random.Generator) -> tuple[Bank, Bank]:
    """Two banks, each with every kind of sample that there are two of."""
    kinds: dict[tuple[tuple[int, ...], bool | None], list[Sample]] = {}
    for place in rng.permutation(len(bank.samples)).tolist():
        sample = bank.samples[place]
        kinds.setdefault((sample.states, sample.strong), []).append(sample)
    learn: list[Sample] = []
    held: list[Sample] = []
    for samples in kinds.values():
        count = max(1, round(share * len(samples))) if len(samples) > 1 else 0
        held += samples[:count]
        learn += samples[count:]
    return Bank(learn), Bank(held)
