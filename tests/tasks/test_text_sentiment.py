"""Sentiment of texts by a real (tiny) model, down to the words that it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mmdesk.control import Control
from mmdesk.errors import Cancelled, PackNotFound
from mmdesk.packs.pack import open_pack
from mmdesk.runtime.device import Device, choose
from mmdesk.tasks.text_sentiment import TextAffect, TextSentiment
from tests.packs_for_tests import write_caption_pack, write_sentiment_pack

CPU = choose(Device.CPU)


@pytest.fixture(scope="module")
def sentiment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TextSentiment]:
    folder = write_sentiment_pack(tmp_path_factory.mktemp("packs") / "tiny-sentiment")
    sentiment = TextSentiment(open_pack(folder), CPU)
    yield sentiment
    sentiment.close()


def one(sentiment: TextSentiment, text: str) -> TextAffect:
    (affect,) = sentiment.score([text], "en")
    assert affect is not None
    return affect


def test_scores_by_what_is_said(sentiment: TextSentiment) -> None:
    texts = ["I love this wonderful day", "What a terrible, awful thing", "the table is here"]
    affects = sentiment.score(texts, "en")
    valences = [affect.valence for affect in affects if affect]
    assert valences[0] > 0.9
    assert valences[1] < -0.9
    assert valences[2] == pytest.approx(0, abs=1e-6)


def test_a_score_is_a_distribution_and_its_valence(sentiment: TextSentiment) -> None:
    affect = one(sentiment, "a good and a bad day")
    names, probabilities = zip(*affect.distribution, strict=True)
    assert names == ("negative", "neutral", "positive")
    assert sum(probabilities) == pytest.approx(1)
    assert affect.valence == pytest.approx(np.dot(probabilities, [-1, 0, 1]))
    assert affect.confidence == max(probabilities)


def test_weights_belong_to_words_and_add_up_to_one(sentiment: TextSentiment) -> None:
    text = "Well, I LOVE it 😀!"
    affect = one(sentiment, text)
    words = [text[start:end] for start, end in affect.pieces]
    assert words == ["Well", ",", "I", "LOVE", "it", "😀!"]
    assert sum(affect.weights) == pytest.approx(1)
    assert words[int(np.argmax(affect.weights))] == "LOVE"


@pytest.mark.parametrize("text", ["", "   ", "...", "\n", "♪♪", "?!"])
def test_a_text_without_a_word_is_a_gap(sentiment: TextSentiment, text: str) -> None:
    before, gap, after = sentiment.score(["good", text, "bad"], "en")
    assert gap is None
    assert before is not None
    assert after is not None
    assert before.valence > 0 > after.valence


def test_long_texts_are_judged_to_their_end(sentiment: TextSentiment) -> None:
    """The pack takes 16 tokens at once; the only word of feeling stands behind many windows."""
    text = "word " * 200 + "terrible"
    affect = one(sentiment, text)
    assert affect.valence < 0
    assert len(affect.pieces) == 201
    assert text[slice(*affect.pieces[-1])] == "terrible"
    assert sum(affect.weights) == pytest.approx(1)


def test_windows_count_by_their_words(sentiment: TextSentiment) -> None:
    """14 words of each kind fill a window; two good windows and a bad one are good by two thirds."""
    good, bad = one(sentiment, "good " * 14).valence, one(sentiment, "bad " * 14).valence
    both = one(sentiment, "good " * 28 + "bad " * 14).valence
    assert both == pytest.approx((2 * good + bad) / 3)


@given(st.lists(st.sampled_from(["good", "bad", "the", "Sunday", "", "..."]), max_size=40))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_neighbours_do_not_matter(sentiment: TextSentiment, words: list[str]) -> None:
    texts = [" ".join(words[:n]) for n in range(len(words) + 1)]
    together = sentiment.score(texts, "en")
    assert len(together) == len(texts)
    for text, affect in zip(texts, together, strict=True):
        (alone,) = sentiment.score([text], "en")
        assert (affect is None) == (alone is None)
        if affect and alone:
            assert affect.valence == pytest.approx(alone.valence, abs=1e-5)
            assert affect.pieces == alone.pieces


def test_no_texts_have_no_scores(sentiment: TextSentiment) -> None:
    assert sentiment.score([], "en") == []


def test_a_language_that_the_pack_does_not_know_is_refused(sentiment: TextSentiment) -> None:
    with pytest.raises(PackNotFound, match="zh") as refused:
        sentiment.score(["你好"], "zh")
    assert "no sentiment" in str(refused.value.hint)


def test_stops_when_cancelled(sentiment: TextSentiment) -> None:
    control = Control()
    control.cancel()
    with pytest.raises(Cancelled):
        sentiment.score(["good"], "en", control)


def test_a_pack_without_sentiment_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackNotFound, match="tiny-caption"):
        TextSentiment(open_pack(write_caption_pack(tmp_path)), CPU)
