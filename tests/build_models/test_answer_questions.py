"""Questions from captions: what is read out of them, what is asked, and that guessing does not pay."""

import random
from collections import Counter

import pytest

from kit.flickr8k import CaptionedPicture
from starter_answer.asked import CANNOT_TELL, KINDS, NO, NONE, YES, Question
from starter_answer.balance import halved, levelled
from starter_answer.facts import agreed, read_facts
from starter_answer.families import may_be_there
from starter_answer.kinds import KIND_PHRASES
from starter_answer.lexicon import read_lexicon
from starter_answer.questions import QuestionMaker
from starter_answer.samples import chinese_answers, learn_answers, photo_samples
from starter_answer.shapes import ShapeQuestion, in_chinese
from starter_answer.tokens import build_tokenizer, encode, learn_vocabulary, split
from starter_answer.wording import CHINESE, ENGLISH, words_of

LEXICON = read_lexicon()
DOGS = CaptionedPicture(
    "dogs.jpg",
    (
        "Two black dogs are running through the snow .",
        "A black dog chases another dog in the snow .",
        "Two dogs run in deep snow .",
        "Dogs playing in the snow with a red ball .",
        "Two dogs running .",
    ),
    ("两只狗在雪地里。", "狗在奔跑。"),
)
MAN = CaptionedPicture(
    "man.jpg",
    (
        "A man in a blue shirt is riding a horse on the beach .",
        "A man rides a brown horse along the beach .",
        "A man riding a horse .",
        "A person wearing a hat rides on the sand .",
        "A man on a horse at the ocean .",
    ),
    ("男人在骑马。", "海边骑马的人。"),
)


def made(pictures: list[CaptionedPicture]) -> list[Question]:
    return QuestionMaker(pictures, LEXICON, seed=1, share=0.3).make()


def test_captions_agree_on_numbers_colours_places_and_deeds() -> None:
    facts = read_facts(DOGS, LEXICON)
    assert facts.counts["animal", "dog"] == Counter(two=4)
    assert facts.colours["animal", "dog"] == Counter(black=2)
    assert facts.colours["object", "ball"] == Counter(red=1)
    assert facts.places == Counter(snow=4)
    assert facts.activities["animal", "dog"]["running"] == 3


def test_what_somebody_rides_or_wears_is_read() -> None:
    facts = read_facts(MAN, LEXICON)
    assert facts.relations["riding", ("person", "man")] == Counter(horse=3)
    assert facts.relations["wearing", ("person", "person")] == Counter(hat=1)
    assert facts.colours["clothes", "shirt"] == Counter(blue=1)
    assert ("animal", "dog") not in facts.mentioned


@pytest.mark.parametrize(
    ("counts", "least", "value"),
    [({"a": 2, "b": 1}, 2, "a"), ({"a": 2, "b": 2}, 2, None), ({"a": 1}, 2, None), ({}, 1, None)],
)
def test_only_what_more_captions_say_than_anything_else_is_agreed(
    counts: dict[str, int], least: int, value: str | None
) -> None:
    assert agreed(Counter(counts), least) == value


def test_nothing_is_denied_that_a_caption_may_mean() -> None:
    hinted = read_facts(MAN, LEXICON).hinted
    assert may_be_there(("animal", "horse"), hinted, LEXICON)
    assert may_be_there(("person", "boy"), hinted, LEXICON)
    assert may_be_there(("place", "water"), hinted, LEXICON)
    assert not may_be_there(("animal", "dog"), hinted, LEXICON)


def test_yes_and_no_are_as_many_about_each_thing() -> None:
    questions = [q for q in made([DOGS, MAN] * 30) if q.form == "exists"]
    assert questions
    for about in {q.about for q in questions}:
        answers = Counter(q.answer for q in questions if q.about == about)
        assert answers[YES] == answers[NO] > 0


def test_what_no_caption_mentions_cannot_be_told() -> None:
    questions = made([DOGS, MAN] * 30)
    unknown = [q for q in questions if q.answer == CANNOT_TELL and q.form == "colour"]
    assert unknown
    for question in unknown:
        assert question.about is not None
        facts = read_facts([DOGS, MAN][question.picture % 2], LEXICON)
        assert question.about not in facts.mentioned
    assert {q.answer for q in questions if q.about == ("animal", "dog") and q.form == "count"} >= {NONE}


def test_no_answer_is_worth_guessing() -> None:
    group = [Question(n, "colour", ("animal", "dog"), "", False, "black") for n in range(80)]
    for colour, count in (("white", 12), ("brown", 12), ("red", 8), ("blue", 8)):
        group += [Question(n, "colour", ("animal", "dog"), "", False, colour) for n in range(count)]
    kept = Counter(q.answer for q in levelled(group, 0.3, random.Random(0)))
    assert kept["black"] <= 0.3 * sum(kept.values()) + 1
    assert kept["white"] == 12
    sides = [Question(n, "exists", ("animal", "dog"), "", False, YES) for n in range(9)]
    sides += [Question(n, "exists", ("animal", "dog"), "", False, NO) for n in range(4)]
    assert Counter(q.answer for q in halved(sides, random.Random(0))) == {YES: 4, NO: 4}


def test_the_same_seed_asks_the_same() -> None:
    assert made([DOGS, MAN] * 10) == made([DOGS, MAN] * 10)


def kind_of(text: str, language: str) -> str | None:
    """The kind by the rules of the manifest."""
    for kind, phrases in KIND_PHRASES.items():
        starts = phrases.get("starts", {}).get(language, ())
        parts = phrases.get("contains", {}).get(language, ())
        without = phrases.get("without", {}).get(language, ())
        if not (starts or parts) or any(part in text for part in without):
            continue
        if (not starts or text.startswith(starts)) and (not parts or any(part in text for part in parts)):
            return kind
    return None


def test_the_program_tells_the_kind_of_every_wording() -> None:
    for form, kind in KINDS.items():
        about = None if form in ("scene", "animal", "who", "main") else ("animal", "dog")
        said = {"relation": "riding", "does": "running", "has colour": "red"}.get(form, "")
        question = Question(0, form, about, said, False, YES)
        ways = words_of(question, LEXICON)
        assert len(ways["en"]) == len(ENGLISH[form])
        assert len(ways["zh"]) == len(CHINESE[form])
        for language, texts in ways.items():
            assert [kind_of(text, language) for text in texts] == [kind] * len(texts)


def test_unknown_names_are_no_words() -> None:
    question = Question(0, "colour", ("animal", "dog"), "", False, "black")
    for texts in words_of(question, LEXICON, unnamed=True).values():
        assert not any("dog" in text or "狗" in text for text in texts)


def test_every_answer_has_a_chinese_name() -> None:
    answers = learn_answers(photo_samples([DOGS, MAN] * 30, LEXICON, 1, 0.3))
    chinese = chinese_answers(LEXICON)
    assert all(chinese[answer] for answer in answers.english)
    assert CANNOT_TELL in answers.english
    assert {answers.english[n] for n in answers.allowed("yes_no")} == {YES, NO, CANNOT_TELL}


def test_the_tokenizer_splits_as_training_did() -> None:
    texts = ["What color is the man's T-shirt?", "狗是什么颜色的？", "is there a dog", "有2只狗吗？"]
    vocabulary = learn_vocabulary(texts * 3)
    index = {token: number for number, token in enumerate(vocabulary)}
    tokenizer = build_tokenizer(vocabulary)
    for text in [*texts, "Zebra?"]:
        assert tokenizer.encode(text).ids == encode(text, index)
    assert split("The man's T-shirt.") == ["the", "man", "s", "t", "shirt"]


@pytest.mark.parametrize(
    ("text", "answer", "chinese"),
    [
        ("what color is the shape?", "red", "形状是什么颜色的？"),
        ("what is the color of the circle?", "red", "圆形是什么颜色的？"),
        ("what is the red shape?", "circle", "红色的形状是什么形状？"),
        ("what shape is in the image?", "circle", "图中是什么形状？"),
        ("is there not a blue shape?", "yes", "图中没有蓝色的形状吗？"),
        ("is a circle present?", "yes", "图中有圆形吗？"),
    ],
)
def test_questions_about_shapes_are_put_in_chinese(text: str, answer: str, chinese: str) -> None:
    assert in_chinese(ShapeQuestion(text, answer, 0)) == chinese
