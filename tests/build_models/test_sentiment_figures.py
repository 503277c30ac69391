import pytest

from starter_sentiment_text.evaluation import words_per_second
from starter_sentiment_text.figures import accuracy, binary_accuracy, largest, weighted_f1


def test_accuracy_counts_equal_pairs_in_percent() -> None:
    assert accuracy([0, 1, 2, 2], [0, 1, 1, 2]) == 75.0


def test_neutral_does_not_compete_in_the_binary_decision() -> None:
    distributions = [(0.3, 0.6, 0.1), (0.1, 0.6, 0.3), (0.5, 0.0, 0.5)]
    assert binary_accuracy(distributions, [0, 2, 2]) == pytest.approx(200 / 3)


def test_weighted_f1_of_a_hand_computed_case() -> None:
    # class 0: precision 1/2, recall 1/2, F1 1/2; class 1: 2/3, 2/2, F1 4/5; class 2: no hit, F1 0.
    chosen, labels = [0, 0, 1, 1, 1], [0, 2, 1, 1, 0]
    assert weighted_f1(chosen, labels) == pytest.approx(100 * (2 * 0.5 + 2 * 0.8 + 1 * 0.0) / 5)


def test_the_largest_probability_wins() -> None:
    assert largest((0.2, 0.5, 0.3)) == 1


def test_speed_counts_words_not_texts() -> None:
    seen: list[int] = []

    def scorer(texts: object) -> list[list[float]]:
        assert isinstance(texts, list)
        seen.append(len(texts))
        return [[1.0, 0.0, 0.0]] * len(texts)

    assert words_per_second(scorer, ["one two three"] * 70, runs=3) > 0
    assert seen == [64, 70, 70, 70]
