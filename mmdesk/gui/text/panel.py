"""The text panel: chips, find bar, and the list of lines (or why there are none)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from mmdesk.gui.language import follow_language, tr
from mmdesk.gui.style.icons import show_icon
from mmdesk.gui.style.tokens import Space
from mmdesk.gui.text.ask_bar import AskBar
from mmdesk.gui.text.find_bar import FindBar
from mmdesk.gui.text.finder import Finder
from mmdesk.gui.text.kind_chips import KindChips
from mmdesk.gui.text.lines import Line, Lines
from mmdesk.gui.text.model import TextModel
from mmdesk.gui.text.placeholder import Placeholder
from mmdesk.gui.text.view import LineView
from mmdesk.gui.text.words import copied_lines


class TextPanel(QFrame):
    """What was seen and said, as text. Qt thread only.

    Signals:
        jumped: The person wants to go to this moment, seconds.
        follow_changed: Whether the current line is kept in view.
    """

    jumped = Signal(float)
    follow_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.model = TextModel(self)
        self.view = LineView(self.model)
        self.finder = Finder(self.model, self)
        self.find_bar = FindBar()
        self.find_bar.hide()
        self.chips = KindChips()
        self.placeholder = Placeholder()
        self.ask_bar = AskBar()
        self.ask_bar.hide()
        self.follow, self.find_button, self.copy_button = QToolButton(), QToolButton(), QToolButton()
        self._stack = QStackedWidget()
        self._moment: float | None = None
        self._lay_out()
        self._connect()
        follow_language(self._retranslate)

    # Making it.

    def _lay_out(self) -> None:
        header = QHBoxLayout()
        header.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.SMALL, Space.SMALL)
        header.setSpacing(Space.TIGHT)
        header.addWidget(self.chips)
        header.addStretch(1)
        self.follow.setCheckable(True)
        self.follow.setChecked(True)
        show_icon(self.follow, "follow", checked_role="accent")
        show_icon(self.find_button, "search")
        show_icon(self.copy_button, "copy")
        for button in (self.follow, self.find_button, self.copy_button):
            header.addWidget(button)
        line = QFrame()
        line.setProperty("role", "line")
        self._stack.addWidget(self.placeholder)
        self._stack.addWidget(self.view)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addLayout(header)
        column.addWidget(self.find_bar)
        column.addWidget(line)
        column.addWidget(self._stack, 1)
        column.addWidget(self.ask_bar)

    def _connect(self) -> None:
        self.model.counts_changed.connect(self._on_counts)
        self.chips.hidden_changed.connect(self._on_hidden)
        self.view.jumped.connect(self.jumped)
        self.view.scrolled.connect(self._stop_following)
        self.view.copy_asked.connect(self.copy_selection)
        self.follow.toggled.connect(self._on_follow)
        self.find_button.clicked.connect(self.open_find)
        self.copy_button.clicked.connect(self.copy_all_or_selection)
        self.find_bar.query_changed.connect(self._look_for)
        self.find_bar.stepped.connect(self.find_step)
        self.find_bar.closed.connect(self.close_find)
        self.finder.matches_changed.connect(self.find_bar.show_matches)

    def _retranslate(self) -> None:
        self.setAccessibleName(tr("Text"))
        for button, words in (
            (self.follow, tr("Follow playback")),
            (self.find_button, tr("Find in text (Ctrl+F)")),
            (self.copy_button, tr("Copy with times: the selected lines, or all")),
        ):
            button.setToolTip(words)
            button.setAccessibleName(words)

    # What the window tells it.

    def show_lines(self, lines: Lines, timed: bool, longest: float) -> None:
        """Shows another file.

        Args:
            lines: Its lines; `take` tells of later ones.
            timed: Whether it has times (a picture has none).
            longest: The latest time to expect, seconds.
        """
        self._moment = None
        self.view.delegate.timed = timed
        self.view.delegate.longest = longest
        self.follow.setVisible(timed)
        self.model.show(lines)
        self.view.scrollToTop()

    def take(self, new: Sequence[Line], changed: Sequence[Line]) -> None:
        """Lines of the shown file arrived or changed."""
        self.model.take(new, changed)
        if self._moment is not None:
            self.set_time(self._moment)

    def set_time(self, t: float | None) -> None:
        """The viewer shows this moment, seconds."""
        self._moment = t
        before = self.model.current_row()
        row = self.model.set_time(t)
        if row is not None and row != before and self.follow.isChecked():
            self.view.keep_in_view(row)

    def set_following(self, follow: bool) -> None:
        """Keeps the current line in view, or not."""
        self.follow.setChecked(follow)

    # What the person does.

    def open_find(self) -> None:
        """Opens the find bar."""
        self.find_bar.begin()
        self._look_for(self.find_bar.field.text())

    def find_step(self, by: int) -> None:
        """Goes to the next (1) or previous (-1) match."""
        self._show_match(self.finder.step(by))

    def close_find(self) -> None:
        """Closes the find bar and marks nothing more."""
        self.find_bar.hide()
        self._mark("")
        self.finder.look_for("", 0)
        self.view.setFocus()

    def copy_selection(self) -> None:
        """Copies the words of the selected lines with their times."""
        self._copy(self.view.selected_lines(), times=True)

    def copy_words(self) -> None:
        """Copies the words of the selected lines alone."""
        self._copy(self.view.selected_lines(), times=False)

    def copy_all_or_selection(self) -> None:
        """Copies the selected lines, or all where fewer than two are selected."""
        selected = self.view.selected_lines()
        every = [self.model.line(row) for row in range(self.model.rowCount())]
        self._copy(selected if len(selected) > 1 else every, times=True)

    def delete_selection(self) -> None:
        """Takes the selected lines out; undo brings them back."""
        self.view.deleted.emit([line for line in self.view.selected_lines() if line.editable])

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Copying, finding."""
        menu = QMenu(self)
        for words, act in (
            (tr("Copy with times"), self.copy_selection),
            (tr("Copy words only"), self.copy_words),
            (tr("Edit words (F2)"), self.view.edit_line),
            (tr("Delete line"), self.delete_selection),
            (tr("Select all"), self.view.selectAll),
            (tr("Find in text"), self.open_find),
        ):
            action = QAction(words, menu)
            action.triggered.connect(lambda _checked=False, chosen=act: chosen())
            menu.addAction(action)
        menu.exec(event.globalPos())
        menu.deleteLater()

    # Inside.

    def _copy(self, lines: Sequence[Line], times: bool) -> None:
        if lines:
            QGuiApplication.clipboard().setText(copied_lines(lines, times and self.view.delegate.timed))

    def _on_counts(self) -> None:
        counts = self.model.counts
        self.chips.show_counts(counts)
        self._stack.setCurrentWidget(self.view if any(counts.values()) else self.placeholder)
        self.find_button.setEnabled(any(counts.values()))
        self.copy_button.setEnabled(any(counts.values()))

    def _on_hidden(self) -> None:
        self.model.hide_kinds(self.chips.hidden)
        if self._moment is not None:
            self.set_time(self._moment)

    def _on_follow(self, follow: bool) -> None:
        self.follow_changed.emit(follow)
        row = self.model.current_row()
        if follow and row is not None:
            self.view.keep_in_view(row)

    def _stop_following(self) -> None:
        self.follow.setChecked(False)

    def _look_for(self, query: str) -> None:
        self._mark(query)
        near = max(0, self.view.currentIndex().row())
        self._show_match(self.finder.look_for(query, near))

    def _mark(self, query: str) -> None:
        self.view.delegate.query = query
        self.view.viewport().update()

    def _show_match(self, row: int | None) -> None:
        if row is not None:
            self.view.go_to(row)
