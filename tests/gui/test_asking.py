"""A question about the picture that is shown, typed and answered in the window; its tags."""

from __future__ import annotations

import threading
from pathlib import Path

from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mmdesk.analysis.question import Answered, Question, Unanswered
from mmdesk.config.paths import data_dir
from mmdesk.events import Evidence, Finding, FindingKind, MediaKind, Modality, Origin, Source
from mmdesk.gui.app import make_jobs
from mmdesk.gui.application import Application
from mmdesk.gui.text.ask_bar import AskBar
from mmdesk.gui.text.words import spoken_line
from mmdesk.sentences import sentence
from tests.answers_for_tests import write_asking_packs
from tests.gui.conftest import Faked, MakeWindow
from tests.packs_for_tests import picture, write_packs

SOURCE = Source(Origin.MODEL, "starter-answer", "1.0.0", "ab" * 32, "fp32", "CPUExecutionProvider")


def bar_of(faked: Faked) -> AskBar:
    return faked.window.desk.work.text.ask_bar


def shown(qtbot: QtBot, faked: Faked, path: Path, kind: MediaKind = MediaKind.PICTURE) -> AskBar:
    (job,) = faked.open(path)
    faked.jobs.run(job, path, kind)
    bar = bar_of(faked)
    qtbot.waitUntil(lambda: bar.isVisible() is (kind is MediaKind.PICTURE))
    return bar


def ask(bar: AskBar, words: str) -> None:
    bar.field.setFocus()
    bar.field.setText(words)
    QTest.keyClick(bar.field, Qt.Key.Key_Return)


def test_the_answer_is_told_with_its_confidence(qtbot: QtBot, faked: Faked, tmp_path: Path) -> None:
    bar = shown(qtbot, faked, tmp_path / "a.png")
    ask(bar, " What color is the dog? ")
    ((question, reply),) = faked.jobs.questions
    assert question == Question(tmp_path / "a.png", "What color is the dog?", "en")
    assert bar.explanation.text() == "Looking for the answer…"
    assert not bar.button.isEnabled()
    answer = Answered(question, "brown", 0.62, "colour", False, SOURCE)
    teller = threading.Thread(target=reply, args=(answer,))
    teller.start()
    qtbot.waitUntil(lambda: bar.answer.text() == "brown · 62%")
    teller.join()
    assert not bar.explanation.isVisible()
    assert bar.button.isEnabled()


def test_a_chinese_question_is_asked_in_chinese(qtbot: QtBot, faked: Faked, tmp_path: Path) -> None:
    bar = shown(qtbot, faked, tmp_path / "a.png")
    ask(bar, "狗是什么颜色的？")
    ((question, _),) = faked.jobs.questions
    assert question.language == "zh"


def test_what_cannot_be_told_is_unsure_or_fails_is_explained(
    qtbot: QtBot, qapp: Application, faked: Faked, tmp_path: Path
) -> None:
    bar = shown(qtbot, faked, tmp_path / "a.png")
    ask(bar, "What color is the horse?")
    ((question, reply),) = faked.jobs.questions
    reply(Answered(question, "can't tell", 0.9, "colour", True, SOURCE))
    qtbot.waitUntil(lambda: "does not seem to show" in bar.explanation.text())
    reply(Answered(question, "red", 0.3, "colour", False, SOURCE))
    qtbot.waitUntil(lambda: bar.explanation.text() == "This answer may well be wrong.")
    qapp.language.choose("zh_CN")
    assert bar.explanation.text() == "这个回答很可能不对。"
    assert bar.field.placeholderText() == "就这张图片提问"
    qapp.language.choose("en")
    reply(Unanswered(question, sentence("No."), sentence("Try again.")))
    qtbot.waitUntil(lambda: (bar.answer.text(), bar.explanation.text()) == ("No.", "Try again."))
    assert bar.answer.accessibleName() == "No."


def test_an_answer_about_another_picture_is_not_shown(qtbot: QtBot, faked: Faked, tmp_path: Path) -> None:
    bar = shown(qtbot, faked, tmp_path / "a.png")
    ask(bar, "Where is this?")
    ((question, reply),) = faked.jobs.questions
    shown(qtbot, faked, tmp_path / "b.png")
    faked.window.desk.work.open_item(list(faked.window.desk.files)[-1])
    assert (bar.field.text(), bar.answer.text()) == ("", "")
    reply(Answered(question, "beach", 0.8, "where", False, SOURCE))
    qtbot.wait(100)
    assert bar.answer.text() == ""


def test_nothing_is_asked_about_a_film_or_without_words(qtbot: QtBot, faked: Faked, tmp_path: Path) -> None:
    assert not shown(qtbot, faked, tmp_path / "a.mp4", MediaKind.VIDEO).isVisible()
    bar = AskBar()
    qtbot.addWidget(bar)
    with qtbot.assertNotEmitted(bar.asked):
        ask(bar, "   ")
    assert not bar.button.isEnabled()


def test_tags_stand_under_the_caption_with_their_probabilities(
    qtbot: QtBot, faked: Faked, tmp_path: Path
) -> None:
    tags = Finding(
        kind=FindingKind.TAGS,
        modality=Modality.SCENE,
        t0=0.0,
        t1=0.0,
        source=SOURCE,
        evidence=(Evidence(Modality.SCENE, 0.0, 0.0),),
        text="golden retriever, tennis ball",
        language="en",
        confidence=0.81,
        distribution=(("golden retriever", 0.81), ("tennis ball", 0.4)),
    )
    (job,) = faked.open(tmp_path / "a.png")
    faked.jobs.run(job, tmp_path / "a.png", MediaKind.PICTURE, tags)
    text = faked.window.desk.work.text
    qtbot.waitUntil(lambda: text.model.rowCount() == 1)
    line = text.model.line(0)
    assert line.text.split("    ") == ["golden retriever 81%", "tennis ball 40%"]
    assert "Tags" in spoken_line(line)
    assert text.chips.chip(FindingKind.TAGS).text().startswith("Tags")


def test_the_real_queue_answers(
    qtbot: QtBot, own_home: Path, make_window: MakeWindow, tmp_path: Path
) -> None:
    write_packs(data_dir())
    write_asking_packs(data_dir())
    window = make_window(make_jobs)
    Image.fromarray(picture("blue")).save(tmp_path / "a.png")
    window.open_paths([tmp_path / "a.png"])
    bar = window.desk.work.text.ask_bar
    qtbot.waitUntil(bar.isVisible, timeout=60_000)
    ask(bar, "What color is the picture?")
    qtbot.waitUntil(lambda: bar.answer.text().startswith("blue · "), timeout=60_000)
    ask(bar, "why?")
    qtbot.waitUntil(lambda: bar.answer.text() == "This kind of question is not known.", timeout=60_000)
