"""Questions about pictures and what comes back; nothing here needs a model to be loaded."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mmdesk.events import Source
from mmdesk.sentences import Sentence, sentence

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
        text: A word or two.
        confidence: In [0, 1]: the chance that people would say so.
        kind: The kind of question, as the pack names it, for example `colour`.
        cannot_tell: The answer is that the picture does not show it.
        source: What answered.
    """

    question: Question
    text: str
    confidence: float
    kind: str
    cannot_tell: bool
    source: Source

    @property
    def doubtful(self) -> bool:
        """Whether it is more likely wrong than right."""
        return self.confidence < _SURE

    @property
    def explanation(self) -> Sentence | None:
        """What a person should know beside the answer; None where it speaks for itself."""
        if self.cannot_tell:
            return sentence("The picture does not seem to show what you ask about.")
        return sentence("This answer may well be wrong.") if self.doubtful else None


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Why a question has no answer.

    Attributes:
        question: What was asked.
        message: What happened.
        hint: What the person can do.
    """

    question: Question
    message: Sentence
    hint: Sentence


# Takes what came of a question; on the thread that answers.
Reply = Callable[[Answered | Unanswered], None]


def language_of(text: str) -> str:
    """`zh` for a question with Chinese characters, otherwise `en`."""
    return "zh" if _CHINESE.search(text) else "en"
