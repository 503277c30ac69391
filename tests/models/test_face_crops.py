"""Pictures for the detector and crops for the reader."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmdesk.models.boxes import areas, best_of_each, overlaps
from mmdesk.models.face_crops import aligned, detail, fitted, similarity

TEMPLATE = [(0.3, 0.35), (0.7, 0.35), (0.5, 0.55), (0.35, 0.75), (0.65, 0.75)]


def test_small_pictures_are_only_filled_up() -> None:
    rgb = np.random.default_rng(1).integers(0, 256, (33, 50, 3), np.uint8)
    filled, factor = fitted(rgb, 640, 32)
    assert (filled.shape, factor) == ((64, 64, 3), 1.0)
    np.testing.assert_array_equal(filled[:33, :50], rgb)
    assert not filled[33:].any()
    assert not filled[:, 50:].any()


def test_large_pictures_are_shrunk_by_averaging() -> None:
    rgb = np.zeros((100, 1280, 3), np.uint8)
    rgb[:, ::2] = 200
    shrunk, factor = fitted(rgb, 640, 32)
    assert (shrunk.shape, factor) == ((64, 640, 3), 0.5)
    assert (shrunk[:50] == 100).all()


@given(angle=st.floats(-3, 3), scale=st.floats(0.1, 20), x=st.floats(-500, 500), y=st.floats(-500, 500))
def test_a_similarity_is_found_again(angle: float, scale: float, x: float, y: float) -> None:
    turn = scale * np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    moved = [tuple(turn @ point + (x, y)) for point in np.array(TEMPLATE)]
    matrix = similarity(moved, TEMPLATE)
    back = np.array(moved) @ matrix[:, :2].T + matrix[:, 2]
    np.testing.assert_allclose(back, TEMPLATE, atol=1e-6)


def test_points_in_one_place_have_no_direction() -> None:
    with pytest.raises(ValueError, match="direction"):
        similarity([(3.0, 4.0)] * 5, TEMPLATE)


def test_an_upright_face_of_the_crops_size_is_cut_out() -> None:
    rgb = np.random.default_rng(2).integers(0, 256, (100, 120, 1)).repeat(3, axis=2).astype(np.uint8)
    points = [(20 + 48 * x, 30 + 48 * y) for x, y in TEMPLATE]
    crop = aligned(rgb, points, TEMPLATE, 48)
    np.testing.assert_allclose(crop, rgb[30:78, 20:68, 0], atol=1.0)


def test_a_large_face_is_averaged() -> None:
    small = np.random.default_rng(3).integers(0, 256, (48, 48, 1)).repeat(3, axis=2).astype(np.uint8)
    large = small.repeat(4, axis=0).repeat(4, axis=1)
    crop = aligned(large, [(192 * x, 192 * y) for x, y in TEMPLATE], TEMPLATE, 48)
    np.testing.assert_allclose(crop[2:-2, 2:-2], small[2:-2, 2:-2, 0], atol=1.5)


def test_a_face_upside_down_is_turned_upright() -> None:
    rgb = np.zeros((96, 96, 3), np.uint8)
    rgb[:48] = 200
    points = [(96 - 96 * x, 96 - 96 * y) for x, y in TEMPLATE]
    crop = aligned(rgb, points, TEMPLATE, 48)
    assert crop[:20].max() < 5
    assert crop[28:].min() > 195


def test_blur_takes_detail_away() -> None:
    sharp = np.random.default_rng(4).uniform(0, 255, (48, 48)).astype(np.float32)
    total = sharp + np.roll(sharp, 1, 0) + np.roll(sharp, 1, 1) + np.roll(sharp, (1, 1), (0, 1))
    blurred = (total / 4).astype(np.float32)
    assert detail(sharp) > 1.5 * detail(blurred) > 0
    assert detail(np.full((48, 48), 7, np.float32)) == 0


def test_overlap_is_shared_by_joint_area() -> None:
    boxes = np.array([[0, 0, 2, 2], [1, 1, 3, 3], [5, 5, 6, 6]], np.float32)
    assert areas(boxes).tolist() == [4, 4, 1]
    np.testing.assert_allclose(overlaps(boxes[:1], boxes), [[1, 1 / 7, 0]], rtol=1e-6)


def test_of_overlapping_boxes_the_best_stays() -> None:
    boxes = np.array([[0, 0, 10, 10], [1, 0, 11, 10], [20, 20, 30, 30], [2, 0, 12, 10]], np.float32)
    scores = np.array([0.6, 0.9, 0.5, 0.7], np.float32)
    assert best_of_each(boxes, scores, 0.3).tolist() == [1, 2]
    assert best_of_each(np.empty((0, 4), np.float32), np.empty(0, np.float32), 0.3).tolist() == []
