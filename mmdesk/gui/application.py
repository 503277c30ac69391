"""The application: a QApplication that owns its language and its theme."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLoggingCategory
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from mmdesk.config.paths import resources_dir
from mmdesk.gui.language import Language
from mmdesk.gui.style.theme import Theme

# Qt Multimedia tells the terminal the name of every file that it opens, and which optional libraries of the
# system are not there. QT_LOGGING_RULES in the environment wins over this.
_QUIET = "qt.multimedia.*.info=false\nqt.multimedia.symbolsresolver=false"


class Application(QApplication):
    """One per process. `language` and `theme` are its children, so everything in Qt finds them."""

    def __init__(self, arguments: Sequence[str], language: str = "en", theme: str = "light") -> None:
        """Makes the application.

        Args:
            arguments: Command line, with the program's name first.
            language: "system" or a language of the catalogues.
            theme: "system", "light" or "dark".
        """
        QLoggingCategory.setFilterRules(_QUIET)
        super().__init__(list(arguments))
        self.setApplicationName("mmdesk")
        self.setApplicationDisplayName("mmdesk")
        self.setDesktopFileName("mmdesk")
        self.setWindowIcon(QIcon(str(resources_dir() / "icons" / "mmdesk.svg")))
        self.language = Language(self, language)
        self.theme = Theme(self, theme)
