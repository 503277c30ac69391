"""The list of lines: click or Enter jumps, the current line is kept in view, Ctrl+C copies."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QKeySequence, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QAbstractSlider, QToolTip, QWidget

from mmdesk.gui.language import follow_language, tr
from mmdesk.gui.rows import RowsView
from mmdesk.gui.text.delegate import LineDelegate
from mmdesk.gui.text.line_editor import LineEditor
from mmdesk.gui.text.lines import Line
from mmdesk.gui.text.model import Role, TextModel
from mmdesk.gui.text.words import described_line


class LineView(RowsView):
    """The lines of a file.

    Signals:
        jumped: The person wants to go to this moment, seconds.
        scrolled: The person scrolled with the mouse, the bar or the keys.
        copy_asked: The person pressed the keys for copying.
        edited: A `Line` is to have these words.
        typed: A `Line` and the words that are being typed; None when that has ended.
        deleted: These lines (a list) are to go.
    """

    jumped = Signal(float)
    scrolled = Signal()
    copy_asked = Signal()
    edited = Signal(object, str)
    typed = Signal(object, object)
    deleted = Signal(object)

    def __init__(self, model: TextModel, parent: QWidget | None = None) -> None:
        super().__init__(model, parent)
        self.delegate = LineDelegate(self)
        self.setItemDelegate(self.delegate)
        self._measure_later = QTimer(self)
        self._measure_later.setSingleShot(True)
        self._measure_later.timeout.connect(self._measure)
        self.editor: LineEditor | None = None
        self._forget_heights()
        model.dataChanged.connect(self._on_data_changed)
        model.rowsInserted.connect(self._measure_soon)
        model.modelReset.connect(self._forget_heights)
        self.verticalScrollBar().valueChanged.connect(self._measure_soon)
        self.clicked.connect(self._jump)
        self.verticalScrollBar().actionTriggered.connect(self._on_scroll_action)
        follow_language(self._retranslate)

    def _retranslate(self) -> None:
        self.setAccessibleName(tr("Captions and transcript"))
        self.setAccessibleDescription(tr("Enter jumps to the moment of a line, F2 edits it."))
        self.viewport().update()

    # Rows are as tall as their words need, which is found out when they are first seen: of 100,000 rows
    # only some twenty are. Most need the usual height, so that little moves.

    def _forget_heights(self) -> None:
        self.set_row_height(self.delegate.usual_height(self.fontMetrics()))
        self._measure_soon()

    def _on_data_changed(self, _first: QModelIndex, _last: QModelIndex, roles: list[int]) -> None:
        if roles != [Role.CURRENT]:
            self._measure_soon()

    def _measure_soon(self) -> None:
        if not self._measure_later.isActive():
            self._measure_later.start(0)

    def _measure(self) -> None:
        """Gives the rows that are seen their height."""
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        if first < 0:
            return
        font, width = self.font(), self.columnWidth(0)
        for row in range(first, (self.model().rowCount() if last < 0 else last + 1)):
            line = self.model().index(row, 0).data(Role.LINE)
            if isinstance(line, Line):
                height = self.delegate.height_for(line, font, width)
                if height != self.rowHeight(row):
                    self.setRowHeight(row, height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width needs other heights."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._forget_heights()

    def selected_lines(self) -> list[Line]:
        """The selected lines, in the order of time."""
        rows = self.selectionModel().selectedRows()
        found = [index.data(Role.LINE) for index in sorted(rows, key=QModelIndex.row)]
        return [line for line in found if isinstance(line, Line)]

    def edit_line(self, words: str | None = None) -> None:
        """Opens a field over the current line, with its own or other words."""
        index = self.currentIndex()
        line = index.data(Role.LINE)
        if not isinstance(line, Line) or not line.editable or self.editor is not None:
            return
        self.scrollTo(index)
        field = LineEditor(line.text if words is None else words, self.viewport())
        row = self.visualRect(index)
        place = self.delegate.words_place(row, line)
        field.setGeometry(
            place.left(), row.top(), row.right() - place.left(), max(row.height(), field.minimumHeight())
        )
        field.textChanged.connect(lambda: self.typed.emit(line, field.toPlainText()))
        field.finished.connect(lambda words: self._end_edit(line, words))
        self.editor = field
        field.show()
        field.setFocus()

    def _end_edit(self, line: Line, words: str | None) -> None:
        field, self.editor = self.editor, None
        if field is not None:
            field.deleteLater()
        self.setFocus()
        self.typed.emit(line, None)
        if words is not None and words.strip() and words != line.text:
            self.edited.emit(line, words)

    def place(self) -> tuple[int, int]:
        """Where the person is: the current row, and how far is scrolled."""
        return self.currentIndex().row(), self.verticalScrollBar().value()

    def go_back_to(self, place: tuple[int, int]) -> None:
        """Goes where the person was before the lines were shown anew."""
        row, scrolled = place
        if row >= 0:
            self.setCurrentIndex(self.model().index(min(row, self.model().rowCount() - 1), 0))
        self.verticalScrollBar().setValue(scrolled)

    def keep_in_view(self, row: int) -> None:
        """Scrolls as little as it takes to see a row with some room around it."""
        self.scrollTo(self.model().index(row, 0), QAbstractItemView.ScrollHint.EnsureVisible)
        height = self.rowHeight(row)
        bottom = self.rowViewportPosition(row) + 2 * height - self.viewport().height()
        if bottom > 0:
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + bottom)

    def go_to(self, row: int) -> None:
        """Selects a row and shows it in the middle."""
        index = self.model().index(row, 0)
        self.setCurrentIndex(index)
        self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)

    def _jump(self, index: QModelIndex) -> None:
        line = index.data(Role.LINE)
        if isinstance(line, Line):
            self.jumped.emit(line.t0)

    def _on_scroll_action(self, action: int) -> None:
        if action != QAbstractSlider.SliderAction.SliderNoAction.value:
            self.scrolled.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A person scrolls."""
        super().wheelEvent(event)
        self.scrolled.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter jumps, the copy keys copy, moving away from the current line counts as scrolling."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._jump(self.currentIndex())
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy_asked.emit()
        elif event.key() == Qt.Key.Key_F2:
            self.edit_line()
        elif event.key() == Qt.Key.Key_Delete:
            self.deleted.emit([line for line in self.selected_lines() if line.editable])
        else:
            super().keyPressEvent(event)
            if event.key() in _MOVES:
                self.scrolled.emit()

    def viewportEvent(self, event: QEvent) -> bool:
        """Describes the line under the pointer in a tooltip."""
        if isinstance(event, QHelpEvent):
            line = self.indexAt(event.pos()).data(Role.LINE)
            QToolTip.showText(event.globalPos(), described_line(line) if isinstance(line, Line) else "", self)
            return True
        return super().viewportEvent(event)


_MOVES = frozenset(
    {
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown,
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
    }
)
