import numpy as np
import pytest

from metrics.classes import calibration_error, class_figures, f1_by_class

# Five samples of three classes; the last class is true once and never chosen.
CHANCES = np.array(
    [[0.9, 0.1, 0.0], [0.6, 0.4, 0.0], [0.2, 0.8, 0.0], [0.1, 0.9, 0.0], [0.3, 0.7, 0.0]], np.float64
)
LABELS = np.array([0, 2, 1, 1, 0])


def test_f1_of_each_class_of_a_hand_computed_case() -> None:
    # class 0: precision 1/2, recall 1/2; class 1: precision 2/3, recall 1; class 2: never chosen.
    assert f1_by_class(CHANCES.argmax(1), LABELS, 4) == pytest.approx([0.5, 0.8, 0.0, 0.0])


def test_averages_of_a_hand_computed_case() -> None:
    figures = class_figures(CHANCES, LABELS)
    assert figures["accuracy"] == pytest.approx(60.0)
    assert figures["macro_f1"] == pytest.approx(100 * (0.5 + 0.8 + 0.0) / 3)
    assert figures["weighted_f1"] == pytest.approx(100 * (2 * 0.5 + 2 * 0.8 + 1 * 0.0) / 5)


def test_the_calibration_error_is_the_mean_gap_of_the_bins() -> None:
    # Two bins: below one half nothing; above it 3 of 5 right at a mean confidence of 0.78.
    assert calibration_error(CHANCES, LABELS, bins=2) == pytest.approx(0.78 - 0.6)


def test_a_sure_and_right_classifier_is_calibrated() -> None:
    assert calibration_error(np.eye(3), np.arange(3)) == pytest.approx(0.0)
