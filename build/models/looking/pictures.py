"""Held-out photos with captions in both languages, tags, and three answers each."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kit.flickr8k import CaptionedPicture, read_captions, read_pictures
from looking.page import Card, Line, evenly, page, picture
from mmdesk.tasks.answer import Answer
from mmdesk.tasks.engine import Engine
from mmdesk.tasks.tags import Tag
from mmdesk.tasks.vision import Encoded, Prepared

QUESTIONS = {
    "en": ("How many people are there?", "Is there a dog?", "Where is this?"),
    "zh": ("有几个人？", "有狗吗？", "这是在哪里？"),
}
Pixels = NDArray[np.uint8]


def picture_sheet(engine: Engine, data: Path, split: str, count: int) -> str:
    """The page.

    Args:
        engine: Over the packs that are looked at.
        data: Folder of the data sets; the photos are in its ``flickr8k``.
        split: Of the photos.
        count: How many, evenly spread over the split.
    """
    people = read_captions(data / "flickr8k", split)
    chosen = [people[place] for place in evenly(len(people), count)]
    photos = read_pictures(data / "flickr8k", split, [one.name for one in chosen])
    cards = [_card(engine, said, photo) for said, photo in zip(chosen, photos, strict=True)]
    return page("Pictures", f"{len(cards)} photos of flickr8k, split {split}.", cards)


def _card(engine: Engine, people: CaptionedPicture, photo: Pixels) -> Card:
    lines = [Line("people", people.english[0]), Line("people", people.chinese[0])]
    for language in ("en", "zh"):
        lines += _said(engine, photo, language)
    return Card(people.name, picture(photo), lines)


def _said(engine: Engine, photo: Pixels, language: str) -> list[Line]:
    captioner, tagger = engine.captioner(language), engine.tagger(language)
    embedder, answerer = engine.embedder(language), engine.answerer(language)
    (caption,) = captioner.caption(_seen(captioner.encoder.prepare(photo), engine, language), language)
    seen = _seen(tagger.encoder.prepare(photo), engine, language)
    (tags,), (words,) = tagger.tag(seen), embedder.words(embedder.pictures(seen))
    answers = answerer.answer(seen[0], QUESTIONS[language], language)
    return [
        Line(f"caption {language}, {caption.confidence:.0%}", caption.text),
        Line(f"tags {language}", ", ".join(_tag(tag, language) for tag in tags) or "none"),
        Line(f"words {language}", ", ".join(word.labels[language] for word in words) or "none"),
        *_answers(QUESTIONS[language], answers),
    ]


def _seen(prepared: Prepared, engine: Engine, language: str) -> list[Encoded]:
    return engine.captioner(language).encoder.encode([prepared])


def _tag(tag: Tag, language: str) -> str:
    return f"{tag.labels[language]} {tag.probability:.0%}"


def _answers(questions: Sequence[str], answers: Sequence[Answer]) -> list[Line]:
    pairs = zip(questions, answers, strict=True)
    return [Line(question, f"{answer.text} ({answer.confidence:.0%})") for question, answer in pairs]
