"""Viewers in tests: made with qtbot, shut down so that their threads end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from mmdesk.gui.viewers.video_viewer import VideoViewer


@pytest.fixture
def viewer(qtbot: QtBot) -> Iterator[VideoViewer]:
    """A film viewer on the screen."""
    made = VideoViewer()
    qtbot.addWidget(made)
    made.resize(640, 420)
    made.show()
    yield made
    made.shut_down()
