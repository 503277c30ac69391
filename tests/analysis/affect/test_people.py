"""Faces are followed, told apart, and known again."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mmdesk.analysis.affect.people import Box, People, Sighting, likeness, look_of, overlap

RED, BLUE, GREEN = (200, 40, 40), (40, 40, 200), (40, 200, 40)


def frame(*people: tuple[Box, tuple[int, int, int]]) -> NDArray[np.uint8]:
    """A grey frame, with a face and clothes of one colour for each person."""
    rgb = np.full((360, 640, 3), 128, np.uint8)
    for (x, y, width, height), shirt in people:
        left, top, right = round(x * 640), round(y * 360), round((x + width) * 640)
        bottom = round((y + height) * 360)
        rgb[top:bottom, left:right] = (220, 180, 150)
        rgb[bottom : bottom + (bottom - top) * 2, max(0, left - 40) : right + 40] = shirt
    return rgb


def seen(*people: tuple[Box, tuple[int, int, int]]) -> list[Sighting]:
    """The sightings of such a frame."""
    rgb = frame(*people)
    return [Sighting(box, look_of(rgb, box)) for box, _ in people]


def at(x: float) -> Box:
    """A face of a fixed size."""
    return x, 0.2, 0.1, 0.2


def test_a_face_that_moves_a_little_stays_the_same_person() -> None:
    people = People()
    numbers = [people.follow(k * 0.2, seen((at(0.2 + 0.02 * k), RED))) for k in range(10)]
    assert numbers == [[1]] * 10


def test_two_people_keep_their_numbers_in_whatever_order_they_are_found() -> None:
    people = People()
    assert people.follow(0.0, seen((at(0.1), RED), (at(0.6), BLUE))) == [1, 2]
    assert people.follow(0.2, seen((at(0.61), BLUE), (at(0.11), RED))) == [2, 1]


def test_who_leaves_and_returns_is_known_again() -> None:
    people = People()
    people.follow(0.0, seen((at(0.1), RED)))
    for k in range(1, 30):
        people.follow(k * 0.2, [])
    assert people.follow(6.0, seen((at(0.7), RED))) == [1]


def test_somebody_else_at_the_same_place_after_a_while_is_new() -> None:
    people = People()
    people.follow(0.0, seen((at(0.1), RED)))
    assert people.follow(5.0, seen((at(0.1), BLUE))) == [2]


def test_two_faces_of_one_frame_are_never_one_person() -> None:
    people = People()
    people.follow(0.0, seen((at(0.1), RED)))
    assert sorted(people.follow(0.2, seen((at(0.1), RED), (at(0.13), RED)))) == [1, 2]


def test_forty_faces() -> None:
    people = People()
    boxes: list[Box] = [((k % 10) * 0.1, (k // 10) * 0.25, 0.05, 0.1) for k in range(40)]
    first = people.follow(0.0, seen(*((box, GREEN) for box in boxes)))
    assert first == list(range(1, 41))
    assert people.follow(0.2, seen(*((box, GREEN) for box in reversed(boxes)))) == first[::-1]


def test_overlap() -> None:
    assert overlap((0, 0, 2, 2), (1, 0, 2, 2)) == 2 / 6
    assert overlap((0, 0, 1, 1), (1, 0, 1, 1)) == 0


def test_look_at_the_border_and_of_nothing() -> None:
    rgb = frame((at(0.1), RED))
    inside = look_of(rgb, (0.95, 0.95, 0.1, 0.1))
    assert np.isclose(inside.sum(), 1)
    assert look_of(rgb, (2.0, 2.0, 0.1, 0.1)).sum() == 0
    assert np.isclose(likeness(inside, inside), 1, atol=1e-6)
