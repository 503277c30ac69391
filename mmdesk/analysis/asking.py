"""One question about one picture, answered at once."""

from __future__ import annotations

from mmdesk.analysis.question import Answered, Question
from mmdesk.analysis.sight import Sight
from mmdesk.control import Control
from mmdesk.errors import UnsupportedMedia
from mmdesk.events import MediaKind
from mmdesk.media.picture import read_picture
from mmdesk.media.probe import probe
from mmdesk.sentences import sentence
from mmdesk.tasks.engine import Engine


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
    (given,) = answerer.answer(encoded, [question.text], question.language, control)
    return Answered(question, given.text, given.confidence, given.kind, given.cannot_tell, answerer.source)
