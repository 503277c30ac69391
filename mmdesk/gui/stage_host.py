"""The place of the viewer: what is opened as soon as it is known what it is."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from mmdesk.events import FindingKind, MediaKind
from mmdesk.gui.files.item import Item
from mmdesk.gui.language import follow_language, tr, tr_sentence
from mmdesk.gui.rounded import RoundedCorners
from mmdesk.gui.stage_page import StagePage
from mmdesk.gui.text.lines import Line
from mmdesk.gui.viewers.marks import Mark
from mmdesk.gui.viewers.stage import Stage
from mmdesk.sentences import Sentence

_MARKS_AFTER_MS = 200


class StageHost(QFrame):
    """Shows an item on the `Stage`, with its findings marked on the time bar. Qt thread only.

    Signals:
        position_changed: The viewer shows this moment, seconds.
        sound_changed: Loudness from 0 to 1, and whether muted.
    """

    position_changed = Signal(float)
    sound_changed = Signal(float, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "stage")
        self._page = StagePage()
        self.stage = Stage(self._page, self)
        self.stage.position_changed.connect(self.position_changed)
        self.stage.sound_changed.connect(self.sound_changed)
        self.stage.failed.connect(self._on_failed)
        self._item: Item | None = None
        self._shown_kind: MediaKind | None = None
        self._trouble: Sentence | None = None
        self._play = False
        self._marks_later = QTimer(self)
        self._marks_later.setSingleShot(True)
        self._marks_later.setInterval(_MARKS_AFTER_MS)
        self._marks_later.timeout.connect(self._mark)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stage)
        RoundedCorners(self)
        self.setFocusProxy(self.stage)
        follow_language(self.explain)

    def show_item(self, item: Item | None, play: bool = False) -> None:
        """Shows a file from its beginning, at once or when its kind is known.

        Args:
            item: The file; None for nothing.
            play: Whether it starts playing.
        """
        self._item, self._play, self._shown_kind, self._trouble = item, play, None, None
        self.stage.clear()
        self.recognise()

    def preload(self) -> None:
        """Makes the film viewer now, because the 70 ms that it takes would hold up an analysis."""
        self.stage.video_viewer.set_marks(())

    def recognise(self) -> None:
        """Something more is known about the shown file: what it is, or that it cannot be read."""
        item = self._item
        if item is not None and item.kind is not None and self._shown_kind is None:
            self._shown_kind = item.kind
            self.stage.open(item.path, item.kind, self._play)
            self._mark()
        self.explain()

    def explain(self) -> None:
        """Says why there is no picture, where there is none."""
        item = self._item
        if item is None:
            self._page.say("", "")
        elif self._trouble is not None:
            self._page.say("warning", tr_sentence(self._trouble))
        elif item.failed and item.failure is not None and item.kind is None:
            self._page.say("warning", tr_sentence(item.failure.message))
        elif item.kind is MediaKind.SUBTITLES:
            self._page.say("subtitles", tr("Subtitles have no picture. Their lines stand in the text."))
        elif item.kind is None:
            self._page.say("clock", tr("Opening…"))

    def lines_changed(self) -> None:
        """There is more to mark, soon."""
        if not self._marks_later.isActive():
            self._marks_later.start()

    def seek(self, t: float) -> None:
        """Goes to a moment, seconds."""
        self.stage.seek(t)

    def _mark(self) -> None:
        if self._item is not None:
            self.stage.set_marks([_mark(line) for line in self._item.lines.all()])

    def _on_failed(self, trouble: Sentence) -> None:
        self._trouble = trouble
        self.explain()


def _mark(line: Line) -> Mark:
    if line.sentiment is not None:
        return Mark(line.t0, line.t1, line.sentiment.value)
    return Mark(line.t0, line.t0 if line.kind is FindingKind.CAPTION else line.t1)
