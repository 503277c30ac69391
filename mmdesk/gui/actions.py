"""Everything that can be done from menus, buttons and the keyboard, each named once."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QWidget

from mmdesk.gui.language import follow_language, tr
from mmdesk.gui.style.icons import show_icon


class Actions(QObject):
    """The actions of a window; they work by keyboard wherever the focus is. Qt thread only."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._keys: dict[QAction, tuple[str, ...]] = {}
        self.open = self._make("open", "Ctrl+O")
        self.open_folder = self._make("folder", "Ctrl+Shift+O")
        self.paste = self._make("", "Ctrl+V")
        self.library = self._make("library", "Ctrl+B")
        self.sample = self._make("sample")
        self.save = self._make("save", "Ctrl+S")
        self.correct = self._make("", "Ctrl+Shift+S")
        self.quit = self._make("", "Ctrl+Q")
        self.undo = self._make("undo", "Ctrl+Z")
        self.redo = self._make("redo", "Ctrl+Shift+Z")
        self.find = self._make("search", "Ctrl+F")
        self.find_next = self._make("", "F3")
        self.find_previous = self._make("", "Shift+F3")
        self.follow = self._make("follow", "Ctrl+L")
        self.play = self._make("play", "Ctrl+Space")
        self.next_file = self._make("", "Ctrl+PgDown")
        self.previous_file = self._make("", "Ctrl+PgUp")
        self.to_viewer = self._make("", "F6")
        self.to_text = self._make("", "F7")
        self.to_files = self._make("", "F8")
        self.full_screen = self._make("fullscreen", "F11")
        self.shortcuts = self._make("keyboard", "F1", "?")
        self.about = self._make("info")
        self.problems = self._make("warning")
        self.follow.setCheckable(True)
        self.full_screen.setCheckable(True)
        self.languages = self._choices("system", "en", "zh")
        self.themes = self._choices("system", "light", "dark")
        self.save.setEnabled(False)
        self.correct.setEnabled(False)
        self.undo.setEnabled(False)
        self.redo.setEnabled(False)
        self.problems.setEnabled(False)
        follow_language(self._retranslate)

    def _make(self, icon: str, *keys: str) -> QAction:
        action = QAction(self)
        if icon:
            show_icon(action, icon)
        if keys:
            self._keys[action] = keys
        self._window.addAction(action)
        return action

    def give_keys(self) -> None:
        """Makes the keys work; once the first page is painted, see window.py."""
        for action, keys in self._keys.items():
            action.setShortcuts([QKeySequence(each) for each in keys])

    def _choices(self, *values: str) -> QActionGroup:
        group = QActionGroup(self)
        for value in values:
            action = QAction(group)
            action.setCheckable(True)
            action.setData(value)
        return group

    def _retranslate(self) -> None:
        for action, words in (
            (self.open, tr("Open files…")),
            (self.open_folder, tr("Open folder…")),
            (self.paste, tr("Paste files")),
            (self.library, tr("Library")),
            (self.sample, tr("Open the sample")),
            (self.save, tr("Save results…")),
            (self.correct, tr("Import corrections…")),
            (self.quit, tr("Quit")),
            (self.undo, tr("Undo")),
            (self.redo, tr("Redo")),
            (self.find, tr("Find in text")),
            (self.find_next, tr("Find next")),
            (self.find_previous, tr("Find previous")),
            (self.follow, tr("Follow playback")),
            (self.play, tr("Play or pause")),
            (self.next_file, tr("Next file")),
            (self.previous_file, tr("Previous file")),
            (self.to_viewer, tr("Go to the viewer")),
            (self.to_text, tr("Go to the text")),
            (self.to_files, tr("Go to the files")),
            (self.full_screen, tr("Full screen")),
            (self.shortcuts, tr("Keyboard shortcuts")),
            (self.about, tr("About mmdesk")),
            (self.problems, tr("Problems")),
        ):
            action.setText(words)
        names = {"system": tr("System"), "en": "English", "zh": "简体中文"}
        names |= {"light": tr("Light"), "dark": tr("Dark")}
        for action in (*self.languages.actions(), *self.themes.actions()):
            action.setText(names[str(action.data())])


def chosen(group: QActionGroup) -> str:
    """The value of the checked action of a group that has one."""
    action = group.checkedAction()
    return str(action.data())


def choose(group: QActionGroup, value: str) -> None:
    """Checks the action with a value."""
    for action in group.actions():
        action.setChecked(action.data() == value)
