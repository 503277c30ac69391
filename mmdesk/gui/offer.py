"""The bar that offers to go on with what the program had not done when it ended."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from mmdesk.gui.language import follow_language, tr, tr_plural
from mmdesk.gui.style.icons import show_icon
from mmdesk.gui.style.tokens import Space


class Offer(QFrame):
    """Hidden until there is something to offer. Qt thread only.

    Signals:
        accepted: Go on.
        refused: Forget it; what was found stays.
    """

    accepted = Signal()
    refused = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._count = 0
        self.words = QLabel()
        self.go_on, self.later, self.forget = QPushButton(), QPushButton(), QPushButton()
        self.go_on.setProperty("role", "primary")
        show_icon(self.go_on, "play", "on_accent")
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.SMALL, Space.SMALL)
        row.setSpacing(Space.SMALL)
        row.addWidget(self.words, 1)
        for button in (self.go_on, self.later, self.forget):
            row.addWidget(button)
        self.go_on.clicked.connect(self._accept)
        self.later.clicked.connect(self.hide)
        self.forget.clicked.connect(self._refuse)
        self.hide()
        follow_language(self._retranslate)

    def show_count(self, count: int) -> None:
        """Offers to go on with so many files; nothing for none."""
        self._count = count
        self._retranslate()
        self.setVisible(count > 0)
        if count:
            self.go_on.setFocus()

    def _retranslate(self) -> None:
        self.setAccessibleName(tr("Unfinished files"))
        self.words.setText(
            tr_plural(
                "{count} file was not finished when mmdesk ended. It goes on where it was.",
                "{count} files were not finished when mmdesk ended. They go on where they were.",
                self._count,
            )
        )
        self.go_on.setText(tr("Go on"))
        self.later.setText(tr("Not now"))
        self.forget.setText(tr("Do not ask again"))
        self.later.setToolTip(tr("Asks again at the next start."))
        self.forget.setToolTip(tr("What was found so far is kept."))
        for button in (self.go_on, self.later, self.forget):
            button.setAccessibleName(button.text())

    def _accept(self) -> None:
        self.hide()
        self.accepted.emit()

    def _refuse(self) -> None:
        self.hide()
        self.refused.emit()
