"""`mmdesk ask` as a person and a program use it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from tests.answers_for_tests import write_asking_packs
from tests.end2end.command_for_tests import mmdesk
from tests.packs_for_tests import picture

KEYS = {
    "type",
    "path",
    "question",
    "language",
    "kind",
    "answer",
    "cannot_tell",
    "confidence",
    "source",
}


@pytest.fixture
def red(home: Path, tmp_path: Path) -> Path:
    """A red picture, and packs that answer."""
    write_asking_packs(home / "data")
    path = tmp_path / "红.png"
    Image.fromarray(picture("red")).save(path)
    return path


def test_a_question_has_an_answer_with_its_confidence(red: Path) -> None:
    done = mmdesk("ask", red, "What color is the picture?")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("red (")
    assert done.out.endswith("%)\n")


def test_json_has_one_object_with_exactly_these_keys(red: Path) -> None:
    done = mmdesk("ask", red, "图片是红色的吗？", "--json")
    assert (done.code, done.err) == (0, "")
    record = json.loads(done.out)
    assert set(record) == KEYS
    assert (record["language"], record["answer"], record["kind"]) == ("zh", "是", "yes_no")
    assert record["source"]["pack"] == "tiny-answer"
    assert record["cannot_tell"] is False
    assert 0.5 < record["confidence"] <= 1


def test_what_cannot_be_told_is_told(red: Path) -> None:
    done = mmdesk("ask", red, "What color is the horse?")
    assert done.code == 0
    assert done.out.startswith("can't tell (")
    assert "does not seem to show" in done.err


@pytest.mark.parametrize(
    ("question", "sentence"),
    [("", "There is no question."), ("?", "There is no question."), ("Why?", "not known")],
)
def test_what_is_no_question_has_a_sentence(red: Path, question: str, sentence: str) -> None:
    done = mmdesk("ask", red, question)
    assert (done.code, done.out) == (1, "")
    assert sentence in done.err
    assert "Traceback" not in done.err


def test_only_pictures_are_asked_about(red: Path, tmp_path: Path) -> None:
    (tmp_path / "a.srt").write_text("1\n00:00:00,000 --> 00:00:01,000\nhello\n", "utf-8")
    for name, sentence in (("a.srt", "This file is not a picture."), ("missing.png", "not there any more")):
        done = mmdesk("ask", tmp_path / name, "Is it red?")
        assert (done.code, done.out) == (1, "")
        assert sentence in done.err
        assert "Traceback" not in done.err
    assert mmdesk("ask", red).code == 2


def test_doctor_runs_the_known_answer_and_tells_licence_and_size(red: Path) -> None:
    done = mmdesk("doctor")
    (line,) = [line for line in done.out.splitlines() if line.startswith("Pack tiny-answer")]
    assert "gives its known answers" in line
    assert "MiB" in line
    assert "licence: free" in line
