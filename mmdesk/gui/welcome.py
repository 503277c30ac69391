"""What an empty window shows: what to drop, how to begin, and that nothing leaves the computer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from mmdesk.gui.language import follow_language, tr
from mmdesk.gui.names import shown_name, shown_path
from mmdesk.gui.style.icons import pixmap, show_icon
from mmdesk.gui.style.illustration import Illustration
from mmdesk.gui.style.theme import colours, follow_theme
from mmdesk.gui.style.tokens import IconSize, Space

_RECENT = 3
_WIDTH = 660


class Welcome(QFrame):
    """The empty state. Qt thread only.

    Signals:
        open_asked: Choose files.
        folder_asked: Choose a folder.
        sample_asked: Show the sample.
        recent_asked: Open this `Path` again.
    """

    open_asked = Signal()
    folder_asked = Signal()
    sample_asked = Signal()
    recent_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._headline, self._what, self._privacy = QLabel(), QLabel(), QLabel()
        self._lock, self._recent_title = QLabel(), QLabel()
        self.open, self.folder, self.sample = QPushButton(), QPushButton(), QPushButton()
        self._recent = QVBoxLayout()
        self._dress()
        self._lay_out()
        self.open.clicked.connect(self.open_asked)
        self.folder.clicked.connect(self.folder_asked)
        self.sample.clicked.connect(self.sample_asked)
        follow_language(self._retranslate)
        follow_theme(self._recolour)

    def _dress(self) -> None:
        self._headline.setProperty("role", "headline")
        self._what.setProperty("role", "muted")
        self._what.setWordWrap(True)
        self._privacy.setProperty("role", "muted")
        self._recent_title.setProperty("role", "caption")
        self.open.setProperty("role", "primary")
        show_icon(self.open, "open", "on_accent")
        show_icon(self.folder, "folder")
        show_icon(self.sample, "sample")
        for label in (self._headline, self._what, self._recent_title):
            label.setObjectName("centred")
        for button in (self.open, self.folder, self.sample):
            button.setIconSize(QSize(IconSize.BODY, IconSize.BODY))

    def _lay_out(self) -> None:
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addStretch(2)
        column.addLayout(_row(Illustration("welcome", QSize(360, 200))))
        column.addSpacing(Space.LARGE)
        column.addWidget(self._headline)
        column.addSpacing(Space.SMALL)
        column.addWidget(self._what)
        column.addSpacing(Space.LARGE)
        column.addLayout(_row(self.open, self.folder, self.sample))
        column.addSpacing(Space.LARGE)
        column.addLayout(_row(self._lock, self._privacy))
        column.addSpacing(Space.LARGE)
        column.addWidget(self._recent_title)
        column.addSpacing(Space.TIGHT)
        centre = QHBoxLayout()
        centre.addStretch(1)
        centre.addLayout(self._recent)
        centre.addStretch(1)
        column.addLayout(centre)
        column.addStretch(3)
        middle = QWidget()
        middle.setLayout(column)
        middle.setMaximumWidth(_WIDTH)
        outer = QHBoxLayout(self)
        outer.addWidget(middle)

    def _retranslate(self) -> None:
        self.setAccessibleName(tr("Welcome"))
        self._headline.setText(tr("Drop pictures, videos, sound or subtitles here"))
        self._what.setText(
            tr("Several at once, or whole folders. Captions and sentiment appear while they are analysed.")
        )
        self.open.setText(tr("Open files…"))
        self.folder.setText(tr("Open folder…"))
        self.sample.setText(tr("Try the sample"))
        self._privacy.setText(tr("Nothing leaves this computer."))
        self._recent_title.setText(tr("Opened recently"))
        for button in (self.open, self.folder, self.sample):
            button.setAccessibleName(button.text())

    def _recolour(self) -> None:
        self._lock.setPixmap(pixmap("lock", colours().positive, IconSize.SMALL, self.devicePixelRatioF()))

    def show_recent(self, paths: Sequence[Path]) -> None:
        """Offers files that were opened before."""
        while (old := self._recent.takeAt(0)) is not None:
            widget = old.widget()
            if widget is not None:
                widget.deleteLater()
        for path in paths[:_RECENT]:
            self._recent.addWidget(self._recent_button(path))
        self._recent_title.setVisible(bool(paths))

    def _recent_button(self, path: Path) -> QToolButton:
        from PySide6.QtCore import Qt

        button = QToolButton()
        button.setProperty("role", "labelled")
        metrics = button.fontMetrics()
        one_line = shown_name(path)
        button.setText(metrics.elidedText(one_line, Qt.TextElideMode.ElideMiddle, 320).replace("&", "&&"))
        button.setToolTip(shown_path(path))
        button.setAccessibleName(one_line)
        show_icon(button, "clock", "text_muted")
        button.clicked.connect(lambda: self.recent_asked.emit(path))
        return button


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(Space.SMALL)
    row.addStretch(1)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return row
