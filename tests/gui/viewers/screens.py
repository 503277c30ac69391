"""What tests need to look at viewers: waiting for frames, reading the number that a frame spells."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from mmdesk.gui.viewers.drawing import Drawing
from mmdesk.gui.viewers.video_viewer import VideoViewer
from tests.media.films_for_tests import number_in


def number_of(drawing: Drawing | None) -> int:
    """The number that the drawn frame spells; -1 when nothing is drawn."""
    if drawing is None:
        return -1
    return number_in(rgb_of(drawing))


def rgb_of(drawing: Drawing) -> NDArray[np.uint8]:
    """The finest pixels of a drawing as red, green, blue."""
    pixels = drawing.levels[0]
    return np.ascontiguousarray(pixels[:, :, 2::-1]) if pixels.shape[2] == 4 else pixels


def wait(qtbot: QtBot, condition: Callable[[], bool], timeout: int = 5000) -> None:
    """Runs the event loop until the condition holds."""
    qtbot.waitUntil(condition, timeout=timeout)


def wait_for_number(qtbot: QtBot, viewer: VideoViewer, number: int) -> None:
    """Until the frame with this number is on the canvas."""
    try:
        qtbot.waitUntil(lambda: number_of(viewer.canvas.drawing) == number, timeout=5000)
    except Exception as failure:
        seen = number_of(viewer.canvas.drawing)
        raise AssertionError(f"frame {seen} is shown, not {number}") from failure


def wait_for_position(qtbot: QtBot, viewer: VideoViewer, t: float) -> None:
    """Until the viewer says that it is at this second."""
    qtbot.waitUntil(lambda: abs(viewer.playback.position - t) < 0.0006, timeout=5000)


def colour_at(widget: QWidget, x: int, y: int) -> tuple[int, int, int]:
    """The colour that a widget paints at a point."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    ratio = image.devicePixelRatio()
    colour = image.pixelColor(round(x * ratio), round(y * ratio))
    return colour.red(), colour.green(), colour.blue()
