"""The stage shows one thing at a time, and takes its threads with it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from mmdesk.events import MediaKind
from mmdesk.gui.viewers.marks import Mark
from mmdesk.gui.viewers.overlays import Overlay
from mmdesk.gui.viewers.stage import Stage
from mmdesk.sentences import Sentence
from tests.gui.viewers.screens import number_of, wait
from tests.media.films_for_tests import Film, steady, write_film


@pytest.fixture
def stage(qtbot: QtBot) -> Iterator[Stage]:
    made = Stage(QLabel("Drop something here"))
    qtbot.addWidget(made)
    made.resize(640, 400)
    made.show()
    yield made
    made.shut_down()
    made.shut_down()


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return write_film(tmp_path / "film.mp4", Film(steady(60, step=50), codec="libx264", options={"g": "20"}))


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "picture.png"
    Image.fromarray(np.full((60, 80, 3), 99, np.uint8)).save(path)
    return path


def test_it_begins_empty(stage: Stage) -> None:
    assert stage.currentWidget() is stage.empty_page
    stage.seek(3.0)
    stage.play()
    stage.set_marks([Mark(0, 0)])
    assert stage.position == 0.0
    assert not stage.playing


def test_each_kind_has_its_viewer(qtbot: QtBot, stage: Stage, film: Path, picture: Path) -> None:
    stage.open(picture, MediaKind.PICTURE)
    wait(qtbot, lambda: stage.image_viewer.canvas.drawing is not None)
    assert stage.currentWidget() is stage.image_viewer
    stage.open(film, MediaKind.VIDEO, play=True)
    assert stage.currentWidget() is stage.video_viewer
    assert stage.image_viewer.canvas.drawing is None
    wait(qtbot, lambda: stage.playing and stage.position > 0.3)
    stage.open(picture, MediaKind.PICTURE)
    assert not stage.playing
    stage.open(film, MediaKind.SUBTITLES)
    assert stage.currentWidget() is stage.empty_page


def test_a_finding_jumps_and_is_told_back(qtbot: QtBot, stage: Stage, film: Path) -> None:
    told: list[float] = []
    stage.position_changed.connect(told.append)
    stage.open(film, MediaKind.VIDEO)
    stage.set_marks([Mark(1.0, 1.0), Mark(1.0, 2.0, 0.5)])
    stage.set_overlays([Overlay((0, 0, 1, 1), "Box", t0=1.0, t1=1.0)])
    stage.seek(1.0)
    wait(qtbot, lambda: number_of(stage.video_viewer.canvas.drawing) == 20)
    wait(qtbot, lambda: abs(told[-1] - 1.0) < 0.001)


def test_volume_is_remembered_by_the_owner(qtbot: QtBot, stage: Stage, film: Path) -> None:
    stage.set_sound(0.3, muted=True)
    stage.open(film, MediaKind.VIDEO)
    assert stage.video_viewer.transport.volume.value() == 30
    assert stage.video_viewer.transport.mute.isChecked()
    with qtbot.waitSignal(stage.sound_changed) as told:
        stage.video_viewer.transport.mute.click()
    assert told.args == [pytest.approx(0.3), False]


def test_what_cannot_be_shown_is_told_on_the_empty_page(qtbot: QtBot, stage: Stage, tmp_path: Path) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"\xff\xd8\xff\xe0 no picture")
    with qtbot.waitSignal(stage.failed) as told:
        stage.open(broken, MediaKind.PICTURE)
    assert isinstance(told.args[0], Sentence)
    assert stage.currentWidget() is stage.empty_page


def test_a_film_that_is_gone_leads_to_the_empty_page(qtbot: QtBot, stage: Stage, tmp_path: Path) -> None:
    with qtbot.waitSignal(stage.failed, timeout=5000):
        stage.open(tmp_path / "gone.mp4", MediaKind.VIDEO, play=True)
    wait(qtbot, lambda: stage.currentWidget() is stage.empty_page)


def test_closing_in_the_middle_of_everything(qtbot: QtBot, film: Path) -> None:
    for delay in (0, 20, 150):
        stage = Stage(QLabel())
        qtbot.addWidget(stage)
        stage.show()
        stage.open(film, MediaKind.VIDEO, play=True)
        qtbot.wait(delay)
        stage.seek(1.0)
        stage.shut_down()
        stage.close()


def test_nothing_heavy_is_loaded_before_something_is_opened() -> None:
    program = (
        "import sys; import mmdesk.gui.viewers.stage; "
        "print([name for name in ('numpy', 'cv2', 'av', 'PySide6.QtMultimedia') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert run.stdout.strip() == "[]", run.stderr
