"""The files of the library as a Qt model that knows their order, and reads rows when they are seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QImage

from mmdesk.control import Control
from mmdesk.errors import MmdeskError
from mmdesk.gui.background import Background
from mmdesk.gui.library.reading import Row, rows, thumbnail
from mmdesk.gui.library.words import spoken_row

AnyIndex = QModelIndex | QPersistentModelIndex
_NOWHERE: Final = QModelIndex()
_BLOCK = 60


class LibraryRole(IntEnum):
    """What the delegate asks for."""

    ROW = Qt.ItemDataRole.UserRole
    THUMBNAIL = Qt.ItemDataRole.UserRole + 1


class LibraryModel(QAbstractListModel):
    """Qt thread only; rows and pictures are read on background threads, block by block."""

    def __init__(
        self, background: Background, failed: Callable[[MmdeskError], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._background, self._failed = background, failed
        self._control = Control()
        self._numbers: tuple[int, ...] = ()
        self._places: dict[int, int] = {}
        self._rows: dict[int, Row] = {}
        self._asked: set[int] = set()
        self._pictures: dict[int, QImage | None] = {}

    def close(self) -> None:
        """Reads no more."""
        self._control.cancel()

    def show(self, numbers: Sequence[int]) -> None:
        """Shows other files; what was read of them before may be old."""
        self.beginResetModel()
        self._numbers = tuple(numbers)
        self._places = {number: place for place, number in enumerate(self._numbers)}
        self._rows, self._asked = {}, set()
        self.endResetModel()

    def row(self, place: int) -> Row | None:
        """The file of a row; None until it is read."""
        return self._rows.get(self._numbers[place]) if 0 <= place < len(self._numbers) else None

    def take(self, found: Sequence[Row]) -> None:
        """Rows that were read, or have changed."""
        for each in found:
            number = each.entry.number
            self._rows[number] = each
            if number in self._places:
                index = self.index(self._places[number])
                self.dataChanged.emit(index, index)

    def rowCount(self, parent: AnyIndex = _NOWHERE) -> int:
        """All files of the query."""
        return 0 if parent.isValid() else len(self._numbers)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The name, and what screen readers say; the whole row for the delegate."""
        if not index.isValid():
            return None
        row = self._seen(index.row())
        if role == LibraryRole.ROW or row is None:
            return row
        if role == LibraryRole.THUMBNAIL:
            return self._picture(row)
        if role == Qt.ItemDataRole.DisplayRole:
            return row.entry.name
        return spoken_row(row) if role == Qt.ItemDataRole.AccessibleTextRole else None

    def _seen(self, place: int) -> Row | None:
        """A row; one that is not there yet is asked for with its neighbours."""
        row = self._rows.get(self._numbers[place])
        block = place // _BLOCK
        if row is None and block not in self._asked:
            self._asked.add(block)
            numbers = self._numbers[block * _BLOCK : (block + 1) * _BLOCK]
            self._background.run(lambda: rows(numbers), self.take, self._failed)
        return row

    def _picture(self, row: Row) -> QImage | None:
        number = row.entry.number
        if number not in self._pictures:
            self._pictures[number] = None
            self._background.run(
                lambda: thumbnail(row.entry, self._control),
                lambda picture: self._show_picture(number, picture),
                self._failed,
            )
        return self._pictures[number]

    def _show_picture(self, number: int, picture: QImage) -> None:
        self._pictures[number] = picture
        if number in self._places:
            index = self.index(self._places[number])
            self.dataChanged.emit(index, index, [LibraryRole.THUMBNAIL])
