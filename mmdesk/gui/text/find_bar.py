"""Find in text: a field, how many, next, previous."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from mmdesk.gui.language import follow_language, tr
from mmdesk.gui.style.icons import show_icon
from mmdesk.gui.style.tokens import Space


class FindBar(QWidget):
    """Where words to find are typed.

    Signals:
        query_changed: Find these words.
        stepped: Go to the next (1) or previous (-1) place.
        closed: Find no longer.
    """

    query_changed = Signal(str)
    stepped = Signal(int)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = QLineEdit()
        self.count = QLabel()
        self.count.setProperty("role", "caption")
        self.count.setMinimumWidth(72)
        self.previous, self.next, self.close_button = QToolButton(), QToolButton(), QToolButton()
        show_icon(self.previous, "chevron-up")
        show_icon(self.next, "chevron-down")
        show_icon(self.close_button, "close")
        self._matches = (0, 0)
        self._lay_out()
        self.field.textChanged.connect(self.query_changed)
        self.next.clicked.connect(self._step_forward)
        self.previous.clicked.connect(self._step_back)
        self.close_button.clicked.connect(self.closed)
        follow_language(self._retranslate)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.SMALL, Space.SMALL)
        row.setSpacing(Space.TIGHT)
        row.addWidget(self.field, 1)
        row.addSpacing(Space.TIGHT)
        for widget in (self.count, self.previous, self.next, self.close_button):
            row.addWidget(widget)

    def _retranslate(self) -> None:
        self.field.setPlaceholderText(tr("Find in text"))
        self.field.setAccessibleName(tr("Find in text"))
        for button, words in (
            (self.previous, tr("Previous match (Shift+Enter)")),
            (self.next, tr("Next match (Enter)")),
            (self.close_button, tr("Close find (Esc)")),
        ):
            button.setToolTip(words)
            button.setAccessibleName(words)
        self.show_matches(*self._matches)

    def show_matches(self, at: int, count: int) -> None:
        """Says which match is current.

        Args:
            at: Counted from 1; 0 for none.
            count: How many there are.
        """
        self._matches = (at, count)
        if not self.field.text():
            self.count.clear()
        elif count == 0:
            self.count.setText(tr("Not found"))
        else:
            self.count.setText(tr("{at} of {count}", at=at, count=count))
        self.next.setEnabled(count > 0)
        self.previous.setEnabled(count > 0)

    def begin(self) -> None:
        """Shows the bar and selects what is in the field."""
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def _step_forward(self) -> None:
        self.stepped.emit(1)

    def _step_back(self) -> None:
        self.stepped.emit(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter steps, Esc closes."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.stepped.emit(-1 if back else 1)
        elif event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
