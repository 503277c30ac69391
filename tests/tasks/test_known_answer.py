"""Known answers: patterns make the tensors that they name, and any difference is one."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from mmdesk.packs.graphs import Expected, InputPattern, Pattern
from mmdesk.tasks.known_answer import difference, made


def test_patterns_make_the_tensors_that_they_name() -> None:
    ramp = made(InputPattern(Pattern.RAMP, (2, 3), "float32", -1.0, 1.0))
    np.testing.assert_allclose(ramp, [[-1, -0.6, -0.2], [0.2, 0.6, 1]], rtol=1e-6)
    assert ramp.dtype == np.float32
    counted = made(InputPattern(Pattern.RAMP_INT, (5,), "int64", low=3, modulus=2))
    assert counted.tolist() == [3, 4, 3, 4, 3]
    assert counted.dtype == np.int64
    assert made(InputPattern(Pattern.ONES, (2,), "bool")).tolist() == [True, True]
    assert made(InputPattern(Pattern.ZEROS, (1, 0, 2), "float32")).shape == (1, 0, 2)
    written = made(InputPattern(Pattern.VALUES, (2, 1), "int64", values=(7.0, 8.0)))
    assert written.tolist() == [[7], [8]]


OUTPUT = np.array([[1.0, 2.0], [3.0, 100.0]], np.float32)


RIGHT = Expected((2, 2), (1.0, 2.0, 3.0, 100.0), 26.5, float(OUTPUT.std()))


def test_the_right_answer_has_no_difference() -> None:
    assert difference(OUTPUT, RIGHT, 1e-4) == ""


def test_small_values_are_compared_absolutely_and_large_ones_relatively() -> None:
    assert difference(OUTPUT, replace(RIGHT, first=(1.0, 2.0, 3.0, 100.9)), 0.01) == ""
    assert difference(OUTPUT, replace(RIGHT, first=(1.02, 2.0, 3.0, 100.0)), 0.01)


@pytest.mark.parametrize(
    "wrong",
    [
        replace(RIGHT, shape=(4,)),
        replace(RIGHT, first=(1.0, 2.5)),
        replace(RIGHT, mean=27.5),
        replace(RIGHT, std=1.0),
        replace(RIGHT, first=(math.nan,)),
    ],
)
def test_every_difference_is_found(wrong: Expected) -> None:
    assert difference(OUTPUT, wrong, 1e-3)


def test_a_result_that_is_not_a_number_is_a_difference() -> None:
    broken = OUTPUT.copy()
    broken[1, 1] = np.nan
    assert difference(broken, replace(RIGHT, first=(1.0,)), 1.0)
