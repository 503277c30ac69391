"""Who is who: faces followed from moment to moment, and known again when they come back.

A face is the person whose face was at nearly the same place a moment ago (intersection over union,
as in SORT, Bewley et al., ICIP 2016, without its motion model: moments are 0.2 s apart). A face
that appears is the one that looks most like it (colours of face and clothes) among those who have
left, else somebody new. No biometric template is made: twins in one shirt are one person, and
somebody who changes clothes is two, which is why the window lets lanes be merged.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Box = tuple[float, float, float, float]
Look = NDArray[np.float32]

# A face that was last seen longer ago than this is looked for by its colours only, seconds.
_RECENT = 1.0
# Overlap from which a face is taken for the one that was there before.
_OVERLAP = 0.25
# Likeness (Bhattacharyya coefficient, in [0, 1]) from which a face that appears is somebody known.
_ALIKE = 0.86
# How much the newest look counts in what is remembered of a person.
_FORGETTING = 0.1
_LEVELS = 4


@dataclass(frozen=True, slots=True)
class Sighting:
    """A face at a moment.

    Attributes:
        box: x, y, width, height in fractions of the frame.
        look: From `look_of`.
    """

    box: Box
    look: Look


@dataclass
class _Person:
    number: int
    t: float
    box: Box
    look: Look


_Score = Callable[[_Person, Sighting], float]


class People:
    """Everybody seen so far in one film. Feed it moments in the order of time; one thread."""

    def __init__(self) -> None:
        """Knows nobody yet."""
        self._people: list[_Person] = []

    def follow(self, t: float, sightings: Sequence[Sighting]) -> list[int]:
        """Tells who the faces of a moment are.

        Args:
            t: Presentation time, seconds; never less than before.
            sightings: The faces of one frame.

        Returns:
            A number per face, from 1 in the order of first appearance; no two faces of a frame are
            one person.
        """
        found: dict[int, _Person] = {}
        self._match(found, sightings, lambda person, face: self._nearness(person, face, t), _OVERLAP)
        self._match(found, sightings, lambda person, face: likeness(person.look, face.look), _ALIKE)
        for place, face in enumerate(sightings):
            person = found.get(place)
            if person is None:
                found[place] = self._meet(t, face)
            else:
                _remember(person, t, face)
        return [found[place].number for place in range(len(sightings))]

    def _match(
        self, found: dict[int, _Person], faces: Sequence[Sighting], score: _Score, enough: float
    ) -> None:
        """Joins faces and people, the best pair first; equal pairs in the order of their numbers."""
        taken = {person.number for person in found.values()}
        pairs = [
            (-score(person, face), person.number, place, person)
            for place, face in enumerate(faces)
            if place not in found
            for person in self._people
            if person.number not in taken
        ]
        for negative, number, place, person in sorted(pairs, key=lambda pair: pair[:3]):
            if -negative < enough:
                return
            if place not in found and number not in taken:
                found[place] = person
                taken.add(number)

    @staticmethod
    def _nearness(person: _Person, face: Sighting, t: float) -> float:
        return overlap(person.box, face.box) if t - person.t <= _RECENT else 0.0

    def _meet(self, t: float, face: Sighting) -> _Person:
        person = _Person(len(self._people) + 1, t, face.box, face.look.copy())
        self._people.append(person)
        return person


def overlap(one: Box, other: Box) -> float:
    """Intersection over union of two boxes, in [0, 1]."""
    width = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    height = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    return shared / (one[2] * one[3] + other[2] * other[3] - shared)


def likeness(one: Look, other: Look) -> float:
    """Bhattacharyya coefficient of two looks, in [0, 1]."""
    return float(np.sqrt(one * other).sum())


def look_of(rgb: NDArray[np.uint8], box: Box) -> Look:
    """The colours of a face and of the clothes below it.

    Args:
        rgb: The frame, uint8 [H, W, 3].
        box: x, y, width, height in fractions of it.

    Returns:
        float32 [128], two histograms of 64 colours, adding up to 1 together.
    """
    x, y, width, height = box
    clothes = (x - width / 2, y + 1.2 * height, 2 * width, height)
    face = _histogram(_cut(rgb, box))
    below = _histogram(_cut(rgb, clothes))
    both = np.concatenate([face, below]).astype(np.float32)
    total = both.sum()
    result: Look = both / total if total > 0 else both
    return result


def _cut(rgb: NDArray[np.uint8], box: Box) -> NDArray[np.uint8]:
    rows, columns = rgb.shape[:2]
    x0, y0 = max(0, round(box[0] * columns)), max(0, round(box[1] * rows))
    x1, y1 = min(columns, round((box[0] + box[2]) * columns)), min(rows, round((box[1] + box[3]) * rows))
    return rgb[y0 : max(y0, y1), x0 : max(x0, x1)]


def _histogram(pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Shares of the 64 colours; all zero where there is no pixel."""
    if not pixels.size:
        return np.zeros(_LEVELS**3)
    levels = (pixels.reshape(-1, 3) // (256 // _LEVELS)).astype(np.int64)
    names = (levels[:, 0] * _LEVELS + levels[:, 1]) * _LEVELS + levels[:, 2]
    return np.bincount(names, minlength=_LEVELS**3) / len(names)


def _remember(person: _Person, t: float, face: Sighting) -> None:
    person.t, person.box = t, face.box
    person.look = (1 - _FORGETTING) * person.look + _FORGETTING * face.look
