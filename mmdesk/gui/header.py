"""The bar at the top: open, save, the name of the opened file, language, appearance, menu."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from mmdesk.gui.actions import Actions
from mmdesk.gui.language import follow_language, tr
from mmdesk.gui.names import shown_name, shown_path
from mmdesk.gui.style.icons import show_icon
from mmdesk.gui.style.tokens import IconSize, Space

_TITLE_WIDTH = 420


class Header(QWidget):
    """Qt thread only.

    Signals:
        recent_asked: Open this `Path` again.
        forget_asked: Forget the recently opened files.
    """

    recent_asked = Signal(object)
    forget_asked = Signal()

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self.open = _labelled(actions.open, "open")
        self.save = _labelled(actions.save, "save")
        self.library = _labelled(actions.library, "library")
        self.title = QLabel()
        self.title.setProperty("role", "strong")
        self.language, self.appearance, self.menu = QToolButton(), QToolButton(), QToolButton()
        self._languages, self._themes, self._everything = QMenu(self), QMenu(self), QMenu(self)
        self._recent = QMenu(self)
        self._fill_menus()
        self._lay_out()
        follow_language(self._retranslate)

    def _fill_menus(self) -> None:
        self._languages.addActions(self._actions.languages.actions())
        self._themes.addActions(self._actions.themes.actions())
        acts = self._actions
        groups: tuple[tuple[QAction, ...], ...] = (
            (acts.open, acts.open_folder, acts.paste, acts.sample, acts.library),
            (acts.save, acts.correct, acts.problems),
            (acts.undo, acts.redo),
            (acts.find, acts.find_next, acts.find_previous, acts.follow),
            (acts.play, acts.next_file, acts.previous_file, acts.full_screen),
            (acts.shortcuts, acts.about),
            (acts.quit,),
        )
        for at, group in enumerate(groups):
            self._everything.addActions(list(group))
            if at == 0:
                self._everything.addMenu(self._recent)
            if at < len(groups) - 1:
                self._everything.addSeparator()
        for button, icon, menu in (
            (self.language, "language", self._languages),
            (self.appearance, "theme", self._themes),
            (self.menu, "menu", self._everything),
        ):
            show_icon(button, icon)
            button.setMenu(menu)
            button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
            button.setIconSize(QSize(IconSize.BODY, IconSize.BODY))

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.SMALL, Space.SMALL, Space.SMALL, Space.SMALL)
        row.setSpacing(Space.TIGHT)
        row.addWidget(self.open)
        row.addWidget(self.save)
        row.addWidget(self.library)
        row.addStretch(1)
        row.addWidget(self.title)
        row.addStretch(1)
        for button in (self.language, self.appearance, self.menu):
            row.addWidget(button)

    def _retranslate(self) -> None:
        self.open.setText(tr("Open"))
        self.save.setText(tr("Save results"))
        self.library.setText(tr("Library"))
        self._recent.setTitle(tr("Open recent"))
        for button, words in (
            (self.open, tr("Open files (Ctrl+O)")),
            (self.save, tr("Save results (Ctrl+S)")),
            (self.library, tr("Library (Ctrl+B)")),
            (self.language, tr("Language")),
            (self.appearance, tr("Appearance")),
            (self.menu, tr("Menu (F10)")),
        ):
            button.setToolTip(words)
            button.setAccessibleName(words)

    def show_title(self, name: str) -> None:
        """Names the opened file."""
        from PySide6.QtCore import Qt

        metrics = self.title.fontMetrics()
        self.title.setText(metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, _TITLE_WIDTH))
        self.title.setToolTip(name if self.title.text() != name else "")

    def show_recent(self, paths: Sequence[Path]) -> None:
        """Offers files that were opened before."""
        self._recent.clear()
        for path in paths:
            action = QAction(shown_name(path).replace("&", "&&"), self._recent)
            action.setToolTip(shown_path(path))
            action.triggered.connect(lambda _checked=False, chosen=path: self.recent_asked.emit(chosen))
            self._recent.addAction(action)
        if paths:
            self._recent.addSeparator()
            forget = QAction(tr("Forget recent files"), self._recent)
            forget.triggered.connect(self.forget_asked)
            self._recent.addAction(forget)
        self._recent.setEnabled(bool(paths))


def _labelled(action: QAction, icon: str) -> QToolButton:
    """A button with icon and words for an action; its words are its own, shorter than the menu's."""
    button = QToolButton()
    button.setProperty("role", "labelled")
    button.setIconSize(QSize(IconSize.BODY, IconSize.BODY))
    button.clicked.connect(action.trigger)
    button.setEnabled(action.isEnabled())
    action.enabledChanged.connect(button.setEnabled)
    show_icon(button, icon)
    return button
