"""Files that come by drag and drop or from the clipboard."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QObject, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from mmdesk.gui.highlight import Highlight


def paths_in(data: QMimeData) -> list[Path]:
    """Local files and folders that were dragged or copied; none for anything else."""
    if data.hasUrls():
        return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    lines = [line.strip().strip('"') for line in data.text().splitlines()] if data.hasText() else []
    paths = [Path(line) for line in lines if line and len(line) < 4096]
    return paths if paths and all(path.is_absolute() and path.exists() for path in paths) else []


class DropArea(QObject):
    """Makes a widget take dropped files. Qt thread only.

    Signals:
        dropped: A list of `Path`.
    """

    dropped = Signal(list)

    def __init__(self, area: QWidget) -> None:
        """Belongs to `area`."""
        super().__init__(area)
        self._area = area
        area.setAcceptDrops(True)
        area.installEventFilter(self)

    @cached_property
    def highlight(self) -> Highlight:
        """Lies over the area while files are held above it."""
        from mmdesk.gui.highlight import Highlight

        return Highlight(self._area)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Takes what is dragged over the area."""
        match event.type():
            case QEvent.Type.DragEnter if isinstance(event, QDragEnterEvent):
                return self._enter(event)
            case QEvent.Type.DragLeave:
                self.highlight.hide()
            case QEvent.Type.Drop if isinstance(event, QDropEvent):
                return self._drop(event)
            case _:
                pass
        return super().eventFilter(watched, event)

    def _enter(self, event: QDragEnterEvent) -> bool:
        if not paths_in(event.mimeData()):
            return False
        event.acceptProposedAction()
        self.highlight.setGeometry(self._area.rect())
        self.highlight.raise_()
        self.highlight.show()
        return True

    def _drop(self, event: QDropEvent) -> bool:
        self.highlight.hide()
        paths = paths_in(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.dropped.emit(paths)
        return bool(paths)
