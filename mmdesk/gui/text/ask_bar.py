"""A field to ask about the picture that is shown, and the answer below it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from mmdesk.analysis.question import Answered, Unanswered
from mmdesk.gui.language import follow_language, tr, tr_sentence
from mmdesk.gui.style.tokens import Space


class AskBar(QWidget):
    """Takes one question at a time. Qt thread only.

    Signals:
        asked: The words of a question.
    """

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field, self.button = QLineEdit(), QPushButton()
        self.answer, self.explanation = QLabel(), QLabel()
        self._reply: Answered | Unanswered | None = None
        self._waiting = False
        self._lay_out()
        self.field.returnPressed.connect(self._ask)
        self.field.textChanged.connect(self._enable)
        self.button.clicked.connect(self._ask)
        follow_language(self._retranslate)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(Space.SMALL)
        row.addWidget(self.field, 1)
        row.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.MEDIUM, Space.MEDIUM)
        column.setSpacing(Space.SMALL)
        column.addLayout(row)
        self.answer.setProperty("role", "strong")
        self.explanation.setProperty("role", "muted")
        for label in (self.answer, self.explanation):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
            column.addWidget(label)

    def clear(self) -> None:
        """Another picture is shown: no question has been asked about it."""
        self.field.clear()
        self._waiting, self._reply = False, None
        self._retranslate()

    def show_reply(self, reply: Answered | Unanswered) -> None:
        """Shows what came of the question."""
        self._waiting, self._reply = False, reply
        self._retranslate()

    def _ask(self) -> None:
        words = self.field.text().strip()
        if words and not self._waiting:
            self._waiting, self._reply = True, None
            self._retranslate()
            self.asked.emit(words)

    def _enable(self) -> None:
        self.button.setEnabled(bool(self.field.text().strip()) and not self._waiting)

    def _retranslate(self) -> None:
        self.field.setPlaceholderText(tr("Ask about this picture"))
        self.field.setAccessibleName(tr("Ask about this picture"))
        self.field.setToolTip(
            tr("For example: What color is the dog? How many people are there? Where is this?")
        )
        self.button.setText(tr("Ask"))
        self._enable()
        words, explanation = self._words()
        for label, said in ((self.answer, words), (self.explanation, explanation)):
            label.setText(said)
            label.setAccessibleName(said)
            label.setVisible(bool(said))

    def _words(self) -> tuple[str, str]:
        """The answer, and what is to be known beside it."""
        match self._reply:
            case Answered() as found:
                percent = round(100 * found.confidence)
                words = tr("{answer} · {percent}%", answer=found.text, percent=percent)
                return words, tr_sentence(found.explanation) if found.explanation else ""
            case Unanswered() as failed:
                return tr_sentence(failed.message), tr_sentence(failed.hint)
            case _:
                return "", tr("Looking for the answer…") if self._waiting else ""
