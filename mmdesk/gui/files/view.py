"""The list of files: Enter opens, Space pauses, Delete stops or removes."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QAction, QContextMenuEvent, QHelpEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QMenu, QToolTip, QWidget

from mmdesk.gui.files.actions import FileAction, action_name, actions_for
from mmdesk.gui.files.delegate import ROW_HEIGHT, FileDelegate, button_places
from mmdesk.gui.files.item import Item
from mmdesk.gui.files.model import FileRole, FilesModel
from mmdesk.gui.files.words import described_item
from mmdesk.gui.language import follow_language, tr
from mmdesk.gui.rows import RowsView
from mmdesk.gui.style.icons import show_icon

_KEYS = {
    Qt.Key.Key_Space: (FileAction.PAUSE, FileAction.RESUME),
    Qt.Key.Key_Delete: (FileAction.STOP, FileAction.REMOVE),
    Qt.Key.Key_F5: (FileAction.RETRY,),
}


class FilesView(RowsView):
    """The files that were opened.

    Signals:
        open_asked: Show this `Item`.
        asked: Do this (`FileAction`) to this `Item`.
    """

    open_asked = Signal(object)
    asked = Signal(object, object)

    def __init__(self, model: FilesModel, parent: QWidget | None = None) -> None:
        super().__init__(model, parent)
        self._delegate = FileDelegate(self)
        self.setItemDelegate(self._delegate)
        self.set_row_height(ROW_HEIGHT)
        follow_language(self._retranslate)

    def _retranslate(self) -> None:
        self.setAccessibleName(tr("Files"))
        self.setAccessibleDescription(tr("Enter opens, Space pauses, Delete stops or removes."))
        self.viewport().update()

    def selected_items(self) -> list[Item]:
        """The selected files, from top to bottom."""
        rows = sorted(self.selectionModel().selectedRows(), key=QModelIndex.row)
        found = [index.data(FileRole.ITEM) for index in rows]
        return [item for item in found if isinstance(item, Item)]

    def button_place(self, item: Item, action: FileAction) -> QRect:
        """Where a button is in the viewport."""
        row = next(r for r in range(self.model().rowCount()) if self._item(r) is item)
        return button_places(self.visualRect(self.model().index(row, 0)), item)[action]

    def _item(self, row: int) -> Item | None:
        item = self.model().index(row, 0).data(FileRole.ITEM)
        return item if isinstance(item, Item) else None

    def _at(self, place: QPoint) -> tuple[Item | None, FileAction | None]:
        """The file and the button under a place of the viewport."""
        index = self.indexAt(place)
        item = index.data(FileRole.ITEM)
        if not isinstance(item, Item):
            return None, None
        places = button_places(self.visualRect(index), item)
        return item, next((action for action, rect in places.items() if rect.contains(place)), None)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Lights the button under the pointer."""
        self._delegate.pointer = event.position().toPoint()
        self.viewport().update(self.visualRect(self.indexAt(self._delegate.pointer)))
        super().mouseMoveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press on a button does not select."""
        if self._at(event.position().toPoint())[1] is None:
            super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on a button does it, any other plain click opens the file."""
        item, action = self._at(event.position().toPoint())
        if item is not None and action is not None and event.button() == Qt.MouseButton.LeftButton:
            self.asked.emit(action, item)
            return
        super().mouseReleaseEvent(event)
        if item is not None and _plain_click(event):
            self.open_asked.emit(item)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys for what the buttons do, for all selected files."""
        wanted = _KEYS.get(Qt.Key(event.key()))
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            item = self.currentIndex().data(FileRole.ITEM)
            if isinstance(item, Item):
                self.open_asked.emit(item)
        elif wanted is not None:
            self._ask(wanted)
        else:
            super().keyPressEvent(event)

    def _ask(self, wanted: tuple[FileAction, ...]) -> None:
        for item in self.selected_items():
            possible = [action for action in wanted if action in actions_for(item)]
            if possible:
                self.asked.emit(possible[0], item)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The same as a menu, with words."""
        item = self.indexAt(event.pos()).data(FileRole.ITEM)
        if not isinstance(item, Item):
            return
        menu = QMenu(self)
        opening = QAction(tr("Open"), menu)
        opening.triggered.connect(lambda: self.open_asked.emit(item))
        menu.addAction(opening)
        for action in actions_for(item):
            entry = QAction(action_name(action), menu)
            show_icon(entry, action.value)
            entry.triggered.connect(lambda _checked=False, act=action: self.asked.emit(act, item))
            menu.addAction(entry)
        menu.exec(event.globalPos())
        menu.deleteLater()

    def viewportEvent(self, event: QEvent) -> bool:
        """Says in a tooltip what a button does, or everything about a file."""
        if isinstance(event, QHelpEvent):
            item, action = self._at(event.pos())
            words = action_name(action) if action else described_item(item) if item else ""
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().viewportEvent(event)


def _plain_click(event: QMouseEvent) -> bool:
    return event.button() == Qt.MouseButton.LeftButton and event.modifiers() == Qt.KeyboardModifier.NoModifier
