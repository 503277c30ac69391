"""What faces, voices and words say, laid out on the moments of a recording for the fusion heads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mmdesk.events import Modality
from mmdesk.packs.fusion_spec import FusionSpec

# Valence, confidence, how long ago it began, how long it lasts.
_EXTRA = 4

Floats = NDArray[np.float32]
Times = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Observation:
    """What one modality said about a stretch of time.

    Attributes:
        modality: Face, voice or words.
        t0: Start, seconds of presentation time.
        t1: End, seconds; equals `t0` for a frame.
        valence: In [-1, 1].
        confidence: In [0, 1].
        distribution: Probabilities by the names that the modality's pack uses.
    """

    modality: Modality
    t0: float
    t1: float
    valence: float
    confidence: float
    distribution: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Arranged:
    """Observations on a regular grid of moments; moment k lasts from k / rate to (k + 1) / rate.

    Attributes:
        first: Number k of the first moment.
        features: Float32 [moments, modalities, features].
        present: Float32 [moments, modalities], 1 where the modality says something.
    """

    first: int
    features: Floats
    present: Floats

    def without(self, rows: Sequence[int]) -> Arranged:
        """The same with some modalities (by their place) unheard."""
        present = self.present.copy()
        present[:, list(rows)] = 0
        return replace(self, present=present)


def arrange(observations: Sequence[Observation], spec: FusionSpec) -> Arranged:
    """Lays observations out; any thread.

    A moment is given the observation of each modality that covers its middle, the one with the
    nearest middle where several do. A frame stands for `spec.hold` seconds on either side.
    Observations of modalities that the pack does not know are left out.

    Args:
        observations: In any order.
        spec: Of the pack.
    """
    known = [one for one in observations if one.modality in spec.modalities]
    first, count = _grid(known, spec)
    width = len(spec.emotions) + _EXTRA
    arranged = Arranged(
        first,
        np.zeros((count, len(spec.modalities), width), np.float32),
        np.zeros((count, len(spec.modalities)), np.float32),
    )
    for place, name in enumerate(spec.modalities):
        _lay([one for one in known if one.modality == name], place, arranged, spec)
    return arranged


def _grid(observations: Sequence[Observation], spec: FusionSpec) -> tuple[int, int]:
    """Number of the first moment, and how many there are."""
    if not observations:
        return 0, 0
    first = int(np.floor(min(one.t0 for one in observations) * spec.rate))
    end = int(np.floor(max(one.t1 for one in observations) * spec.rate)) + 1
    return first, end - first


def _lay(observations: Sequence[Observation], place: int, arranged: Arranged, spec: FusionSpec) -> None:
    if not observations:
        return
    t0 = np.array([one.t0 for one in observations])
    t1 = np.array([one.t1 for one in observations])
    moments, chosen = _covered(t0, t1, arranged, spec)
    since = (arranged.first + moments + 0.5) / spec.rate - t0[chosen]
    features = arranged.features[:, place]
    emotions = len(spec.emotions)
    features[moments, : emotions + 2] = _said(observations, spec)[chosen]
    features[moments, emotions + 2] = _squeezed(np.maximum(since, 0))
    features[moments, emotions + 3] = _squeezed((t1 - t0)[chosen])
    arranged.present[moments, place] = 1


def _covered(
    t0: Times, t1: Times, arranged: Arranged, spec: FusionSpec
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Moments that are covered, and which observation each is given."""
    hold = np.where(t1 > t0, 0.0, spec.hold)
    low = np.ceil((t0 - hold) * spec.rate - 0.5).astype(np.int64) - arranged.first
    high = np.floor((t1 + hold) * spec.rate - 0.5).astype(np.int64) - arranged.first
    low, high = np.maximum(low, 0), np.minimum(high, len(arranged.present) - 1)
    counts = np.maximum(high - low + 1, 0)
    which = np.repeat(np.arange(len(t0)), counts)
    within = np.arange(counts.sum()) - np.repeat(counts.cumsum() - counts, counts)
    moments = low[which] + within
    middle = (arranged.first + moments + 0.5) / spec.rate
    distance = np.abs(middle - (t0 + t1)[which] / 2)
    farthest_first = np.argsort(-distance, kind="stable")
    best = np.full(len(arranged.present), -1)
    # The last assignment stays: the nearest.
    best[moments[farthest_first]] = which[farthest_first]
    covered = np.flatnonzero(best >= 0)
    return covered, best[covered]


def _said(observations: Sequence[Observation], spec: FusionSpec) -> Floats:
    """Probabilities of the vocabulary, valence and confidence, [observations, emotions + 2]."""
    columns = {name: place for place, name in enumerate(spec.emotions)}
    columns |= {name: columns[known] for name, known in spec.aliases.items()}
    said = np.zeros((len(observations), len(spec.emotions) + 2), np.float32)
    for row, one in enumerate(observations):
        for name, probability in one.distribution:
            if (column := columns.get(name)) is not None:
                said[row, column] += probability
        said[row, -2:] = one.valence, one.confidence
    return said


def _squeezed(seconds: Times) -> Floats:
    return (seconds / (seconds + 1)).astype(np.float32)
