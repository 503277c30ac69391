"""The packs that ship are whole, small enough, and judge each picture and text by itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from mmdesk.packs.pack import Pack, open_pack
from mmdesk.runtime.device import Device, choose
from mmdesk.tasks.answer import Answerer, answer_encoder
from mmdesk.tasks.text_sentiment import TextSentiment
from mmdesk.tasks.vision import GRID, Encoded, stacked
from tests.tasks.captioners_for_tests import close_captioner, open_captioner, see

MODELS = Path(__file__).parents[2] / "models"
CPU = choose(Device.CPU)
BUDGET = 40 * 2**20


def shipped(name: str) -> Pack:
    if not (MODELS / name / "pack.json").exists():
        pytest.skip(f"{name} is not trained yet")
    return open_pack(MODELS / name)


def pictures() -> list[NDArray[np.uint8]]:
    """Gradients, waves and noise: nothing that a model was trained on, and all unlike."""
    random = np.random.default_rng(11)
    y, x = np.mgrid[0:240, 0:320]
    waves = [np.sin(x / period) * np.cos(y / (2 * period)) for period in (3, 9, 27, 60)]
    planes = [127.5 + 127.5 * wave for wave in waves] + [x * 255 / 319, y * 255 / 239]
    tints = random.uniform(0.2, 1.0, (len(planes), 3))
    tinted = [(plane[:, :, None] * tint).astype(np.uint8) for plane, tint in zip(planes, tints, strict=True)]
    return [*tinted, random.integers(0, 256, (240, 320, 3), np.uint8)]


def test_all_packs_together_stay_within_the_budget() -> None:
    assert sum(file.stat().st_size for file in MODELS.rglob("*") if file.is_file()) <= BUDGET


def assert_alike(together: list[Encoded], alone: list[Encoded]) -> None:
    np.testing.assert_allclose(stacked(together, GRID), stacked(alone, GRID), atol=1e-3)


def test_a_caption_does_not_depend_on_the_pictures_beside_it() -> None:
    """Dynamic quantisation of whole tensors would fail here: its scale spans the batch."""
    captioner = open_captioner(shipped("starter-caption"), [shipped("starter-vision")])
    prepared = [see(captioner, [picture])[0] for picture in pictures()]
    assert_alike(see(captioner, pictures()), prepared)
    for language in captioner.languages:
        together = captioner.caption(prepared, language)
        alone = [captioner.caption([one], language)[0] for one in prepared]
        assert [caption.text for caption in together] == [caption.text for caption in alone]
        np.testing.assert_allclose(
            [caption.confidence for caption in together],
            [caption.confidence for caption in alone],
            atol=1e-4,
        )
    close_captioner(captioner)


def test_a_texts_sentiment_does_not_depend_on_the_texts_beside_it() -> None:
    sentiment = TextSentiment(shipped("starter-sentiment-text"), CPU)
    texts = ["I love it", "what a terrible waste of an evening", "hm", "the table is brown, " * 9, "not bad"]
    together = sentiment.score(texts, "en")
    for text, affect in zip(texts, together, strict=True):
        (alone,) = sentiment.score([text], "en")
        assert affect is not None
        assert alone is not None
        assert affect.valence == pytest.approx(alone.valence, abs=1e-4)
        np.testing.assert_allclose(affect.weights, alone.weights, atol=1e-4)
    sentiment.close()


QUESTIONS = {
    "en": ["What is this?", "How many people are there in the picture?", "Is there a dog?", "Where is it?"],
    "zh": ["这是什么？", "图片里有几个人？", "有狗吗？", "这是在哪里？"],
}


def test_an_answer_does_not_depend_on_the_questions_and_pictures_beside_it() -> None:
    pack, vision = shipped("starter-answer"), shipped("starter-vision")
    encoder = answer_encoder(pack, [vision]).load(CPU)
    answerer = Answerer(pack, encoder, CPU)
    seen = [encoder.encode([encoder.prepare(picture)])[0] for picture in pictures()]
    for language, questions in QUESTIONS.items():
        asked = [(picture, question) for picture in seen for question in questions]
        together = answerer.answer_about(asked, language)
        alone = [answerer.answer(picture, [question], language)[0] for picture, question in asked]
        assert [answer.text for answer in together] == [answer.text for answer in alone]
        np.testing.assert_allclose(
            [answer.confidence for answer in together], [answer.confidence for answer in alone], atol=1e-4
        )
    answerer.close()
    encoder.close()


def test_plain_words_of_feeling_are_understood() -> None:
    sentiment = TextSentiment(shipped("starter-sentiment-text"), CPU)
    good, bad = sentiment.score(["I love this, it is wonderful!", "I hate this, it is terrible."], "en")
    assert good is not None
    assert bad is not None
    assert good.valence > 0.3
    assert bad.valence < -0.3
    sentiment.close()
