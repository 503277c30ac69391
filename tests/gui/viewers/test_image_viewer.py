"""Pictures on the screen: whole, close, moved, and with boxes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mmdesk.gui.application import Application
from mmdesk.gui.style.tokens import DARK, LIGHT
from mmdesk.gui.viewers.image_viewer import ImageViewer
from mmdesk.gui.viewers.overlays import Overlay
from mmdesk.sentences import Sentence
from tests.gui.viewers.screens import colour_at

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


@pytest.fixture
def viewer(qtbot: QtBot) -> Iterator[ImageViewer]:
    made = ImageViewer()
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show()
    made.canvas.setFocus()
    yield made
    made.shut_down()


def _save(path: Path, pixels: NDArray[np.uint8]) -> Path:
    Image.fromarray(pixels).save(path)
    return path


def _quarters(width: int, height: int) -> NDArray[np.uint8]:
    pixels = np.empty((height, width, 3), np.uint8)
    pixels[: height // 2, : width // 2], pixels[: height // 2, width // 2 :] = RED, GREEN
    pixels[height // 2 :, : width // 2], pixels[height // 2 :, width // 2 :] = BLUE, WHITE
    return pixels


def _open(qtbot: QtBot, viewer: ImageViewer, path: Path) -> None:
    with qtbot.waitSignal(viewer.opened, timeout=10_000):
        viewer.open(path)


def _wheel(viewer: ImageViewer, at: QPointF, notches: int) -> None:
    canvas = viewer.canvas
    event = QWheelEvent(
        at,
        canvas.mapToGlobal(at),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas, event)


def test_the_whole_picture_is_shown_in_its_colours(qtbot: QtBot, viewer: ImageViewer, tmp_path: Path) -> None:
    _open(qtbot, viewer, _save(tmp_path / "quarters.png", _quarters(800, 400)))
    assert colour_at(viewer.canvas, 20, 60) == RED
    assert colour_at(viewer.canvas, 380, 60) == GREEN
    assert colour_at(viewer.canvas, 20, 240) == BLUE
    assert colour_at(viewer.canvas, 380, 240) == WHITE
    assert colour_at(viewer.canvas, 200, 20) == (0x15, 0x17, 0x1D), "the stage is above it"


def test_fine_lines_become_grey_and_do_not_alias(qtbot: QtBot, viewer: ImageViewer, tmp_path: Path) -> None:
    stripes = np.zeros((1500, 2900, 3), np.uint8)
    stripes[:, ::2] = 255
    _open(qtbot, viewer, _save(tmp_path / "stripes.png", stripes))
    row = [colour_at(viewer.canvas, x, 150)[0] for x in range(40, 360, 8)]
    assert min(row) > 110
    assert max(row) < 145


def test_pixels_are_crisp_when_they_are_large(qtbot: QtBot, viewer: ImageViewer, tmp_path: Path) -> None:
    checks = np.indices((40, 40)).sum(axis=0) % 2 * 255
    picture = np.repeat(checks.astype(np.uint8)[:, :, None], 3, axis=2)
    _open(qtbot, viewer, _save(tmp_path / "checks.png", picture))
    for _ in range(12):
        QTest.keyClick(viewer.canvas, Qt.Key.Key_Plus)
    assert viewer.canvas.view.scale > 30
    image = viewer.canvas.grab().toImage()
    seen = {image.pixelColor(x, 150).red() for x in range(400)}
    assert seen == {0, 255}


def test_the_wheel_zooms_at_the_pointer(qtbot: QtBot, viewer: ImageViewer, tmp_path: Path) -> None:
    _open(qtbot, viewer, _save(tmp_path / "quarters.png", _quarters(1600, 1200)))
    at = QPointF(300, 100)
    before = viewer.canvas.view.to_picture(300, 100)
    _wheel(viewer, at, 3)
    assert viewer.canvas.view.scale == pytest.approx(0.25 * 1.2**3)
    assert viewer.canvas.view.to_picture(300, 100) == pytest.approx(before, abs=3)
    _wheel(viewer, at, -20)
    assert viewer.canvas.view.scale == 0.25


def test_keys_fit_show_every_pixel_and_move(qtbot: QtBot, viewer: ImageViewer, tmp_path: Path) -> None:
    _open(qtbot, viewer, _save(tmp_path / "quarters.png", _quarters(1600, 1200)))
    canvas = viewer.canvas
    QTest.keyClick(canvas, Qt.Key.Key_1)
    assert canvas.view.scale == 1.0
    x = canvas.view.x
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    assert canvas.view.x < x
    QTest.keyClick(canvas, Qt.Key.Key_F)
    assert canvas.view.scale == 0.25
    QTest.keyClick(canvas, Qt.Key.Key_Plus)
    QTest.keyClick(canvas, Qt.Key.Key_0)
    assert canvas.view.fitted


def test_dragging_moves_and_a_double_click_toggles(qtbot: QtBot, viewer: ImageViewer, tmp_path: Path) -> None:
    _open(qtbot, viewer, _save(tmp_path / "quarters.png", _quarters(1600, 1200)))
    canvas = viewer.canvas
    QTest.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    assert canvas.view.scale == 1.0
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    before = canvas.view
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    QTest.mouseMove(canvas, QPoint(60, 80))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(60, 80))
    assert (canvas.view.x, canvas.view.y) == (before.x - 40, before.y - 20)
    QTest.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    assert canvas.view.fitted


def test_a_picture_wider_than_qt_can_scale(qtbot: QtBot, viewer: ImageViewer, tmp_path: Path) -> None:
    strip = np.zeros((20, 50_000, 3), np.uint8)
    strip[:, 49_000:] = RED
    _open(qtbot, viewer, _save(tmp_path / "strip.png", strip))
    QTest.keyClick(viewer.canvas, Qt.Key.Key_1)
    viewer.canvas.pan(-50_000, 0)
    assert colour_at(viewer.canvas, 390, 150) == RED
    assert colour_at(viewer.canvas, 10, 150) == RED
    viewer.canvas.pan(20_000, 0)
    assert colour_at(viewer.canvas, 200, 150) == (0, 0, 0)


def test_a_damaged_picture_is_told(qtbot: QtBot, viewer: ImageViewer, tmp_path: Path) -> None:
    whole = _save(tmp_path / "whole.png", _quarters(200, 200)).read_bytes()
    (tmp_path / "half.png").write_bytes(whole[: len(whole) // 2])
    with qtbot.waitSignal(viewer.failed) as told:
        viewer.open(tmp_path / "half.png")
    assert isinstance(told.args[0], Sentence)
    assert viewer.canvas.drawing is None


def test_the_last_of_many_openings_is_shown(qtbot: QtBot, viewer: ImageViewer, tmp_path: Path) -> None:
    colours = [(40 * n, 255 - 40 * n, 7) for n in range(6)]
    for number, colour in enumerate(colours):
        _save(tmp_path / f"{number}.png", np.full((100, 100, 3), colour, np.uint8))
    for number in range(6):
        viewer.open(tmp_path / f"{number}.png")
    qtbot.waitUntil(lambda: colour_at(viewer.canvas, 200, 150) == colours[-1])
    viewer.clear()
    assert viewer.canvas.drawing is None


def test_boxes_lie_where_they_belong(qtbot: QtBot, viewer: ImageViewer, tmp_path: Path) -> None:
    _open(qtbot, viewer, _save(tmp_path / "grey.png", np.full((300, 400, 3), 128, np.uint8)))
    viewer.set_overlays([Overlay((0.25, 0.5, 0.5, 0.25), "Person", "positive")])
    line = tuple(int(DARK.positive[at : at + 2], 16) for at in (1, 3, 5))
    assert colour_at(viewer.canvas, 100, 180) == line
    assert colour_at(viewer.canvas, 300, 180) == line
    assert colour_at(viewer.canvas, 200, 225) == line
    assert colour_at(viewer.canvas, 200, 180) == (128, 128, 128)
    viewer.set_overlays(())
    assert colour_at(viewer.canvas, 100, 180) == (128, 128, 128)


def test_texts_and_background_follow_language_and_theme(
    qtbot: QtBot, viewer: ImageViewer, qapp: Application
) -> None:
    assert viewer.canvas.accessibleName() == "Picture"
    assert LIGHT.stage != DARK.stage
    qapp.theme.choose("dark")
    assert colour_at(viewer.canvas, 5, 5) == tuple(int(DARK.stage[at : at + 2], 16) for at in (1, 3, 5))


def test_a_box_is_shown_with_its_own_frames_only() -> None:
    box = Overlay((0, 0, 1, 1), t0=1.0, t1=2.0)
    assert [box.at(t) for t in (0.9, 1.0, 1.5, 2.0, 2.1)] == [False, True, True, True, False]
    assert box.at(None)
