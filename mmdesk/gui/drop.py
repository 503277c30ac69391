"""Files that come by drag and drop or from the clipboard."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, QRect, Qt, Signal
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from mmdesk.gui.language import tr
from mmdesk.gui.style.icon_cache import IconCache
from mmdesk.gui.style.theme import colours
from mmdesk.gui.style.tokens import IconSize, Radius, Space, TypeSize


def paths_in(data: QMimeData) -> list[Path]:
    """Local files and folders that were dragged or copied; none for anything else."""
    if data.hasUrls():
        return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    lines = [line.strip().strip('"') for line in data.text().splitlines()] if data.hasText() else []
    paths = [Path(line) for line in lines if line and len(line) < 4096]
    return paths if paths and all(path.is_absolute() and path.exists() for path in paths) else []


class _Highlight(QWidget):
    """Lies over the window while files are held above it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._icons = IconCache(self)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A veil, a dashed frame and what will happen."""
        worn = colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = QColor(worn.window)
        veil.setAlphaF(0.6)
        painter.fillRect(self.rect(), veil)
        ground = QColor(worn.accent_soft)
        ground.setAlphaF(0.92)
        inside = self.rect().adjusted(Space.MEDIUM, Space.MEDIUM, -Space.MEDIUM, -Space.MEDIUM)
        painter.setPen(QPen(QColor(worn.accent), 2, Qt.PenStyle.DashLine))
        painter.setBrush(ground)
        painter.drawRoundedRect(inside, Radius.CARD, Radius.CARD)
        edge = int(IconSize.LARGE)
        middle = inside.center()
        self._icons.paint(
            painter, "save", worn.accent, QRect(middle.x() - edge // 2, middle.y() - edge, edge, edge)
        )
        font = painter.font()
        font.setPixelSize(TypeSize.TITLE)
        font.setWeight(font.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(QColor(worn.text))
        words = QRect(inside.left(), middle.y() + Space.SMALL, inside.width(), 32)
        painter.drawText(words, int(Qt.AlignmentFlag.AlignCenter), tr("Drop to open"))
        painter.end()


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
        self.highlight = _Highlight(area)
        area.setAcceptDrops(True)
        area.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Takes what is dragged over the area."""
        match event.type():
            case QEvent.Type.DragEnter if isinstance(event, QDragEnterEvent):
                return self._enter(event)
            case QEvent.Type.DragLeave:
                self.highlight.hide()
            case QEvent.Type.Drop if isinstance(event, QDropEvent):
                return self._drop(event)
            case QEvent.Type.Resize:
                self.highlight.setGeometry(self._area.rect())
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
