"""What stands where lines will be: an icon and one sentence."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from mmdesk.gui.style.icons import pixmap
from mmdesk.gui.style.theme import colours, follow_theme
from mmdesk.gui.style.tokens import IconSize, Space


class Placeholder(QWidget):
    """An icon above a sentence in the middle."""

    def __init__(self, icon: str = "transcript", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self._drawing = QLabel()
        self.words = QLabel()
        self.words.setProperty("role", "muted")
        self.words.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.HUGE, Space.LARGE, Space.HUGE, Space.LARGE)
        column.setSpacing(Space.MEDIUM)
        column.addStretch(2)
        for label in (self._drawing, self.words):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label)
        column.addStretch(3)
        follow_theme(self._recolour)

    def say(self, sentence: str) -> None:
        """Shows another sentence."""
        self.words.setText(sentence)

    def _recolour(self) -> None:
        ratio = self.devicePixelRatioF()
        self._drawing.setPixmap(pixmap(self._icon, colours().text_disabled, IconSize.LARGE, ratio))
