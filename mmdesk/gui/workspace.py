"""Viewer, files and text side by side."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from mmdesk.analysis.question import Answered, Unanswered
from mmdesk.events import MediaKind
from mmdesk.gui.files.item import Item
from mmdesk.gui.files.model import FilesModel
from mmdesk.gui.files.strip import FilesStrip
from mmdesk.gui.files.words import no_lines_words
from mmdesk.gui.language import follow_language
from mmdesk.gui.preferences import FOLLOW, MUTED, SPLIT_COLUMNS, SPLIT_ROWS, VOLUME
from mmdesk.gui.remembered import Remembered
from mmdesk.gui.session import Session
from mmdesk.gui.stage_host import StageHost
from mmdesk.gui.style.tokens import Space
from mmdesk.gui.text.lines import Line
from mmdesk.gui.text.panel import TextPanel

_TEXT_SHARE = (62, 38)
_PASS_OVER_AFTER_MS = 50


class Workspace(QWidget):
    """What lies below the header. Qt thread only.

    Signals:
        opened: Another `Item` (or None) is shown.
        lines_changed: The shown file has more lines.
    """

    opened = Signal(object)
    lines_changed = Signal()

    def __init__(
        self, files: FilesModel, session: Session, remembered: Remembered, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._files, self._session, self._remembered = files, session, remembered
        self.stage = StageHost()
        self.strip = FilesStrip(files)
        self.text = TextPanel()
        self._columns, self._rows = QSplitter(Qt.Orientation.Horizontal), QSplitter(Qt.Orientation.Vertical)
        self._strip_height = 0
        self._asked_about: Item | None = None
        self._play_next = self._by_itself = False
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_PASS_OVER_AFTER_MS)
        self._lay_out()
        self._restore()
        self._connect()
        follow_language(self._retranslate)

    # Making it.

    def _lay_out(self) -> None:
        for splitter in (self._columns, self._rows):
            splitter.setChildrenCollapsible(False)
            splitter.setHandleWidth(Space.SMALL)
        self._rows.addWidget(self.stage)
        self._rows.addWidget(self.strip)
        self._rows.setStretchFactor(0, 1)
        self._rows.setStretchFactor(1, 0)
        self._columns.addWidget(self._rows)
        self._columns.addWidget(self.text)
        for at, share in enumerate(_TEXT_SHARE):
            self._columns.setStretchFactor(at, share)
        self.stage.setMinimumSize(320, 200)
        self.text.setMinimumWidth(320)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._columns)

    def _connect(self) -> None:
        self._session.added.connect(self._on_added)
        self._session.started.connect(self._on_started)
        self._session.restarted.connect(self._on_restarted)
        self._session.lines_arrived.connect(self._on_lines)
        self._session.changed.connect(self._on_changed)
        self._later.timeout.connect(self._pass_over)
        self.strip.view.open_asked.connect(self.open_item)
        self.strip.view.asked.connect(self._session.act)
        self.strip.pause_asked.connect(self._session.pause_all)
        self.strip.fit_asked.connect(self._fit_strip)
        self.strip.clear_asked.connect(self._clear_ended)
        self._files.rowsRemoved.connect(self._on_removed)
        self.text.jumped.connect(self.stage.seek)
        self.text.follow_changed.connect(self._keep_follow)
        self.text.ask_bar.asked.connect(self._ask)
        self._session.answered.connect(self._on_answered)
        self.stage.position_changed.connect(self._on_position)
        self.stage.sound_changed.connect(self._keep_sound)

    def _restore(self) -> None:
        settings = self._remembered.settings
        if not self._remembered.restore_split(self._columns, SPLIT_COLUMNS):
            self._columns.setSizes([10 * share for share in _TEXT_SHARE])
        self.stage.stage.set_sound(settings.get(VOLUME), settings.get(MUTED))
        self.text.set_following(settings.get(FOLLOW))

    def _retranslate(self) -> None:
        self._say_why_empty()

    def keep(self) -> None:
        """Remembers how the space was divided."""
        self._remembered.keep_split(self._columns, SPLIT_COLUMNS)
        self._remembered.keep_split(self._rows, SPLIT_ROWS)

    # Which file is shown.

    @property
    def item(self) -> Item | None:
        """The file that is shown."""
        return self._files.opened

    def open_item(self, item: Item, play: bool = False) -> None:
        """Shows a file, and plays it if wanted."""
        if item is self._files.opened:
            return
        self._by_itself = False
        self._files.set_opened(item)
        self.strip.view.scrollTo(self._files.index(self._files.row_of(item)))
        self.stage.show_item(item, play)
        self._show_lines(item)
        self.opened.emit(item)

    def play_next(self) -> None:
        """Lets the file that is opened next play at once."""
        self._play_next = True

    def recognised(self, item: Item) -> None:
        """It is known now what a file is."""
        if item is self.item:
            self.stage.recognise()

    def step(self, by: int) -> None:
        """Shows the next (1) or previous (-1) file."""
        items = list(self._files)
        if items:
            at = items.index(self.item) if self.item in items else -1
            item = items[(at + by) % len(items)]
            self.open_item(item)
            self.strip.view.selectRow(self._files.row_of(item))

    def _show_lines(self, item: Item) -> None:
        self.text.show_lines(item.lines, item.timed, item.longest)
        self._offer_questions(item)
        self._say_why_empty()
        self.lines_changed.emit()

    def _offer_questions(self, item: Item | None) -> None:
        """Questions are asked about pictures."""
        if item is not self._asked_about:
            self._asked_about = item
            self.text.ask_bar.clear()
        self.text.ask_bar.setVisible(item is not None and item.kind is MediaKind.PICTURE)

    def _ask(self, words: str) -> None:
        if self.item is not None:
            self._session.ask(self.item, words)

    def _on_answered(self, reply: Answered | Unanswered) -> None:
        if self.item is not None and reply.question.path == self.item.path:
            self.text.ask_bar.show_reply(reply)

    def _on_added(self, item: Item, first: bool) -> None:
        if first or self.item is None:
            self._open_by_itself(item)

    def _open_by_itself(self, item: Item) -> None:
        self.open_item(item, self._play_next)
        self._by_itself = True

    def _on_changed(self, item: Item) -> None:
        if item is not self.item:
            return
        if self._by_itself and item.failed and item.kind is None:
            self._later.start()
        if item.kind is not None:
            self._play_next = False
        self._say_why_empty()

    def _pass_over(self) -> None:
        """Passes over a file that was opened by itself and cannot be read, while there is another."""
        item = self.item
        if item is None or not self._by_itself or not item.failed:
            return
        readable = next((each for each in self._files if not each.failed and each.job > item.job), None)
        if readable is not None:
            self._open_by_itself(readable)

    def _fit_strip(self) -> None:
        """Gives the strip the height of its rows while there are few, unless the person chose another."""
        wanted = self.strip.wanted_height()
        if wanted != self._strip_height:
            self._strip_height = wanted
            above = self._rows.height() - self._rows.handleWidth() - wanted
            self._rows.setSizes([max(200, above), wanted])

    def _on_removed(self) -> None:
        if self.item is not None:
            return
        left = list(self._files)
        if left:
            self.open_item(left[0])
            return
        self.stage.show_item(None)
        self._offer_questions(None)
        self.opened.emit(None)

    def _clear_ended(self) -> None:
        for item in [each for each in self._files if each.state.ended and each is not self.item]:
            self._files.remove(item)

    # What is heard about the shown file.

    def _on_started(self, item: Item) -> None:
        if item is self.item:
            self._show_lines(item)
            self.stage.recognise()
            self.opened.emit(item)

    def _on_restarted(self, item: Item) -> None:
        if item is self.item:
            self._show_lines(item)

    def _on_lines(self, item: Item, new: Sequence[Line], changed: Sequence[Line]) -> None:
        if item is self.item:
            self.text.take(new, changed)
            self.stage.lines_changed()
            self.lines_changed.emit()

    def _say_why_empty(self) -> None:
        self.stage.explain()
        self.text.placeholder.say(no_lines_words(self.item))

    def _on_position(self, t: float) -> None:
        self.text.set_time(t)
        if self.item is not None:
            self._session.look_at(self.item, t)

    def _keep_follow(self, follow: bool) -> None:
        self._remembered.settings.set(FOLLOW, follow)

    def _keep_sound(self, volume: float, muted: bool) -> None:
        self._remembered.settings.set(VOLUME, volume)
        self._remembered.settings.set(MUTED, muted)
