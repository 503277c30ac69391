"""The main window: its actions, its dialogs, and how it opens and closes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMainWindow, QVBoxLayout, QWidget

from mmdesk.config.paths import resources_dir
from mmdesk.config.settings import Settings
from mmdesk.gui.actions import Actions, choose, chosen
from mmdesk.gui.background import Background
from mmdesk.gui.dialogs.about import AboutDialog
from mmdesk.gui.dialogs.frame import FramedDialog
from mmdesk.gui.dialogs.problems import ProblemsDialog
from mmdesk.gui.dialogs.save import SaveDialog
from mmdesk.gui.dialogs.shortcuts import ShortcutsDialog
from mmdesk.gui.drop import DropArea, paths_in
from mmdesk.gui.files.item import Item
from mmdesk.gui.files.model import FilesModel
from mmdesk.gui.files.thumbnails import Thumbnails
from mmdesk.gui.header import Header
from mmdesk.gui.language import follow_language, language, tr
from mmdesk.gui.preferences import LANGUAGE, THEME
from mmdesk.gui.remembered import Remembered
from mmdesk.gui.saving import Saver
from mmdesk.gui.session import MakeJobs, Session
from mmdesk.gui.status import StatusBar
from mmdesk.gui.style.theme import theme
from mmdesk.gui.viewer_keys import viewer_keys
from mmdesk.gui.workspace import Workspace

_FIRST_SIZE = (1280, 800)
_SMALLEST = (820, 560)


class MainWindow(QMainWindow):
    """One window with its own queue. Qt thread only."""

    def __init__(self, settings: Settings, make_jobs: MakeJobs) -> None:
        """Makes the window without loading anything heavy.

        Args:
            settings: The person's.
            make_jobs: Makes the queue behind the window.
        """
        super().__init__()
        self.remembered = Remembered(settings)
        self.background = Background(self)
        self.files = FilesModel(self)
        self.session = Session(make_jobs, self.files, self)
        self.acts = Actions(self)
        self.header = Header(self.acts)
        self.work = Workspace(self.files, self.session, self.remembered)
        self.status = StatusBar()
        self.saver = Saver(self.background, self.status.say)
        self._thumbnails = Thumbnails(self.files, self.background, self)
        self._lay_out()
        self._drop = DropArea(self)
        self._connect_actions()
        self._connect_parts()
        self._restore()
        follow_language(self._retranslate)

    # Making it.

    def _lay_out(self) -> None:
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.work, 1)
        self.setCentralWidget(middle)
        self.setStatusBar(self.status)
        self.resize(*_FIRST_SIZE)
        self.setMinimumSize(*_SMALLEST)

    def _connect_actions(self) -> None:
        acts, text = self.acts, self.work.text
        for action, act in (
            (acts.open, self.choose_files),
            (acts.open_folder, self.choose_folder),
            (acts.paste, self.paste),
            (acts.sample, self.open_sample),
            (acts.save, self.ask_to_save),
            (acts.quit, self.close),
            (acts.find, text.open_find),
            (acts.find_next, lambda: text.find_step(1)),
            (acts.find_previous, lambda: text.find_step(-1)),
            (acts.next_file, lambda: self.work.step(1)),
            (acts.previous_file, lambda: self.work.step(-1)),
            (acts.to_viewer, self.work.stage.setFocus),
            (acts.to_text, text.view.setFocus),
            (acts.to_files, self.work.strip.view.setFocus),
            (acts.shortcuts, self.show_shortcuts),
            (acts.about, self.show_about),
            (acts.problems, self.show_problems),
        ):
            action.triggered.connect(act)
        acts.follow.toggled.connect(text.set_following)
        text.follow_changed.connect(acts.follow.setChecked)
        acts.full_screen.toggled.connect(self._go_full_screen)
        acts.languages.triggered.connect(self._on_language)
        acts.themes.triggered.connect(self._on_theme)

    def _connect_parts(self) -> None:
        self._drop.dropped.connect(self.open_paths)
        self.header.recent_asked.connect(self._open_again)
        self.header.forget_asked.connect(self._forget_recent)
        welcome = self.work.welcome
        welcome.open_asked.connect(self.choose_files)
        welcome.folder_asked.connect(self.choose_folder)
        welcome.sample_asked.connect(self.open_sample)
        welcome.recent_asked.connect(self._open_again)
        self._thumbnails.recognised.connect(self.work.recognised)
        self.work.strip.problems_asked.connect(self.show_problems)
        self.work.opened.connect(self._on_opened)
        self.work.lines_changed.connect(self._on_lines)
        self.session.problems_changed.connect(self._on_problems)

    def _restore(self) -> None:
        settings = self.remembered.settings
        choose(self.acts.languages, settings.get(LANGUAGE))
        choose(self.acts.themes, settings.get(THEME))
        self.acts.follow.setChecked(self.work.text.follow.isChecked())
        self.remembered.restore_place(self)
        self._show_recent()
        self.status.say(settings.warning)

    def _retranslate(self) -> None:
        self.setAccessibleName("mmdesk")
        self._show_recent()

    # Opening.

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Opens files and folders; one that is in the list already is shown again."""
        known = {item.path: item for item in self.files if not item.failed}
        new = [path for path in paths if path not in known]
        if new:
            self.session.open(new)
            self.remembered.add_recent(new)
            self._show_recent()
        elif paths:
            self.work.open_item(known[paths[0]])

    def open_sample(self) -> None:
        """Opens the clip that ships with the program, playing."""
        self.work.play_next()
        self.session.open([sample_file()])

    def choose_files(self) -> None:
        """Asks which files to open."""
        names, _ = QFileDialog.getOpenFileNames(self, tr("Open files"))
        self.open_paths([Path(name) for name in names])

    def choose_folder(self) -> None:
        """Asks which folder to open."""
        name = QFileDialog.getExistingDirectory(self, tr("Open folder"))
        self.open_paths([Path(name)] if name else [])

    def paste(self) -> None:
        """Opens the files that were copied in a file manager."""
        self.open_paths(paths_in(QGuiApplication.clipboard().mimeData()))

    def _open_again(self, path: Path) -> None:
        self.open_paths([path])

    def _forget_recent(self) -> None:
        self.remembered.forget_recent()
        self._show_recent()

    def _show_recent(self) -> None:
        recent = self.remembered.recent()
        self.header.show_recent(recent)
        self.work.welcome.show_recent(recent)

    # What is shown.

    def _on_opened(self, item: Item | None) -> None:
        self.header.show_title(item.path.name if item else "")
        self.setWindowTitle(" ".join(item.path.name.splitlines()) if item else "")
        self._on_lines()

    def _on_lines(self) -> None:
        item = self.work.item
        self.status.show_sources(item.sources() if item else ())
        self.acts.save.setEnabled(item is not None and bool(item.findings))

    def _on_problems(self) -> None:
        self.acts.problems.setEnabled(any(item.failed or item.warnings for item in self.files))

    # Dialogs.

    def ask_to_save(self) -> None:
        """Asks for format and place, then saves in the background."""
        item = self.work.item
        if item is None:
            return
        dialog = SaveDialog(item, [each for each in self.files if each.findings], self)
        if dialog.exec():
            self.saver.save(dialog.savings())
        dialog.deleteLater()

    def show_problems(self) -> None:
        """Lists what could not be read, with reasons."""
        _run(ProblemsDialog(self.files, self))

    def show_shortcuts(self) -> None:
        """Lists all keys."""
        _run(ShortcutsDialog(self.acts, viewer_keys(), self))

    def show_about(self) -> None:
        """Version, models and their licences."""
        _run(AboutDialog(self.background, self))

    # Choices.

    def _on_language(self) -> None:
        value = chosen(self.acts.languages)
        self.remembered.settings.set(LANGUAGE, value)
        spoken = language()
        if spoken is not None:
            spoken.choose(value)

    def _on_theme(self) -> None:
        value = chosen(self.acts.themes)
        self.remembered.settings.set(THEME, value)
        worn = theme()
        if worn is not None:
            worn.choose(value)

    def _go_full_screen(self, full: bool) -> None:
        if full:
            self.showFullScreen()
        else:
            self.showNormal()

    # Closing.

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stops everything within a second, asks nothing; what was found is on disk already."""
        self.remembered.keep_place(self)
        self.work.keep()
        self.remembered.save()
        self._thumbnails.close()
        self.session.close()
        self.work.stage.stage.shut_down()
        self.background.close()
        super().closeEvent(event)


def sample_file() -> Path:
    """The clip that ships with the program."""
    return resources_dir() / "samples" / "sample.mp4"


def _run(dialog: FramedDialog) -> None:
    dialog.exec()
    dialog.deleteLater()
