"""What the heads are compared with: one modality alone, and the mean of all that are there.

Each gets what the heads get, as far as it has a place for it: probabilities calibrated by a
temperature a modality, smoothing over time, and the way from probabilities to valence, all chosen on
conversations that no head was trained on.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmdesk.tasks.moments import Arranged
from starter_fusion.conversations import Conversation
from starter_fusion.vocabulary import CLASS_WORDS, CLASSES, MODALITIES, VOCABULARY

TEMPERATURES = (0.5, 0.7, 1.0, 1.4, 2.0, 2.8, 4.0)
WIDTHS = (0, 1, 2, 4, 6, 9, 13, 19, 27)
BEYOND = 1e-4

Floats = NDArray[np.float64]

_ROWS = tuple([VOCABULARY.index(word) for word in words] for words in CLASS_WORDS)


@dataclass(frozen=True)
class Mean:
    """The mean of calibrated class probabilities over modalities, smoothed over time.

    Attributes:
        modalities: Places of those that count.
        temperatures: By modality, of all.
        width: Standard deviation of the smoothing in moments; 0 is none.
        prior: Share of each class, for moments that no evidence reaches.
        values: Valence of each class.
        expected: Whether valence is the expectation over classes, or that of the likeliest.
    """

    modalities: tuple[int, ...]
    temperatures: tuple[float, ...]
    width: int
    prior: tuple[float, ...]
    values: tuple[float, ...]
    expected: bool

    @classmethod
    def from_object(cls, fields: Mapping[str, Any]) -> "Mean":
        """From what `as_object` gave, read from JSON."""
        return cls(
            tuple(int(place) for place in fields["modalities"]),
            tuple(fields["temperatures"]),
            int(fields["width"]),
            tuple(fields["prior"]),
            tuple(fields["values"]),
            bool(fields["expected"]),
        )

    def as_object(self) -> dict[str, object]:
        """For JSON."""
        return asdict(self)

    def __call__(self, arranged: Arranged) -> tuple[Floats, Floats]:
        """Valence [moments] and class probabilities [moments, 3]."""
        there = arranged.present[:, self.modalities].astype(np.float64)
        each = [calibrated(arranged, place, self.temperatures[place]) for place in self.modalities]
        total = (np.stack(each, 1) * there[..., None]).sum(1)
        heard = there.sum(1)
        # Per moment a mean, so that a moment with three modalities counts as one with one does.
        total = smoothed(total / np.maximum(heard, 1)[:, None], self.width)
        weight = smoothed((heard > 0).astype(np.float64)[:, None], self.width)
        chances = (total + BEYOND * np.array(self.prior)) / (weight + BEYOND)
        values = np.array(self.values)
        return (chances @ values if self.expected else values[chances.argmax(1)]), chances


def fit_mean(talks: Sequence[Conversation], modalities: Sequence[int]) -> Mean:
    """The best mean of some modalities: temperatures first, then smoothing and valence."""
    judged = [talk.judged for talk in talks]
    classes = np.concatenate([t.classes[j] for t, j in zip(talks, judged, strict=True)])
    valence = np.concatenate([t.valence[j] for t, j in zip(talks, judged, strict=True)])
    prior = tuple(float((classes == number).mean()) for number in range(len(CLASSES)))
    values = tuple(float(np.median(valence[classes == number])) for number in range(len(CLASSES)))
    temperatures = tuple(
        fit_temperature(talks, place) if place in modalities else 1.0 for place in range(len(MODALITIES))
    )
    candidates = [
        Mean(tuple(modalities), temperatures, width, prior, values, expected)
        for width, expected in product(WIDTHS, (True, False))
    ]
    return max(candidates, key=lambda mean: _score(mean, talks))


def calibrated(arranged: Arranged, place: int, temperature: float) -> Floats:
    """Class probabilities of one modality, [moments, 3]."""
    features = arranged.features[:, place].astype(np.float64)
    chances = np.stack([features[:, rows].sum(1) for rows in _ROWS], 1) + 1e-4
    powered = chances ** (1 / temperature)
    result: Floats = powered / powered.sum(1, keepdims=True)
    return result


def fit_temperature(talks: Iterable[Conversation], place: int) -> float:
    """The temperature with the least cross-entropy where the modality is there."""
    parts = [(talk.arranged, talk.arranged.present[:, place] > 0, talk.classes) for talk in talks]

    def loss(temperature: float) -> float:
        said = [calibrated(one, place, temperature)[there] for one, there, _ in parts]
        truth = np.concatenate([classes[there] for _, there, classes in parts])
        return -float(np.log(np.concatenate(said)[np.arange(len(truth)), truth]).mean())

    return min(TEMPERATURES, key=loss)


def smoothed(values: Floats, width: int) -> Floats:
    """A Gaussian over time, [moments, channels]; beyond the ends there is nothing."""
    if not width:
        return values
    reach = 3 * width
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / width) ** 2)
    columns = [np.convolve(column, kernel)[reach : reach + len(column)] for column in values.T]
    return np.stack(columns, 1)


def _score(mean: Mean, talks: Sequence[Conversation]) -> float:
    """Accuracy less valence error: what both are judged by."""
    right, errors, count = 0.0, 0.0, 0
    for talk in talks:
        valence, chances = mean(talk.arranged)
        right += float((chances.argmax(1) == talk.classes)[talk.judged].sum())
        errors += float(np.abs(valence - talk.valence)[talk.judged].sum())
        count += int(talk.judged.sum())
    return (right - errors) / count
