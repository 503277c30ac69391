"""Which rows hold the words that are looked for, and which of them is the current one."""

from __future__ import annotations

from bisect import bisect_left

from PySide6.QtCore import QObject, QTimer, Signal

from mmdesk.gui.text.model import TextModel

_AGAIN_AFTER_MS = 200


class Finder(QObject):
    """Looks for words in a model, and again (a little later) when lines arrive.

    Signals:
        matches_changed: (current counted from 1 or 0, count).
    """

    matches_changed = Signal(int, int)

    def __init__(self, model: TextModel, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model
        self._rows: list[int] = []
        self._at = -1
        self.query = ""
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_AGAIN_AFTER_MS)
        self._later.timeout.connect(self._look_again)
        model.rowsInserted.connect(self._on_change)
        model.modelReset.connect(self._on_change)

    def look_for(self, query: str, near: int) -> int | None:
        """Starts looking for words.

        Args:
            query: The words.
            near: The row from which on the first match is wanted.

        Returns:
            The row of the current match; None without any.
        """
        self.query = query
        self._rows = self._model.rows_with(query)
        self._at = self._first_from(near)
        self._tell()
        return self.row()

    def step(self, by: int) -> int | None:
        """Goes to the next (1) or previous (-1) match, around the ends; returns its row."""
        if self._rows:
            self._at = (self._at + by) % len(self._rows)
            self._tell()
        return self.row()

    def row(self) -> int | None:
        """The row of the current match."""
        return self._rows[self._at] if 0 <= self._at < len(self._rows) else None

    def _first_from(self, near: int) -> int:
        if not self._rows:
            return -1
        return bisect_left(self._rows, near) % len(self._rows)

    def _on_change(self) -> None:
        if self.query and not self._later.isActive():
            self._later.start()

    def _look_again(self) -> None:
        if self.query:
            before = self.row()
            self._rows = self._model.rows_with(self.query)
            self._at = self._first_from(0 if before is None else before)
            self._tell()

    def _tell(self) -> None:
        self.matches_changed.emit(self._at + 1, len(self._rows))
