"""One question about one picture, answered at once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from mmdesk.analysis.sight import Sight
from mmdesk.control import Control
from mmdesk.errors import UnsupportedMedia
from mmdesk.events import MediaKind, Source
from mmdesk.media.picture import read_picture
from mmdesk.media.probe import probe
from mmdesk.sentences import Sentence, sentence
from mmdesk.tasks.answer import Answer
from mmdesk.tasks.engine import Engine

_CHINESE = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
# Below this an answer is more likely wrong than right.
_SURE = 0.5


@dataclass(frozen=True, slots=True)
class Question:
    """What a person asks.

    Attributes:
        path: A picture.
        text: The question.
        language: BCP 47 tag of the question and the answer.
    """

    path: Path
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer to a question.

    Attributes:
        question: What was asked.
        answer: A word or two, or that the picture does not tell.
        source: What answered.
    """

    question: Question
    answer: Answer
    source: Source

    @property
    def doubtful(self) -> bool:
        """Whether it is more likely wrong than right."""
        return self.answer.confidence < _SURE

    @property
    def explanation(self) -> Sentence | None:
        """What a person should know beside the answer; None where it speaks for itself."""
        if self.answer.cannot_tell:
            return sentence("The picture does not seem to show what you ask about.")
        return sentence("This answer may well be wrong.") if self.doubtful else None


def language_of(text: str) -> str:
    """`zh` for a question with Chinese characters, otherwise `en`."""
    return "zh" if _CHINESE.search(text) else "en"


def answer_question(question: Question, engine: Engine, control: Control) -> Answered:
    """Answers a question about a picture. On the thread that owns the engine.

    Raises:
        MediaError: The file cannot be read, or it is no picture.
        QuestionNotUnderstood: The question is empty or of a kind that no model here knows.
        PackError: There is no model for it, or it is damaged.
        InferenceError: The model or the device does not work.
        Cancelled: The person stopped the work.
    """
    if probe(question.path, control).kind is not MediaKind.PICTURE:
        raise UnsupportedMedia(
            question.path,
            sentence("This file is not a picture."),
            sentence("Questions can be asked about pictures only."),
        )
    answerer = engine.answerer(question.language)
    sight = Sight.of([read_picture(question.path)], [answerer.encoder])
    (encoded,) = sight.by(answerer, control)
    (answer,) = answerer.answer(encoded, [question.text], question.language, control)
    return Answered(question, answer, answerer.source)
