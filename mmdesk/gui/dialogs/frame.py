"""What all dialogs share: a headline, margins, a row of buttons."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from mmdesk.gui.style.tokens import Space

Button = QDialogButtonBox.StandardButton


class FramedDialog(QDialog):
    """A dialog with a headline above and buttons below. Texts are set once: it is modal."""

    def __init__(self, headline: str, parent: QWidget, buttons: Button = Button.Close) -> None:
        """Makes an empty one.

        Args:
            headline: Also the title of the window.
            parent: Whose window it belongs to.
            buttons: Qt's standard buttons, which Qt translates.
        """
        super().__init__(parent)
        self.setWindowTitle(headline)
        title = QLabel(headline)
        title.setProperty("role", "headline")
        self.body = QVBoxLayout()
        self.body.setSpacing(Space.MEDIUM)
        self.buttons = QDialogButtonBox(buttons)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        close = self.buttons.button(Button.Close)
        if close is not None:
            close.setDefault(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.MEDIUM)
        column.setSpacing(Space.MEDIUM)
        column.addWidget(title)
        column.addLayout(self.body, 1)
        column.addWidget(self.buttons)
