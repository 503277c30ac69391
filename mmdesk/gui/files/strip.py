"""The strip of files below the viewer: one row for one file, a list with a header for many."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from mmdesk.gui.files.delegate import ROW_HEIGHT
from mmdesk.gui.files.model import FilesModel
from mmdesk.gui.files.view import FilesView
from mmdesk.gui.language import follow_language, tr, tr_plural
from mmdesk.gui.style.icons import show_icon
from mmdesk.gui.style.tokens import Space
from mmdesk.jobs.state import JobState

_SUMMARY_AFTER_MS = 100
_MOST_ROWS = 3
_FRAME = 4


class FilesStrip(QFrame):
    """Files and what is happening to them. Qt thread only.

    Signals:
        problems_asked: Show what could not be read, and warnings.
        clear_asked: Take finished files out of the list.
        pause_asked: Pause every job (True) or let all go on (False).
        fit_asked: `wanted_height` may be another now.
    """

    problems_asked = Signal()
    clear_asked = Signal()
    pause_asked = Signal(bool)
    fit_asked = Signal()

    def __init__(self, model: FilesModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._model = model
        self.view = FilesView(model)
        self.title, self.summary = QLabel(), QLabel()
        self.problems, self.pause, self.clear = QToolButton(), QToolButton(), QToolButton()
        self._header = QWidget()
        self._lay_out()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_SUMMARY_AFTER_MS)
        self._later.timeout.connect(self._summarise)
        model.summary_changed.connect(self._on_summary_changed)
        self.problems.clicked.connect(self.problems_asked)
        self.clear.clicked.connect(self.clear_asked)
        self.pause.toggled.connect(self.pause_asked)
        follow_language(self._retranslate)

    def _lay_out(self) -> None:
        self.title.setProperty("role", "strong")
        self.summary.setProperty("role", "caption")
        self.problems.setProperty("role", "chip")
        self.pause.setCheckable(True)
        show_icon(self.pause, "pause", checked_role="accent")
        show_icon(self.clear, "clear")
        row = QHBoxLayout(self._header)
        row.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.SMALL, Space.TIGHT)
        row.setSpacing(Space.SMALL)
        row.addWidget(self.title)
        row.addWidget(self.summary)
        row.addStretch(1)
        for button in (self.problems, self.pause, self.clear):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(self._header)
        column.addWidget(self.view, 1)

    def _retranslate(self) -> None:
        self.title.setText(tr("Files"))
        for button, words in (
            (self.pause, tr("Pause all")),
            (self.clear, tr("Take finished files out of the list")),
        ):
            button.setToolTip(words)
            button.setAccessibleName(words)
        self._summarise()

    def wanted_height(self) -> int:
        """The height at which nothing is wasted: all rows up to three, and the header if there is one."""
        count = len(self._model)
        header = self._header.sizeHint().height() if not self._header.isHidden() else 0
        return header + max(1, min(count, _MOST_ROWS)) * ROW_HEIGHT + _FRAME

    def _on_summary_changed(self) -> None:
        if not self._later.isActive():
            self._later.start()

    def _summarise(self) -> None:
        count = len(self._model)
        done = sum(item.state is JobState.DONE for item in self._model)
        failed = sum(item.failed for item in self._model)
        warned = sum(bool(item.warnings) and not item.failed for item in self._model)
        self._header.setVisible(count > 1 or failed + warned > 0)
        self.summary.setText(tr("{done} of {count} done", done=done, count=count))
        self._say_problems(failed, warned)
        self.clear.setEnabled(any(item.state.ended for item in self._model))
        self.pause.setEnabled(any(not item.state.ended for item in self._model))
        self.setMinimumHeight(min(self.wanted_height(), ROW_HEIGHT + 44))
        self.fit_asked.emit()

    def _say_problems(self, failed: int, warned: int) -> None:
        words = tr_plural("{count} failed", "{count} failed", failed)
        if not failed:
            words = tr_plural("{count} with a warning", "{count} with warnings", warned)
        self.problems.setText(words)
        self.problems.setAccessibleName(words)
        self.problems.setToolTip(tr("Show the reasons"))
        self.problems.setVisible(failed + warned > 0)
