"""Search follows transformers' rules, and no picture feels the others beside it."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mmdesk.control import Control
from mmdesk.errors import Cancelled
from mmdesk.models.generation import (
    Floats,
    Hypothesis,
    Ids,
    Settings,
    Start,
    generate,
    log_softmax,
)

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "generation.json").read_text("utf-8"))


@dataclass
class Table:
    """A decoder whose logits are looked up by picture, place and last token; its state is the texts.

    The state is used as a kv cache is: what `reorder` mixes up shows in the logits.
    """

    logits: NDArray[np.float32]
    steps: int = 0

    def start(self, prompt: int = 0) -> Start[Ids]:
        pictures = np.arange(len(self.logits))[:, None]
        return Start(np.full((len(pictures), 1), prompt), pictures)

    def step(self, ids: Ids, state: Ids, control: Control | None) -> tuple[Floats, Ids]:
        if control:
            control.checkpoint()
        self.steps += 1
        state = np.concatenate([state, ids], axis=1)
        place = state.shape[1] - 2
        return self.logits[state[:, 0], place, state[:, -1]], state

    def reorder(self, state: Ids, rows: Ids) -> Ids:
        return state[rows]


def table(seed: int, pictures: int = 1, places: int = 4, vocabulary: int = 4) -> Table:
    random = np.random.default_rng(seed)
    return Table(random.normal(0, 1.5, (pictures, places, vocabulary, vocabulary)).astype(np.float32))


def best_by_trying_all(decoder: Table, picture: int, settings: Settings) -> Hypothesis:
    """The text with the best score among all that there are."""
    vocabulary = decoder.logits.shape[-1]
    log_probabilities = log_softmax(decoder.logits[picture]).astype(np.float64)
    found = []
    words = [token for token in range(vocabulary) if token != settings.end_id]
    for length in range(settings.max_new_tokens + 1):
        for text in itertools.product(words, repeat=length):
            ended = length < settings.max_new_tokens
            tokens = (*text, settings.end_id) if ended else text
            before = (0, *tokens[:-1])
            total = sum(
                log_probabilities[n, a, b] for n, (a, b) in enumerate(zip(before, tokens, strict=True))
            )
            score = total / len(tokens) ** settings.length_penalty
            found.append(Hypothesis(text, ended, float(total), float(score)))
    return max(found, key=lambda hypothesis: hypothesis.score)


@given(st.integers(0, 10_000), st.sampled_from([0.0, 0.7, 1.0, 2.0]), st.integers(1, 4))
@settings(max_examples=60, deadline=None)
def test_with_enough_beams_finds_the_best_of_all_texts(seed: int, penalty: float, longest: int) -> None:
    decoder = table(seed)
    every = Settings(end_id=3, max_new_tokens=longest, beams=4**longest, length_penalty=penalty)
    (found,) = generate(decoder, decoder.start(), every)
    best = best_by_trying_all(decoder, 0, every)
    assert (found.ids, found.ended) == (best.ids, best.ended)
    assert found.score == pytest.approx(best.score, abs=1e-4)
    assert found.log_probability == pytest.approx(best.log_probability, abs=1e-4)


@given(
    st.integers(0, 10_000),
    st.integers(1, 5),
    st.sampled_from([0.0, 0.7, 2.0, -0.5]),
    st.sampled_from([0, 1, 2, 3]),
    st.booleans(),
)
@settings(max_examples=80, deadline=None)
def test_a_picture_gets_the_same_text_alone_and_among_others(
    seed: int, beams: int, penalty: float, ngram: int, early: bool
) -> None:
    decoder = table(seed, pictures=5, places=7, vocabulary=9)
    how = Settings(8, 7, beams, penalty, ngram, early)
    together = generate(decoder, decoder.start(), how)
    for picture, found in enumerate(together):
        alone = Table(decoder.logits[picture : picture + 1])
        assert generate(alone, alone.start(), how) == [found]


def formula() -> Formula:
    places = np.arange(13 * 13, dtype=np.float64).reshape(13, 13)
    last = 2.0 * np.sin(places * 1.7 + 0.3)
    last[:, 12] += 3.5
    before, said = 1.5 * np.sin(places * 2.9 + 1.1), 0.4 * np.sin(places * 0.7 + 2.0)
    return Formula(last.astype(np.float32), before.astype(np.float32), said.astype(np.float32))


@dataclass
class Formula:
    """The model of `build/models/golden/generation.py`."""

    last: NDArray[np.float32]
    before: NDArray[np.float32]
    said: NDArray[np.float32]

    def step(self, ids: Ids, state: Ids, control: Control | None) -> tuple[Floats, Ids]:
        text = np.concatenate([state, ids], axis=1)
        counts = (text[:, :, None] == np.arange(13)).sum(axis=1).astype(np.float32)
        logits = self.last[text[:, -1]] + counts @ self.said
        return (logits + self.before[text[:, -2]] if text.shape[1] > 1 else logits), text

    def reorder(self, state: Ids, rows: Ids) -> Ids:
        return state[rows]


def test_finds_what_transformers_finds() -> None:
    """Recorded from transformers 4.57.6 by `build/models/golden/generation.py`."""
    decoder = formula()
    ended = 0
    for golden in GOLDEN:
        found = golden_search(decoder, golden)
        text = [*found.ids, 12] if found.ended else list(found.ids)
        assert text == golden["text"], golden
        if golden["score"] is not None:
            assert found.score == pytest.approx(golden["score"], abs=2e-5), golden
        ended += found.ended
    # The record must hold both kinds of text, or it would prove little.
    assert 0.2 < ended / len(GOLDEN) < 0.95


def golden_search(decoder: Formula, golden: dict[str, Any]) -> Hypothesis:
    keys = ("max_new_tokens", "beams", "length_penalty", "no_repeat_ngram", "early_stopping")
    how = Settings(12, *(golden[key] for key in keys))
    prompt = np.array([golden["prompt"]])
    (found,) = generate(decoder, Start(prompt, np.empty((1, 0), np.int64)), how)
    return found


def by_hand(*rows: list[float]) -> Table:
    """One picture; the same probabilities at every place, by last token."""
    probabilities = np.array(rows, np.float32)
    with np.errstate(divide="ignore"):
        return Table(np.broadcast_to(np.log(probabilities), (1, 8, *probabilities.shape)))


def test_greedy_takes_the_most_probable_token() -> None:
    decoder = by_hand([0.1, 0.6, 0.3], [0.1, 0.2, 0.7], [1, 0, 0])
    (found,) = generate(decoder, decoder.start(), Settings(end_id=2, max_new_tokens=5))
    assert (found.ids, found.ended, found.tokens) == ((1,), True, 2)
    assert found.log_probability == pytest.approx(np.log(0.6 * 0.7))


def test_beams_find_what_greed_misses() -> None:
    """Greedy: 0.5 x 0.4 = 0.2. The other way: 0.4 x 0.9 = 0.36."""
    decoder = by_hand([0.0, 0.5, 0.4, 0.1], [0.3, 0.3, 0.0, 0.4], [0.05, 0.05, 0.0, 0.9], [1, 0, 0, 0])
    greedy = generate(decoder, decoder.start(), Settings(3, 2))[0]
    beams = generate(decoder, decoder.start(), Settings(3, 2, beams=2, length_penalty=0.0))[0]
    assert (greedy.ids, beams.ids) == ((1,), (2,))
    assert beams.log_probability == pytest.approx(np.log(0.36), abs=1e-6)


def test_a_higher_length_penalty_writes_longer_texts() -> None:
    decoder = by_hand([0.0, 0.6, 0.4], [0.0, 0.6, 0.4], [1, 0, 0])
    lengths = [
        generate(decoder, decoder.start(), Settings(2, 6, 3, penalty))[0].tokens
        for penalty in (0.0, 1.0, 3.0)
    ]
    assert lengths == sorted(lengths)
    assert lengths[0] < lengths[-1]


def test_no_ngram_stands_twice_the_prompt_included() -> None:
    decoder = by_hand([0.1, 0.8, 0.1], [0.8, 0.1, 0.1], [1, 0, 0])
    assert generate(decoder, decoder.start(), Settings(2, 6))[0].ids == (1, 0, 1, 0, 1, 0)
    (found,) = generate(decoder, decoder.start(), Settings(2, 6, no_repeat_ngram=2))
    text = (0, *found.ids)
    pairs = list(itertools.pairwise(text))
    assert len(set(pairs)) == len(pairs)


def test_a_text_with_nothing_left_to_say_still_ends() -> None:
    """Every token is banned at some step; the search must not fail or run on."""
    decoder = by_hand([0.5, 0.5, 0.0], [0.5, 0.5, 0.0], [0.5, 0.5, 0.0])
    for beams in (1, 2):
        (found,) = generate(decoder, decoder.start(), Settings(2, 6, beams=beams, no_repeat_ngram=1))
        assert (found.ids, found.ended) == ((1,), False)
        assert found.log_probability == pytest.approx(np.log(0.5), abs=1e-6)


def test_no_pictures_need_no_step() -> None:
    decoder = table(0, pictures=0)
    assert generate(decoder, decoder.start(), Settings(3, 4, beams=3)) == []
    assert decoder.steps == 0


def test_stops_when_cancelled() -> None:
    control = Control()
    control.cancel()
    with pytest.raises(Cancelled):
        generate(table(0), table(0).start(), Settings(3, 4, beams=3), control)


def test_pictures_that_are_done_take_no_more_steps() -> None:
    """The rows of a finished picture are dropped, and the others go on."""
    ends, goes_on = [0.01, 0.99], [0.99, 0.01]
    logits = np.log(np.array([[[ends, ends]] * 6, [[goes_on, goes_on]] * 6], np.float32))
    rows = []

    class Counting(Table):
        def step(self, ids: Ids, state: Ids, control: Control | None) -> tuple[Floats, Ids]:
            rows.append(len(ids))
            return super().step(ids, state, control)

    decoder = Counting(logits)
    found = generate(decoder, decoder.start(), Settings(end_id=1, max_new_tokens=6))
    assert [len(hypothesis.ids) for hypothesis in found] == [0, 6]
    assert rows == [2, 1, 1, 1, 1, 1]


def test_large_vocabularies_are_searched_as_small_ones() -> None:
    """The search by blocks finds what a full sort finds, in the tail behind the last block too."""
    random = np.random.default_rng(5)
    for vocabulary in (1025, 4096, 5003):
        logits = random.normal(0, 1, (1, 1, vocabulary, vocabulary)).astype(np.float32)
        logits[0, 0, 0, -3:] += 6
        decoder = Table(logits)
        (found,) = generate(decoder, decoder.start(), Settings(vocabulary, 1, beams=8))
        assert found.ids == (int(logits[0, 0, 0].argmax()),)


def test_log_softmax_is_float32_and_stands_large_logits() -> None:
    result = log_softmax(np.array([[1e4, 0, -1e4], [0, 0, 0]], np.float32))
    assert result.dtype == np.float32
    assert result[0, 0] == 0
    np.testing.assert_allclose(np.exp(result).sum(axis=1), 1, rtol=1e-6)
