"""Shows one picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from mmdesk.errors import MediaError, MmdeskError
from mmdesk.gui.language import follow_language, tr
from mmdesk.gui.viewers.canvas import KEY_STEP, Canvas
from mmdesk.gui.viewers.drawing import Drawing
from mmdesk.gui.viewers.latest import LatestWins
from mmdesk.gui.viewers.overlays import Overlay
from mmdesk.gui.viewers.shortcuts import Binding, bind

_PAN_STEP = 80.0
_SAY_OPENING_AFTER_MS = 250


@dataclass(frozen=True, slots=True)
class _Opened:
    """A picture that was decoded."""

    path: Path
    drawing: Drawing


def _read(path: Path) -> _Opened:
    """Decodes a picture and makes its smaller sizes; worker thread.

    Raises:
        MediaError: The picture cannot be read.
    """
    from mmdesk.media.picture import read_picture
    from mmdesk.media.screen import screen_levels

    rgb = read_picture(path)
    return _Opened(path, Drawing(rgb.shape[1], rgb.shape[0], screen_levels(rgb)))


class ImageViewer(QWidget):
    """A picture with zoom at the pointer, pan, fit, 1:1 and overlays. Qt thread only.

    Keys: + and - zoom, arrows pan, 0 or F fits, 1 shows 1:1.

    Signals:
        opened: The picture is shown.
        failed: A `Sentence`: why it is not.
    """

    opened = Signal()
    failed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.canvas = Canvas(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.canvas)
        self.setFocusProxy(self.canvas)
        self._path: Path | None = None
        self._reader = LatestWins(_read, self._on_read, self._on_failure, self, "picture")
        self._slow = QTimer(self)
        self._slow.setSingleShot(True)
        self._slow.setInterval(_SAY_OPENING_AFTER_MS)
        self._slow.timeout.connect(self._say_opening)
        bind(self, self._bindings())
        follow_language(self.retranslate)

    def _bindings(self) -> tuple[Binding, ...]:
        canvas = self.canvas
        return (
            Binding(("+", "=", "Ctrl++", "Ctrl+="), lambda: canvas.zoom(KEY_STEP), repeats=True),
            Binding(("-", "Ctrl+-"), lambda: canvas.zoom(1 / KEY_STEP), repeats=True),
            Binding(("0", "F"), canvas.fit),
            Binding(("1",), canvas.one_to_one),
            Binding(("Left",), lambda: canvas.pan(_PAN_STEP, 0), repeats=True),
            Binding(("Right",), lambda: canvas.pan(-_PAN_STEP, 0), repeats=True),
            Binding(("Up",), lambda: canvas.pan(0, _PAN_STEP), repeats=True),
            Binding(("Down",), lambda: canvas.pan(0, -_PAN_STEP), repeats=True),
        )

    def open(self, path: Path) -> None:
        """Shows a picture; what was shown stays until the new one is there (or is slow)."""
        self._path = path
        self._reader.forget()
        self._reader.ask(path)
        self._slow.start()

    def clear(self) -> None:
        """Shows nothing."""
        self._path = None
        self._slow.stop()
        self._reader.forget()
        self.canvas.set_overlays(())
        self.canvas.show_drawing(None)

    def set_overlays(self, overlays: Sequence[Overlay]) -> None:
        """Boxes over the picture."""
        self.canvas.set_overlays(overlays)

    def shut_down(self) -> None:
        """Ends the worker thread; nothing can be opened afterwards."""
        self._slow.stop()
        self._reader.close()

    def retranslate(self) -> None:
        """Sets all texts."""
        self.canvas.setAccessibleName(tr("Picture"))
        self.canvas.setAccessibleDescription(
            tr("Plus and minus zoom, arrow keys move, F fits the window, 1 shows every pixel.")
        )

    def _say_opening(self) -> None:
        self.canvas.show_drawing(None, tr("Opening…"))

    def _on_read(self, opened: _Opened) -> None:
        if opened.path != self._path:
            return
        self._slow.stop()
        self.canvas.show_drawing(opened.drawing)
        self.canvas.fit()
        self.opened.emit()

    def _on_failure(self, error: MmdeskError) -> None:
        if isinstance(error, MediaError) and error.path != self._path:
            return
        self._slow.stop()
        self.canvas.show_drawing(None)
        self.failed.emit(error.message)
