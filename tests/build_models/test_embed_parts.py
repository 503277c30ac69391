"""Ranking, thresholds and the word list of the joint embedding; hand-computed cases."""

import numpy as np
import pytest

from starter_embed.everyday import Everyday, read_everyday
from starter_embed.ranking import recalls
from starter_embed.thresholds import choose_thresholds


def test_recalls_of_a_hand_computed_case() -> None:
    pictures = np.eye(3, dtype=np.float32)
    # Texts 0 and 1 belong to picture 0, 2 and 3 to 1, 4 and 5 to 2.
    texts = np.array(
        [[0.9, 0.1, 0], [0, 0.8, 0.6], [0.2, 0.7, 0.1], [0.1, 0.9, 0], [0.95, 0, 0.3], [0.5, 0.4, 0.2]],
        np.float32,
    )
    found = recalls(pictures, texts, [0, 0, 1, 1, 2, 2], (1, 2))
    # Picture 0 ranks text 4 (0.95) before its own best (0.9); picture 1 has 0.9 first; picture 2 ranks
    # text 1 (0.6) before its own best (0.3).
    assert found["i2t_r1"] == pytest.approx(100 / 3)
    assert found["i2t_r2"] == pytest.approx(100)
    # Texts 0, 2, 3 find their picture first; text 4 second; texts 1 and 5 third.
    assert found["t2i_r1"] == pytest.approx(50)
    assert found["t2i_r2"] == pytest.approx(400 / 6)


def test_a_threshold_is_the_lowest_that_keeps_the_precision() -> None:
    similarity = np.array([[0.9], [0.8], [0.7], [0.6], [0.5], [0.4], [0.3], [0.2], [0.1]], np.float32)
    true = np.array([[1], [1], [0], [1], [1], [1], [0], [0], [0]], bool)
    (chosen,) = choose_thresholds(similarity, true)
    # Up to 0.2 five of eight are right, which is enough; up to 0.1 five of nine are not.
    assert chosen.threshold == pytest.approx(0.15)
    assert chosen.precision == pytest.approx(5 / 8)
    assert chosen.recall == 1


def test_a_word_that_is_hardly_ever_right_gets_no_threshold() -> None:
    similarity = np.linspace(1, 0, 20, dtype=np.float32)[:, None]
    true = np.zeros((20, 1), bool)
    true[:4] = True
    assert choose_thresholds(similarity, true) == []


def test_words_are_found_whole_and_in_all_their_forms() -> None:
    dog = Everyday("dog", "狗", ("puppy", "dogs"))
    assert dog.named_in(["A Dog runs ."])
    assert dog.named_in(["nothing", "two puppy eyes"])
    assert not dog.named_in(["a hotdog stand", "dogged"])


def test_the_word_list_names_each_thing_once_in_both_languages() -> None:
    entries = read_everyday()
    assert len(entries) > 200
    assert (
        len({entry.english for entry in entries}) == len({entry.chinese for entry in entries}) == len(entries)
    )
    assert all(not entry.chinese.isascii() and entry.english.isascii() for entry in entries)
