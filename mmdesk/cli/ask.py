"""The command `ask`: a question about a picture."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

from mmdesk.analysis.asking import answer_question
from mmdesk.analysis.question import Answered, Question, language_of
from mmdesk.analysis.records import source_record
from mmdesk.cli.exits import DONE, FAILED, INTERRUPTED
from mmdesk.cli.printing import complain, printable, say, say_aside
from mmdesk.config.paths import packs_dirs
from mmdesk.control import Control
from mmdesk.errors import MmdeskError
from mmdesk.runtime.device import Device
from mmdesk.tasks.engine import Engine


def ask(image: Path, text: str, language: str | None, device: Device, as_json: bool) -> int:
    """Answers one question about one picture and prints the answer.

    Args:
        image: A picture.
        text: The question.
        language: Of question and answer; None for the language that it is written in.
        device: Where to compute.
        as_json: Print one JSON object instead of a line.

    Returns:
        0; 1 when there is no answer, the reason stands on stderr; 130 after Ctrl-C.

    Raises:
        BrokenPipeError: Nobody reads any more.
    """
    question = Question(image, text, language or language_of(text))
    try:
        with closing(Engine(packs_dirs(), device)) as engine:
            answered = answer_question(question, engine, Control())
    except MmdeskError as failure:
        complain(failure)
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    if as_json:
        say(json.dumps(_record(answered)))
    else:
        _print(answered)
    return DONE


def _print(answered: Answered) -> None:
    say(printable(f"{answered.text} ({answered.confidence:.0%})"))
    if answered.explanation is not None:
        say_aside(str(answered.explanation))


def _record(answered: Answered) -> dict[str, object]:
    question = answered.question
    return {
        "type": "answer",
        "path": str(question.path),
        "question": question.text,
        "language": question.language,
        "kind": answered.kind,
        "answer": answered.text,
        "cannot_tell": answered.cannot_tell,
        "confidence": answered.confidence,
        "source": source_record(answered.source),
    }
