"""Confidence that means what it says."""

from __future__ import annotations

import numpy as np
import pytest

from starter_caption.calibration import calibration_error, fit_platt


def test_platt_scaling_finds_the_curve_that_the_answers_were_drawn_from() -> None:
    random = np.random.default_rng(5)
    x = random.uniform(-2, 0, 40_000)
    right = (random.random(x.size) < 1 / (1 + np.exp(-(4.0 * x + 3.0)))).astype(np.float64)
    scale, offset = fit_platt(x, right)
    assert scale == pytest.approx(4.0, rel=0.05)
    assert offset == pytest.approx(3.0, rel=0.05)


def test_the_calibration_error_is_the_mean_gap_of_the_bins() -> None:
    confidence = np.array([0.95, 0.95, 0.15, 0.15])
    right = np.array([1.0, 0.0, 0.0, 0.0])
    assert calibration_error(confidence, right) == pytest.approx(0.5 * 0.45 + 0.5 * 0.15)


def test_a_model_that_knows_nothing_gets_the_share_of_right_ones() -> None:
    x = np.array([-1.0, -2.0, -1.0, -2.0])
    scale, offset = fit_platt(x, np.array([0.0, 1.0, 0.0, 0.0]))
    assert scale == pytest.approx(0.001)
    assert 1 / (1 + np.exp(-offset)) == pytest.approx(((2 / 3) + 3 * (1 / 5)) / 4)
