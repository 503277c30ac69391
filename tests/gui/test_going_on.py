"""After the program was killed, the window offers to go on, and does."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mmdesk.analysis.request import AnalysisRequest
from mmdesk.config.paths import data_dir, results_file
from mmdesk.gui.app import make_jobs
from mmdesk.jobs.state import JobState
from mmdesk.library.project import Project
from tests.analysis.scenes_for_tests import Scene, write_scenes
from tests.gui.conftest import MakeWindow
from tests.packs_for_tests import colour_caption, write_packs

PATIENCE_MS = 30_000


@pytest.fixture
def left(own_home: Path, tmp_path: Path) -> list[Path]:
    """Two films that a program that died had in its queue."""
    write_packs(data_dir())
    films = [write_scenes(tmp_path / f"{c}.mp4", [Scene(c, 2)]) for c in ("red", "blue")]
    project = Project(results_file())
    session = project.sessions.begin()
    project.jobs.add(session.token, 1, [AnalysisRequest(film) for film in films])
    session.release()
    project.close()
    return films


def test_it_offers_to_go_on_and_does(qtbot: QtBot, make_window: MakeWindow, left: list[Path]) -> None:
    window = make_window(make_jobs)
    offer = window.desk.offer
    qtbot.waitUntil(offer.isVisible, timeout=PATIENCE_MS)
    assert offer.words.text().startswith("2 files were not finished")
    QTest.keyClick(offer.go_on, Qt.Key.Key_Space)
    files = window.desk.files
    qtbot.waitUntil(lambda: [item.state for item in files] == [JobState.DONE] * 2, timeout=PATIENCE_MS)
    assert [item.path for item in files] == left
    assert [item.findings[0].text for item in files] == [colour_caption("red"), colour_caption("blue")]
    assert not offer.isVisible()
    window.close()
    again = make_window(make_jobs)
    qtbot.wait(500)
    assert not again.desk.offer.isVisible(), "everything is done"


def test_not_now_asks_again_and_never_does_not(
    qtbot: QtBot, make_window: MakeWindow, left: list[Path]
) -> None:
    for button in ("later", "forget"):
        window = make_window(make_jobs)
        offer = window.desk.offer
        qtbot.waitUntil(offer.isVisible, timeout=PATIENCE_MS)
        getattr(offer, button).click()
        assert not offer.isVisible()
        window.close()
    project = Project(results_file())
    assert project.jobs.unfinished() == []
    assert len(project.jobs.outcomes()) == len(left)
    project.close()


def test_a_new_home_offers_nothing_and_makes_no_database(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(make_jobs)
    qtbot.wait(300)
    assert not window.desk.offer.isVisible()
    assert not results_file().exists()
