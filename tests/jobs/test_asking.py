"""Questions reach the one worker, also while it is busy with a film."""

from __future__ import annotations

import shutil
from pathlib import Path

from PIL import Image

from mmdesk.analysis.question import Answered, Question, Unanswered
from mmdesk.jobs.state import JobState
from tests.analysis.scenes_for_tests import Scene, write_scenes
from tests.answers_for_tests import write_asking_packs
from tests.jobs.conftest import MakeEar
from tests.packs_for_tests import picture

LONG = [Scene(colour, 1.0) for colour in ("red", "green", "blue", "bright") * 15]
Replies = list[Answered | Unanswered]


def asking(tmp_path: Path, others: Path) -> Path:
    """The packs of a folder, and those that answer."""
    packs = write_asking_packs(tmp_path)
    shutil.copytree(others, packs, dirs_exist_ok=True)
    return packs


def red(tmp_path: Path) -> Path:
    path = tmp_path / "red.png"
    Image.fromarray(picture("red")).save(path)
    return path


def test_a_question_is_answered_without_any_job(make_ear: MakeEar, packs: Path, tmp_path: Path) -> None:
    ear, replies = make_ear(asking(tmp_path, packs)), Replies()
    question = Question(red(tmp_path), "What color is the picture?", "en")
    ear.queue.ask(question, replies.append)
    ear.hear(lambda: bool(replies))
    (answered,) = replies
    assert isinstance(answered, Answered)
    assert (answered.question, answered.text, answered.doubtful) == (question, "red", False)
    assert ear.told == []


def test_a_film_goes_on_after_a_question_in_its_midst(
    make_ear: MakeEar, slow_packs: Path, tmp_path: Path
) -> None:
    ear, replies = make_ear(asking(tmp_path, slow_packs)), Replies()
    film = write_scenes(tmp_path / "film.mp4", LONG)
    job = ear.submit(film)
    ear.hear(lambda: bool(ear.findings(job)))
    ear.queue.ask(Question(red(tmp_path), "Is it blue?", "en"), replies.append)
    ear.hear(lambda: bool(replies))
    assert isinstance(replies[0], Answered)
    assert replies[0].text == "no"
    assert ear.states(job)[-1] is JobState.RUNNING
    before = len(ear.findings(job))
    ear.hear(lambda: len(ear.findings(job)) > before)
    ear.queue.cancel(job)
    ear.hear_end(job)


def test_what_cannot_be_answered_is_told_and_the_worker_survives(
    make_ear: MakeEar, packs: Path, tmp_path: Path
) -> None:
    ear, replies = make_ear(packs), Replies()
    for question in (
        Question(red(tmp_path), "Is it red?", "en"),
        Question(tmp_path / "missing.png", "Is it red?", "en"),
        Question(write_scenes(tmp_path / "film.mp4", LONG[:2]), "Is it red?", "en"),
    ):
        ear.queue.ask(question, replies.append)
    ear.hear(lambda: len(replies) == 3)
    no_pack, missing, film = replies
    for reply, words in ((no_pack, "answer"), (missing, "missing.png"), (film, "not a picture")):
        assert isinstance(reply, Unanswered)
        assert words in f"{reply.message} {reply.question.path}"
        assert str(reply.hint)
    job = ear.submit(red(tmp_path))
    ear.hear_end(job)
    assert ear.states(job)[-1] is JobState.DONE
