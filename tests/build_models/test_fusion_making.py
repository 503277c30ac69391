"""What the fusion recipe is made of, as far as it needs no torch."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mmdesk.tasks.moments import Arranged
from starter_fusion.banks import Bank, Banks, Reading, Sample, opposite, states_of_class
from starter_fusion.baselines import Mean, fit_mean, smoothed
from starter_fusion.conversations import Conversation, Manner, conversations
from starter_fusion.declared import FEATURES, declared
from starter_fusion.scores import Judged, accuracy, area_under_curve, intervals, valence_mae
from starter_fusion.vocabulary import (
    CLASS_WORDS,
    NEGATIVE,
    NEUTRAL,
    POSITIVE,
    STATE_CLASSES,
    STATE_VALENCE,
    STATES,
    VOCABULARY,
)

SPEC = declared({"graph": 1, "lstm": 1}, 0.5)
TRUTHFUL = Manner(seconds=40.0, contradiction=0.0, away=0.0)
LYING = replace(TRUTHFUL, contradiction=1.0)


def sample(state: int, seconds: float, sure: float = 0.9) -> Sample:
    """A sample whose reading is right, and says so with some confidence."""
    others = (1 - sure) / (len(STATES) - 1)
    said = tuple((name, sure if place == state else others) for place, name in enumerate(STATES))
    return Sample((state,), None, seconds, (Reading(0.0, seconds, STATE_VALENCE[state], sure, said),))


def banks(seconds: float = 2.0) -> Banks:
    faces = Bank([sample(state, 0.0) for state in range(len(STATES)) for _ in range(4)])
    spoken = Bank([sample(state, seconds) for state in range(len(STATES)) for _ in range(4)])
    return Banks(faces, spoken, spoken)


def talks(manner: Manner, count: int = 6) -> list[Conversation]:
    return conversations(banks(), manner, SPEC, count, 5)


def shown(talk: Conversation, place: int) -> np.ndarray:
    """Sign of the class that a modality shows in each moment; 0 for neutral and nothing."""
    features = talk.arranged.features[:, place]
    rows = [[VOCABULARY.index(word) for word in words] for words in CLASS_WORDS]
    chances = np.stack([features[:, own].sum(1) for own in rows], 1)
    signs: np.ndarray = np.where(talk.arranged.present[:, place] > 0, chances.argmax(1) - 1, 0)
    return signs


def test_truthful_people_show_what_they_feel_and_never_contradict() -> None:
    for talk in talks(TRUTHFUL):
        assert not talk.contradiction.any()
        for place in range(3):
            there = talk.arranged.present[:, place] > 0
            # A frame stands for 0.6 s, so that a feeling that has just changed may still be shown.
            assert (shown(talk, place) == talk.classes - 1)[there].mean() > 0.85


def test_contradictions_are_labelled_where_another_modality_is_there() -> None:
    marked = 0
    for talk in talks(LYING):
        assert not talk.contradiction[talk.arranged.present.sum(1) < 2].any()
        signs = np.stack([shown(talk, place) for place in range(3)])
        against = (signs.max(0) > 0) & (signs.min(0) < 0)
        marked += int(talk.contradiction.sum())
        assert (against == (talk.contradiction > 0))[talk.arranged.present.sum(1) > 1].mean() > 0.8
    assert marked > 100


def test_the_truth_is_the_state_and_its_strength() -> None:
    for talk in talks(LYING, 3):
        assert (np.sign(talk.valence) == talk.classes - 1).all()
        strengths = {round(abs(v), 4) for v in talk.valence.tolist() if v}
        assert strengths <= {round(abs(v) * s, 4) for v in STATE_VALENCE for s in (0.75, 1.0)}


def test_conversations_repeat_with_their_seed() -> None:
    first, second = talks(LYING, 2), talks(LYING, 2)
    assert all(
        np.array_equal(a.arranged.features, b.arranged.features) for a, b in zip(first, second, strict=True)
    )
    assert first[0].arranged.features.shape[1:] == (3, FEATURES)


def test_division_shares_no_sample_and_keeps_every_state() -> None:
    learn, held = banks().divided(0.25, 1)
    for one, other in ((learn.face, held.face), (learn.words, held.words)):
        assert not {id(s) for s in one.samples} & {id(s) for s in other.samples}
        assert {s.states for s in one.samples} == {s.states for s in other.samples}


def test_the_opposite_has_the_other_sign() -> None:
    rng = np.random.default_rng(1)
    for state, own in enumerate(STATE_CLASSES):
        if own != NEUTRAL:
            assert STATE_CLASSES[opposite(state, rng)] == NEGATIVE + POSITIVE - own
    with pytest.raises(ValueError, match="neutral"):
        opposite(STATES.index("neutral"), rng)
    assert [STATES[place] for place in states_of_class(POSITIVE)] == ["happy"]


def test_the_mean_of_right_modalities_is_right() -> None:
    made = talks(TRUTHFUL)
    mean = fit_mean(made, (0, 1, 2))
    assert Mean.from_object(mean.as_object()) == mean
    for talk in made:
        _, chances = mean(talk.arranged)
        assert (chances.argmax(1) == talk.classes)[talk.judged].mean() > 0.85


def test_the_mean_of_nothing_is_what_is_usual() -> None:
    mean = Mean((0, 1, 2), (1.0, 1.0, 1.0), 2, (0.5, 0.3, 0.2), (-0.6, 0.0, 0.8), True)
    nothing = Arranged(0, np.zeros((9, 3, FEATURES), np.float32), np.zeros((9, 3), np.float32))
    valence, chances = mean(nothing)
    assert chances[4] == pytest.approx([0.5, 0.3, 0.2])
    assert valence[4] == pytest.approx(-0.14)


def test_smoothing_keeps_the_sum_and_spreads() -> None:
    peak = np.zeros((41, 1))
    peak[20] = 1
    spread = smoothed(peak, 2)
    assert spread[20] == spread.max()
    assert spread[18] == pytest.approx(np.exp(-0.5))
    assert np.array_equal(smoothed(peak, 0), peak)


def test_area_under_a_hand_counted_curve() -> None:
    truth = np.array([True, False, True, False])
    assert area_under_curve(np.array([0.9, 0.8, 0.7, 0.1]), truth) == pytest.approx(0.75)
    assert area_under_curve(np.array([0.5, 0.5, 0.5, 0.5]), truth) == pytest.approx(0.5)
    with pytest.raises(ValueError, match="both kinds"):
        area_under_curve(np.array([0.5]), np.array([True]))


def test_scores_and_paired_intervals() -> None:
    truth, classes = np.array([0.8, -0.6, 0.0]), np.array([2, 0, 1])
    right = Judged(truth, classes, truth, classes)
    wrong = Judged(truth + 0.3, np.array([2, 0, 0]), truth, classes)
    assert accuracy([right, wrong]) == pytest.approx(100 * 5 / 6)
    assert valence_mae([right, wrong]) == pytest.approx(0.15)
    found = intervals([right] * 8, {"other": [wrong] * 8})
    assert found["accuracy_over_other"] == pytest.approx((100 / 3, 100 / 3))
    assert found["valence_mae_under_other"] == pytest.approx((0.3, 0.3))
