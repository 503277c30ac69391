"""The lines of one file as a Qt model: filtered by kind, searched, one of them current."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from enum import IntEnum
from typing import Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from mmdesk.events import FindingKind
from mmdesk.gui.text.lines import Line, Lines, line_at
from mmdesk.gui.text.words import spoken_line

AnyIndex = QModelIndex | QPersistentModelIndex
_NOWHERE: Final = QModelIndex()


class Role(IntEnum):
    """What the delegate asks for."""

    LINE = Qt.ItemDataRole.UserRole
    CURRENT = Qt.ItemDataRole.UserRole + 1


class TextModel(QAbstractListModel):
    """Shows some of the lines of one file at a time. Qt thread only.

    Signals:
        counts_changed: There are more or fewer lines of some kind.
    """

    counts_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines = Lines()
        self._shown: list[Line] = []
        self._hidden: frozenset[FindingKind] = frozenset()
        self._counts: Counter[FindingKind] = Counter()
        self._current: Line | None = None

    # What the view asks.

    def rowCount(self, parent: AnyIndex = _NOWHERE) -> int:
        """Lines that pass the filter."""
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The words for reading and for screen readers; the whole line for the delegate."""
        if not index.isValid():
            return None
        line = self._shown[index.row()]
        if role == Role.LINE:
            return line
        if role == Role.CURRENT:
            return line is self._current
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return line.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken_line(line)
        return None

    # What the panel does.

    @property
    def counts(self) -> dict[FindingKind, int]:
        """How many lines there are of each kind, hidden ones included."""
        return dict(self._counts)

    def line(self, row: int) -> Line:
        """The line of a row."""
        return self._shown[row]

    def show(self, lines: Lines) -> None:
        """Shows another file."""
        self.beginResetModel()
        self._lines = lines
        self._current = None
        self._counts = Counter(line.kind for line in lines.all())
        self._shown = self._passing(lines.all())
        self.endResetModel()
        self.counts_changed.emit()

    def hide_kinds(self, kinds: frozenset[FindingKind]) -> None:
        """Leaves out lines of these kinds."""
        if kinds != self._hidden:
            self.beginResetModel()
            self._hidden = kinds
            self._shown = self._passing(self._lines.all())
            self.endResetModel()

    def take(self, new: Sequence[Line], changed: Sequence[Line]) -> None:
        """Passes on what `Lines.add` said about the lines shown here."""
        passing = self._passing(new)
        at = 0
        while at < len(passing):
            at = self._insert_run(passing, at)
        for line in changed:
            row = self.row_of(line)
            if row is not None:
                self.dataChanged.emit(self.index(row), self.index(row))
        if new:
            self._counts.update(line.kind for line in new)
            self.counts_changed.emit()

    def _insert_run(self, new: Sequence[Line], at: int) -> int:
        """Inserts as many lines as belong side by side; returns where the next run begins."""
        row = self._place(new[at])
        end = at + 1
        while end < len(new) and self._place(new[end]) == row:
            end += 1
        self.beginInsertRows(_NOWHERE, row, row + end - at - 1)
        self._shown[row:row] = new[at:end]
        self.endInsertRows()
        return end

    def row_of(self, line: Line) -> int | None:
        """The row of a line; None where it is hidden."""
        row = self._place(line)
        return row if row < len(self._shown) and self._shown[row] is line else None

    def set_time(self, t: float | None) -> int | None:
        """Marks the line of a moment as current.

        Args:
            t: Seconds; None for no moment.

        Returns:
            Its row; None where there is none.
        """
        row = None if t is None else line_at(self._shown, t)
        line = None if row is None else self._shown[row]
        if line is not self._current:
            before, self._current = self._current, line
            for changed in (before, line):
                self._repaint(changed)
        return row

    def current_row(self) -> int | None:
        """The row of the current line; None where there is none or it is hidden."""
        return None if self._current is None else self.row_of(self._current)

    def _repaint(self, line: Line | None) -> None:
        row = None if line is None else self.row_of(line)
        if row is not None:
            self.dataChanged.emit(self.index(row), self.index(row), [Role.CURRENT])

    def rows_with(self, words: str) -> list[int]:
        """Rows whose text contains the words, whatever their case; none for no words."""
        wanted = words.casefold()
        if not wanted:
            return []
        return [row for row, line in enumerate(self._shown) if wanted in line.text.casefold()]

    def _passing(self, lines: Sequence[Line]) -> list[Line]:
        return [line for line in lines if line.kind not in self._hidden]

    def _place(self, line: Line) -> int:
        return bisect_left(self._shown, line.key, key=lambda known: known.key)
