"""Questions about a picture: kinds, languages, confidence, what cannot be told, what is no question."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mmdesk.errors import PackDamaged, PackInvalid, PackNotFound, QuestionNotUnderstood
from mmdesk.packs.pack import open_pack
from mmdesk.runtime.device import Device
from mmdesk.tasks.answer import Answer, Answerer
from mmdesk.tasks.engine import Engine
from mmdesk.tasks.vision import Encoded
from tests.answers_for_tests import write_asking_packs
from tests.packs_for_tests import change_manifest, picture, write_vision_pack


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_asking_packs(tmp_path_factory.mktemp("asking"))


@pytest.fixture(scope="module")
def answerer(packs: Path) -> Iterator[Answerer]:
    engine = Engine([packs], Device.CPU)
    yield engine.answerer("en")
    engine.close()


def seen(answerer: Answerer, colour: str) -> Encoded:
    (encoded,) = answerer.encoder.encode([answerer.encoder.prepare(picture(colour))])
    return encoded


def ask(answerer: Answerer, colour: str, question: str, language: str = "en") -> Answer:
    (answer,) = answerer.answer(seen(answerer, colour), [question], language)
    return answer


@pytest.mark.parametrize("colour", ["red", "blue", "dark"])
def test_the_kind_of_a_question_decides_what_it_may_be_answered_with(answerer: Answerer, colour: str) -> None:
    assert ask(answerer, colour, "What color is the picture?").text == colour
    yes_no = ask(answerer, colour, "Is the picture red?")
    assert (yes_no.text, yes_no.kind) == ("yes" if colour == "red" else "no", "yes_no")
    assert 0.9 < yes_no.confidence <= 1


def test_chinese_questions_have_chinese_answers(answerer: Answerer) -> None:
    assert ask(answerer, "green", "图片是什么颜色的？", "zh").text == "绿"
    assert ask(answerer, "green", "图片是红色的吗？", "zh").text == "不是"


def test_that_it_cannot_be_told_is_an_answer(answerer: Answerer) -> None:
    for question, language, text in (
        ("What color is the horse?", "en", "can't tell"),
        ("马是什么颜色的？", "zh", "看不出来"),
    ):
        answer = ask(answerer, "red", question, language)
        assert (answer.text, answer.cannot_tell) == (text, True)
        assert answer.confidence > 0.9
    assert not ask(answerer, "red", "What color is the wall?").cannot_tell


def test_the_temperature_of_a_kind_changes_its_confidence_alone(answerer: Answerer, tmp_path: Path) -> None:
    packs = write_asking_packs(tmp_path)
    change_manifest(packs / "tiny-answer", lambda m: m["answer"]["temperature"].update(colour=20.0))
    engine = Engine([packs], Device.CPU)
    hot = engine.answerer("en")
    question = "What color is the picture?"
    sure, unsure = ask(answerer, "red", question), ask(hot, "red", question)
    assert sure.text == unsure.text == "red"
    assert unsure.confidence < sure.confidence
    assert ask(hot, "red", "Is it red?") == ask(answerer, "red", "Is it red?")
    engine.close()


@pytest.mark.parametrize(
    "question", ["", "  ", "?!", "why is it red", "What color, and why?", "Was ist das?"]
)
def test_what_is_no_question_of_a_known_kind_has_a_sentence(answerer: Answerer, question: str) -> None:
    with pytest.raises(QuestionNotUnderstood) as failure:
        ask(answerer, "red", question)
    assert str(failure.value.hint)


def test_what_stands_beside_a_question_does_not_change_its_answer(answerer: Answerer) -> None:
    questions = ["What color is it?", "Is the whole long picture on this wall red?", "Is it blue?"]
    together = answerer.answer(seen(answerer, "red"), questions, "en")
    alone = [ask(answerer, "red", question) for question in questions]
    for one, other in zip(together, alone, strict=True):
        assert one.text == other.text
        assert one.confidence == pytest.approx(other.confidence, abs=1e-5)
    assert answerer.answer(seen(answerer, "red"), [], "en") == []


def test_a_language_that_the_pack_does_not_know(answerer: Answerer) -> None:
    with pytest.raises(PackNotFound, match="fr"):
        ask(answerer, "red", "De quelle couleur?", "fr")


def test_another_encoder_is_not_looked_through(tmp_path: Path) -> None:
    packs = write_asking_packs(tmp_path)
    write_vision_pack(packs / "tiny-vision", version="2.0.0")
    with pytest.raises(PackDamaged, match="another version"):
        Engine([packs], Device.CPU).answerer("en")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("cannot_tell", 9),
        ("kinds", []),
        ("labels", {"en": ["yes", "no"], "zh": ["是", "不是", "也许"]}),
        ("temperature", {"yes_no": 0.0, "colour": 1.0}),
        ("temperature", {"yes_no": 1.0}),
        ("max_tokens", 0),
    ],
)
def test_a_section_that_cannot_be_is_refused(tmp_path: Path, field: str, value: object) -> None:
    pack = write_asking_packs(tmp_path) / "tiny-answer"
    change_manifest(pack, lambda manifest: manifest["answer"].update({field: value}))
    with pytest.raises(PackInvalid):
        open_pack(pack)
