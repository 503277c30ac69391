"""The side of the library page: what is known of the selected file, its tags and its note."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPlainTextEdit, QPushButton, QVBoxLayout

from mmdesk.gui.language import follow_language, tr
from mmdesk.gui.library.words import about_row
from mmdesk.gui.names import shown_path
from mmdesk.gui.style.tokens import Space

if TYPE_CHECKING:
    from mmdesk.gui.library.reading import Row


class AboutFile(QFrame):
    """Qt thread only.

    Signals:
        open_asked: Show the file.
        find_asked: Look for the file, which is not where it was.
        remove_asked: Take it out of the library.
        changed: Tags (a list) and note are to be kept.
    """

    open_asked = Signal()
    find_asked = Signal()
    remove_asked = Signal()
    changed = Signal(object, str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._row: Row | None = None
        self._name, self._about, self._place = QLabel(), QLabel(), QLabel()
        self._tags_title, self._note_title = QLabel(), QLabel()
        self.tags, self.note = QLineEdit(), QPlainTextEdit()
        self.open, self.look, self.keep = QPushButton(), QPushButton(), QPushButton()
        self.remove = QPushButton()
        self._dress()
        self._lay_out()
        self.open.clicked.connect(self.open_asked)
        self.look.clicked.connect(self.find_asked)
        self.remove.clicked.connect(self.remove_asked)
        self.keep.clicked.connect(self._change)
        self.tags.returnPressed.connect(self._change)
        follow_language(self._retranslate)
        self.show_row(None)

    def _dress(self) -> None:
        self._name.setProperty("role", "strong")
        for label in (self._about, self._place):
            label.setProperty("role", "muted")
        for label in (self._tags_title, self._note_title):
            label.setProperty("role", "caption")
        for label in (self._name, self._about, self._place):
            label.setWordWrap(True)
        self.open.setProperty("role", "primary")
        self._tags_title.setBuddy(self.tags)
        self._note_title.setBuddy(self.note)
        self.note.setTabChangesFocus(True)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.LARGE)
        column.setSpacing(Space.SMALL)
        for widget in (self._name, self._about, self._place):
            column.addWidget(widget)
        first, second = QHBoxLayout(), QHBoxLayout()
        first.addWidget(self.open)
        first.addWidget(self.look)
        first.addStretch(1)
        column.addLayout(first)
        for each in (self._tags_title, self.tags, self._note_title):
            column.addWidget(each)
        column.addWidget(self.note, 1)
        second.addWidget(self.keep)
        second.addStretch(1)
        second.addWidget(self.remove)
        column.addLayout(second)

    def _retranslate(self) -> None:
        self.setAccessibleName(tr("The selected file"))
        for widget, words in (
            (self.open, tr("Show results")),
            (self.look, tr("Find the file…")),
            (self.keep, tr("Keep tags and note")),
            (self.remove, tr("Remove from library…")),
        ):
            widget.setText(words)
            widget.setAccessibleName(words)
        self._tags_title.setText(tr("Tags, with commas between them"))
        self._note_title.setText(tr("Note"))
        self.tags.setAccessibleName(self._tags_title.text())
        self.note.setAccessibleName(self._note_title.text())
        self._say()

    def show_row(self, row: Row | None) -> None:
        """Shows a file; None for none. What is being typed about the same file stays."""
        same = row is not None and self._row is not None and row.entry.number == self._row.entry.number
        self._row = row
        self.setEnabled(row is not None)
        self.look.setVisible(row is not None and not row.present)
        self._say()
        if not same:
            self.tags.setText(", ".join(row.entry.tags) if row else "")
            self.note.setPlainText(row.entry.note if row else "")

    def _say(self) -> None:
        row = self._row
        self._name.setText(row.entry.name if row else tr("No file is selected."))
        self._about.setText(about_row(row) if row else "")
        self._place.setText(shown_path(row.entry.path.parent) if row else "")

    def _change(self) -> None:
        words = self.tags.text().replace("，", ",").split(",")
        tags = list(dict.fromkeys(each.strip() for each in words if each.strip()))
        self.changed.emit(tags, self.note.toPlainText())
