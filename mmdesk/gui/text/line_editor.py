"""A field over a line of the text panel, in which its words are corrected."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from mmdesk.gui.language import tr

_LOWEST = 44


class LineEditor(QPlainTextEdit):
    """Enter and leaving the field take the words over, Escape does not, Shift+Enter breaks the line.

    Signals:
        finished: The words are to be taken over; None when they are not. Once.
    """

    finished = Signal(object)

    def __init__(self, words: str, parent: QWidget) -> None:
        super().__init__(words, parent)
        self._done = False
        self.setTabChangesFocus(True)
        self.setAccessibleName(tr("Words of the line"))
        self.setMinimumHeight(_LOWEST)
        self.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter ends, Escape gives up."""
        breaks = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not breaks:
            self._finish(self.toPlainText())
        elif event.key() == Qt.Key.Key_Escape:
            self._finish(None)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving takes over; a menu over the field is not leaving."""
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self._finish(self.toPlainText())

    def _finish(self, words: str | None) -> None:
        if not self._done:
            self._done = True
            self.finished.emit(words)
