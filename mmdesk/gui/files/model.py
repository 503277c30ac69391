"""The opened files as a Qt model."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from typing import Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QImage

from mmdesk.gui.files.item import Item
from mmdesk.gui.files.words import spoken_item
from mmdesk.gui.names import shown_name

AnyIndex = QModelIndex | QPersistentModelIndex
_NOWHERE: Final = QModelIndex()


class FileRole(IntEnum):
    """What the delegate asks for."""

    ITEM = Qt.ItemDataRole.UserRole
    THUMBNAIL = Qt.ItemDataRole.UserRole + 1
    OPENED = Qt.ItemDataRole.UserRole + 2


class FilesModel(QAbstractListModel):
    """Files in the order in which they were opened. Qt thread only.

    Signals:
        summary_changed: How many there are, or how they ended, is different.
        thumbnail_wanted: This `Item` is being painted and nobody has looked at it yet.
    """

    summary_changed = Signal()
    thumbnail_wanted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._items: list[Item] = []
        self._rows: dict[int, int] = {}
        self._thumbnails: dict[int, QImage] = {}
        self._looked_at: set[int] = set()
        self._opened: Item | None = None

    def __iter__(self) -> Iterator[Item]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    # What the view asks.

    def rowCount(self, parent: AnyIndex = _NOWHERE) -> int:
        """All files."""
        return 0 if parent.isValid() else len(self._items)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The name and what screen readers say; the whole item for the delegate."""
        if not index.isValid():
            return None
        item = self._items[index.row()]
        if role == FileRole.ITEM:
            return item
        if role == FileRole.THUMBNAIL:
            return self._thumbnail(item)
        if role == FileRole.OPENED:
            return item is self._opened
        if role == Qt.ItemDataRole.DisplayRole:
            return shown_name(item.path)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken_item(item)
        return None

    def _thumbnail(self, item: Item) -> QImage | None:
        if item.job not in self._looked_at:
            self._looked_at.add(item.job)
            self.thumbnail_wanted.emit(item)
        return self._thumbnails.get(item.job)

    # What the window does.

    @property
    def opened(self) -> Item | None:
        """The file that the viewer shows."""
        return self._opened

    def item(self, job: int) -> Item | None:
        """The file of a job; None where it was removed or never was one."""
        row = self._rows.get(job)
        return None if row is None else self._items[row]

    def row_of(self, item: Item) -> int:
        """The row of a file."""
        return self._rows[item.job]

    def add(self, item: Item) -> None:
        """Adds a file at the end."""
        row = len(self._items)
        self.beginInsertRows(_NOWHERE, row, row)
        self._items.append(item)
        self._rows[item.job] = row
        self.endInsertRows()
        self.summary_changed.emit()

    def remove(self, item: Item) -> None:
        """Takes a file out of the list; nothing on disk changes."""
        row = self._rows[item.job]
        self.beginRemoveRows(_NOWHERE, row, row)
        del self._items[row]
        self._rows = {each.job: at for at, each in enumerate(self._items)}
        self._thumbnails.pop(item.job, None)
        if item is self._opened:
            self._opened = None
        self.endRemoveRows()
        self.summary_changed.emit()

    def changed(self, item: Item) -> None:
        """Something about a file is different."""
        row = self._rows.get(item.job)
        if row is not None:
            self.dataChanged.emit(self.index(row), self.index(row))
            self.summary_changed.emit()

    def set_opened(self, item: Item | None) -> None:
        """Marks the file that the viewer shows."""
        before, self._opened = self._opened, item
        for each in (before, item):
            if each is not None and each.job in self._rows:
                row = self._rows[each.job]
                self.dataChanged.emit(self.index(row), self.index(row), [FileRole.OPENED])

    def set_thumbnail(self, job: int, picture: QImage) -> None:
        """Shows a small picture of a file."""
        row = self._rows.get(job)
        if row is not None:
            self._thumbnails[job] = picture
            self.dataChanged.emit(self.index(row), self.index(row), [FileRole.THUMBNAIL])
