"""Agreement, thresholds and names of the tags; hand-computed cases."""

from pathlib import Path

import numpy as np
import pytest

from starter_tags.agreement import agreement, calibration_error, lowest_threshold, shown_figures
from starter_tags.names import class_numbers, read_labels

SAID = np.array([[0.7, 0.2, 0.1, 0.0], [0.1, 0.6, 0.2, 0.1], [0.4, 0.3, 0.2, 0.1], [0.1, 0.1, 0.2, 0.6]])
TAUGHT = np.array([[0.6, 0.2, 0.1, 0.1], [0.2, 0.3, 0.4, 0.1], [0.1, 0.2, 0.3, 0.4], [0.0, 0.1, 0.2, 0.7]])


def test_agreement_of_a_hand_computed_case() -> None:
    found = agreement(SAID, TAUGHT)
    assert found["accuracy"] == 50  # rows 0 and 3
    assert found["confident_share"] == 50
    assert found["confident_accuracy"] == 100
    assert found["top3_accuracy"] == 75  # row 1's choice is the teacher's second, row 2's its fourth


def test_what_is_shown_counts_only_above_the_threshold() -> None:
    found = shown_figures(SAID, TAUGHT, 0.6)
    assert found["tagged_share"] == 75
    assert found["precision"] == pytest.approx(200 / 3)
    assert found["top3_precision"] == 100
    assert shown_figures(SAID, TAUGHT, 0.99)["precision"] == 0


def test_the_threshold_is_the_lowest_with_the_wanted_precision() -> None:
    # By confidence: 0.7 right, 0.6 wrong, 0.6 right, 0.4 wrong.
    assert lowest_threshold(SAID, TAUGHT, 0.6) == 0.6
    assert lowest_threshold(SAID, TAUGHT, 0.5) == 0.4
    assert lowest_threshold(1 - np.eye(4), np.eye(4), 0.9) == 1.0


def test_calibration_error_of_a_hand_computed_case() -> None:
    # Two at 0.95 of which one is right, two at 0.35 of which none is.
    error = calibration_error(np.array([0.95, 0.95, 0.35, 0.35]), np.array([True, False, False, False]))
    assert error == pytest.approx(0.5 * 0.45 + 0.5 * 0.35)


def test_a_thousand_classes_have_names_of_their_own_in_both_languages() -> None:
    labels = read_labels()
    assert {language: len(set(names)) for language, names in labels.items()} == {"en": 1000, "zh": 1000}
    assert labels["en"][0] == "tench"
    assert labels["zh"][999] == "卫生纸"
    # Nearly all Chinese names have no Latin letter; a few have one on purpose (T恤衫, CD播放机).
    assert sum(any(c.isascii() for c in name) for name in labels["zh"]) <= 5


def test_classes_of_another_set_are_found_by_their_words(tmp_path: Path) -> None:
    file = tmp_path / "labels.txt"
    file.write_text("background\ntench, Tinca tinca\ngoldfish, Carassius auratus\n", "utf-8")
    words = {"n1": "goldfish, Carassius auratus", "n2": "unicorn"}
    assert class_numbers(file, words) == {"n1": 1}
