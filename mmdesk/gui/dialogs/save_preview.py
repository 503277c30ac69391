"""What a file will look like, before it is saved."""

from __future__ import annotations

from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from mmdesk.control import Control
from mmdesk.errors import MmdeskError
from mmdesk.gui.background import Background
from mmdesk.gui.files.item import Item
from mmdesk.gui.language import tr, tr_sentence
from mmdesk.gui.results import Shown, kept_view


class SavePreview(QPlainTextEdit):
    """The beginning of the file in the chosen format; made in the background, the newest choice wins."""

    def __init__(self, item: Item, background: Background, parent: QWidget) -> None:
        """Shows nothing yet.

        Args:
            item: Whose results.
            background: Makes the text.
            parent: The dialog.
        """
        super().__init__(parent)
        self._item, self._background = item, background
        self._wanted = 0
        self.setReadOnly(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.setTabChangesFocus(True)
        self.setAccessibleName(tr("Preview"))
        self.setPlaceholderText(tr("Nothing to save in this format."))

    def show_format(self, name: str, lines: str) -> None:
        """Shows another format."""
        self._wanted += 1
        number, shown = self._wanted, Shown.of(self._item)
        self._background.run(
            lambda: _text(shown, name, lines),
            lambda text: self._show(number, text),
            lambda error: self._show_failure(number, error),
        )

    def _show(self, number: int, text: str) -> None:
        if number == self._wanted:
            self.setPlainText(text)

    def _show_failure(self, number: int, error: MmdeskError) -> None:
        self._show(number, tr_sentence(error.message))


def _text(shown: Shown, name: str, lines: str) -> str:
    """Background thread.

    Raises:
        MmdeskError: The project cannot be read.
    """
    from mmdesk.analysis.passport import MediaUsed, Passport
    from mmdesk.export.cues import Lines
    from mmdesk.export.formats import Format
    from mmdesk.export.preview import preview
    from mmdesk.export.result import Result

    view = kept_view(shown, Control())
    passport = Passport("", MediaUsed(shown.path.name, ""))
    result = Result(shown.path, shown.findings, passport)
    if view is not None:
        result = Result(shown.path, view.findings, view.passport, view.marks, view.people)
    return preview(result, Format(name), Lines(lines))
