"""What the stage shows where there is no picture: an icon and a sentence, on the dark of the stage."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from mmdesk.gui.style.icons import pixmap
from mmdesk.gui.style.theme import colours, follow_theme
from mmdesk.gui.style.tokens import IconSize, Space


class StagePage(QWidget):
    """An icon above a sentence in the middle. Qt thread only."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = ""
        self._drawing, self.words = QLabel(), QLabel()
        self.words.setProperty("role", "on-stage")
        self.words.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.HUGE, Space.LARGE, Space.HUGE, Space.LARGE)
        column.setSpacing(Space.MEDIUM)
        column.addStretch(1)
        for label in (self._drawing, self.words):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label)
        column.addStretch(1)
        follow_theme(self._recolour)

    def say(self, icon: str, sentence: str) -> None:
        """Shows another icon (none where empty) and sentence."""
        self._icon = icon
        self.words.setText(sentence)
        self._recolour()

    def _recolour(self) -> None:
        if self._icon:
            ratio = self.devicePixelRatioF()
            self._drawing.setPixmap(pixmap(self._icon, colours().on_stage_muted, IconSize.LARGE, ratio))
        else:
            self._drawing.clear()
