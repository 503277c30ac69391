"""The library page: search, sort, filter, and what is known of the selected file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from mmdesk.control import Control
from mmdesk.errors import MmdeskError
from mmdesk.events import MediaKind
from mmdesk.gui.background import Background
from mmdesk.gui.language import follow_language, tr, tr_plural
from mmdesk.gui.library.about import AboutFile
from mmdesk.gui.library.delegate import ROW_HEIGHT, LibraryDelegate
from mmdesk.gui.library.model import LibraryModel
from mmdesk.gui.library.reading import Listed, Row, find, keep, look, remove
from mmdesk.gui.rows import RowsView
from mmdesk.gui.style.tokens import Space
from mmdesk.sentences import Sentence, sentence

if TYPE_CHECKING:
    from mmdesk.library.listing import Query

_WAIT_MS = 150
_KINDS = ("", *(str(kind) for kind in MediaKind if kind is not MediaKind.FOLDER))
_SORTS = ("changed", "added", "name", "duration", "findings", "valence")


class LibraryPage(QWidget):
    """Qt thread only; everything is read and written on background threads.

    Signals:
        open_asked: Show this `Row`.
        left: Back to what was shown before.
    """

    open_asked = Signal(object)
    left = Signal()

    def __init__(self, background: Background, say: Callable[[Sentence], None]) -> None:
        super().__init__()
        self._background, self._say = background, say
        self._control = Control()
        self.words, self.kinds, self.tags, self.sorts = QLineEdit(), QComboBox(), QComboBox(), QComboBox()
        self.count = QLabel()
        self.model = LibraryModel(background, self._failed, self)
        self.view = RowsView(self.model)
        self.view.setItemDelegate(LibraryDelegate(self.view))
        self.view.set_row_height(ROW_HEIGHT)
        self.about = AboutFile()
        self._asked = 0
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_WAIT_MS)
        self._lay_out()
        self._connect()
        follow_language(self._retranslate)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(Space.SMALL)
        self.words.setClearButtonEnabled(True)
        top.addWidget(self.words, 1)
        for box in (self.kinds, self.tags, self.sorts):
            top.addWidget(box)
        self.count.setProperty("role", "muted")
        top.addWidget(self.count)
        columns = QSplitter(Qt.Orientation.Horizontal)
        columns.setChildrenCollapsible(False)
        columns.setHandleWidth(Space.SMALL)
        columns.addWidget(self.view)
        columns.addWidget(self.about)
        columns.setSizes([700, 380])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        column.addLayout(top)
        column.addWidget(columns, 1)

    def _connect(self) -> None:
        self.words.textChanged.connect(self._later.start)
        self._later.timeout.connect(self.refresh)
        for box in (self.kinds, self.tags, self.sorts):
            box.currentIndexChanged.connect(self.refresh)
        self.view.selectionModel().currentChanged.connect(self._on_current)
        self.model.dataChanged.connect(self._on_read)
        self.view.doubleClicked.connect(self._open)
        self.about.open_asked.connect(self._open)
        self.about.find_asked.connect(self._find)
        self.about.remove_asked.connect(self._remove)
        self.about.changed.connect(self._keep)

    def _retranslate(self) -> None:
        self.setAccessibleName(tr("Library"))
        self.words.setPlaceholderText(tr("Search captions, words, names, tags and notes"))
        self.view.setAccessibleDescription(tr("Enter shows the results of a file."))
        names = {"": tr("All kinds"), "picture": tr("Pictures"), "video": tr("Videos")}
        names |= {"sound": tr("Sound"), "subtitles": tr("Subtitles")}
        orders = {"changed": tr("Changed last"), "added": tr("Newest"), "name": tr("Name")}
        orders |= {"duration": tr("Longest"), "findings": tr("Most findings"), "valence": tr("Most positive")}
        _fill(self.kinds, [(names[kind], kind) for kind in _KINDS])
        _fill(self.sorts, [(orders[sort], sort) for sort in _SORTS])
        self._say_count()
        self._show_tags([self.tags.itemData(at) for at in range(1, self.tags.count())])
        for widget, words in (
            (self.words, tr("Search the library")),
            (self.kinds, tr("Kind")),
            (self.tags, tr("Tag")),
            (self.sorts, tr("Order")),
            (self.view, tr("Files of the library")),
        ):
            widget.setAccessibleName(words)
            widget.setToolTip(words if widget is not self.view else "")

    # What it shows.

    def refresh(self) -> None:
        """Reads again which files the query wants."""
        self._asked += 1
        asked, query = self._asked, self._query()
        self._background.run(lambda: look(query), lambda found: self._show(asked, found), self._failed)

    def close_reading(self) -> None:
        """Reads no more."""
        self._control.cancel()
        self.model.close()

    def _query(self) -> Query:
        from mmdesk.library.listing import Query, Sort

        kind, tag = self.kinds.currentData(), self.tags.currentData()
        sort = Sort(self.sorts.currentData() or "changed")
        return Query(
            self.words.text(),
            frozenset({MediaKind(kind)} if kind else ()),
            frozenset({tag} if tag else ()),
            sort=sort,
            descending=sort is not Sort.NAME,
        )

    def _show(self, asked: int, found: Listed) -> None:
        if asked != self._asked:
            return  # a newer query is on its way
        self.model.show(found.numbers)
        self._say_count()
        self._show_tags(list(found.tags))
        if found.numbers:
            self.view.setCurrentIndex(self.model.index(0, 0))
        self._on_current()

    def _say_count(self) -> None:
        self.count.setText(tr_plural("{count} file", "{count} files", self.model.rowCount()))

    def _show_tags(self, tags: list[str]) -> None:
        _fill(self.tags, [(tr("All tags"), ""), *((tag, tag) for tag in tags)])

    def _current(self) -> Row | None:
        return self.model.row(self.view.currentIndex().row())

    def _on_current(self) -> None:
        self.about.show_row(self._current())

    def _on_read(self, first: QModelIndex, last: QModelIndex) -> None:
        if first.row() <= self.view.currentIndex().row() <= last.row():
            self._on_current()

    # What the person does.

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter shows, Escape goes back."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.view.hasFocus():
            self._open()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _open(self) -> None:
        row = self._current()
        if row is not None:
            self.open_asked.emit(row)

    def _keep(self, tags: list[str], note: str) -> None:
        row = self._current()
        if row is not None:
            entry = row.entry
            self._background.run(lambda: keep(entry, tags, note), self._kept, self._failed)

    def _kept(self, row: Row) -> None:
        self.model.take([row])
        self._say(sentence("Tags and note are kept."))

    def _find(self) -> None:
        row = self._current()
        folder = QFileDialog.getExistingDirectory(self, tr("Folder to look in")) if row else ""
        if row is not None and folder:
            self.find_in(row, Path(folder))

    def find_in(self, row: Row, folder: Path) -> None:
        """Looks for a file by its content, in a folder and the folders below."""
        entry, control = row.entry, self._control
        self._say(sentence("Looking for the file…"))
        self._background.run(lambda: find(entry, folder, control), self._found, self._failed)

    def _found(self, row: Row | None) -> None:
        if row is None:
            self._say(sentence("The file is not in that folder."))
        else:
            self.model.take([row])
            self._say(sentence("The file was found."))

    def _remove(self) -> None:
        row = self._current()
        question = tr("Its results, corrections and tags are deleted. The file itself stays.")
        if row is not None and QMessageBox.question(self, tr("Remove from library"), question) == _YES:
            entry = row.entry
            self._background.run(lambda: remove(entry), lambda _: self.refresh(), self._failed)

    def _failed(self, error: MmdeskError) -> None:
        self._say(error.message)


_YES = QMessageBox.StandardButton.Yes


def _fill(box: QComboBox, choices: list[tuple[str, str]]) -> None:
    """Gives a box other choices; the chosen one stays where it still is there."""
    with QSignalBlocker(box):
        chosen = box.currentData()
        box.clear()
        for words, value in choices:
            box.addItem(words, value)
        box.setCurrentIndex(max(0, box.findData(chosen)))
