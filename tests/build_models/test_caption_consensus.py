"""Captions that agree with the others of their picture count for more."""

import numpy as np

from starter_caption.consensus import consensus_weights

DOGS = [["a", "dog", "runs", "on", "grass"], ["a", "dog", "runs", "fast"], ["two", "men", "sing"]]
CATS = [["a", "cat", "sleeps"], ["a", "cat", "sleeps"]]


def test_what_most_people_say_counts_for_more() -> None:
    dogs, cats = consensus_weights([DOGS, CATS], 3, 1.0)
    assert dogs[2] == 0
    assert dogs[0] > 1
    assert np.isclose(dogs.mean(), 1)
    np.testing.assert_allclose(cats, 1)


def test_a_share_of_the_weight_is_the_same_for_all() -> None:
    whole, half = (consensus_weights([DOGS, CATS], 3, share) for share in (1.0, 0.5))
    np.testing.assert_allclose(half, 0.5 + 0.5 * whole, rtol=1e-6)
    np.testing.assert_array_equal(consensus_weights([DOGS, CATS], 3, 0.0), 1)


def test_where_nothing_agrees_all_count_the_same() -> None:
    strangers = [["red"], ["blue"]]
    np.testing.assert_array_equal(consensus_weights([strangers, DOGS], 2, 1.0)[0], 1)


def test_missing_captions_repeat_the_first_ones_as_the_ids_do() -> None:
    (row,) = consensus_weights([DOGS], 4, 1.0)
    assert row[3] == row[0]
