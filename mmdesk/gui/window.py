"""The main window: header, first page and status bar; the `Desk` comes once these are painted.

What the first page needs does not touch `PySide6.QtCore.Qt` (nor key sequences, which need it): PySide makes
that name space with its hundreds of names when it is first touched, which takes 40 ms of the 0.2 s that a
window may take. A test watches over that.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QCloseEvent, QGuiApplication, QPaintEvent
from PySide6.QtWidgets import QFileDialog, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from mmdesk.config.settings import Settings
from mmdesk.gui.actions import Actions, choose, chosen
from mmdesk.gui.drop import DropArea, paths_in
from mmdesk.gui.header import Header
from mmdesk.gui.language import follow_language, language, tr
from mmdesk.gui.names import shown_name
from mmdesk.gui.preferences import LANGUAGE, THEME
from mmdesk.gui.remembered import Remembered
from mmdesk.gui.status import StatusBar
from mmdesk.gui.style.theme import theme
from mmdesk.gui.style.tokens import Space
from mmdesk.gui.welcome import Welcome

if TYPE_CHECKING:
    from mmdesk.gui.desk import Desk
    from mmdesk.gui.files.item import Item
    from mmdesk.gui.offer import Offer
    from mmdesk.gui.session import MakeJobs

_FIRST_SIZE = (1280, 800)
_SMALLEST = (820, 560)


class MainWindow(QMainWindow):
    """One window with its own queue. Qt thread only."""

    def __init__(self, settings: Settings, make_jobs: MakeJobs) -> None:
        """Makes the window without loading anything heavy.

        Args:
            settings: The person's.
            make_jobs: Makes the queue behind the window, on a background thread.
        """
        super().__init__()
        self.remembered = Remembered(settings)
        self._make_jobs = make_jobs
        self._desk: Desk | None = None
        self._painted = self._closed = False
        self._once_painted: Sequence[Path] = ()
        self.acts = Actions(self)
        self.header = Header(self.acts)
        self.welcome = Welcome()
        self.status = StatusBar()
        self._pages, self._below = QStackedWidget(), QVBoxLayout()
        self._lay_out()
        self.drop = DropArea(self)
        self._connect()
        self._restore()
        follow_language(self._retranslate)

    # Making it.

    def _lay_out(self) -> None:
        self._pages.addWidget(self.welcome)
        below = self._below
        below.setContentsMargins(Space.SMALL, 0, Space.SMALL, 0)
        below.setSpacing(Space.SMALL)
        below.addWidget(self._pages)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addLayout(below, 1)
        middle = QWidget()
        middle.setLayout(column)
        self.setCentralWidget(middle)
        self.setStatusBar(self.status)
        self.resize(*_FIRST_SIZE)
        self.setMinimumSize(*_SMALLEST)
        self.welcome.open.setFocus()

    def _connect(self) -> None:
        acts = self.acts
        for action, act in (
            (acts.open, self.choose_files),
            (acts.open_folder, self.choose_folder),
            (acts.paste, self.paste),
            (acts.sample, self.open_sample),
            (acts.library, self.show_library),
            (acts.quit, self.close),
        ):
            action.triggered.connect(act)
        acts.full_screen.toggled.connect(self._go_full_screen)
        acts.languages.triggered.connect(self._on_language)
        acts.themes.triggered.connect(self._on_theme)
        self.drop.dropped.connect(self.open_paths)
        self.header.recent_asked.connect(self._open_again)
        self.header.forget_asked.connect(self._forget_recent)
        self.welcome.open_asked.connect(self.choose_files)
        self.welcome.folder_asked.connect(self.choose_folder)
        self.welcome.sample_asked.connect(self.open_sample)
        self.welcome.recent_asked.connect(self._open_again)

    def _restore(self) -> None:
        settings = self.remembered.settings
        choose(self.acts.languages, settings.get(LANGUAGE))
        choose(self.acts.themes, settings.get(THEME))
        self.remembered.restore_place(self)
        self.status.say(settings.warning)

    def _retranslate(self) -> None:
        self._show_recent()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rest is made after the first painting."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self._furnish)

    def _furnish(self) -> None:
        """Makes what is behind the first page, if nobody needed it earlier."""
        if self._desk is None and not self._closed:
            self._make_desk()
            self.open_paths(self._once_painted, play=True)

    @property
    def desk(self) -> Desk:
        """What is behind the first page."""
        return self._desk or self._make_desk()

    def _make_desk(self) -> Desk:
        from mmdesk.gui.desk import Desk

        self.acts.give_keys()
        self.header.menu.setShortcut("F10")
        self._desk = Desk(self, self.remembered, self.acts, self.status, self._make_jobs, self._make_offer())
        self._pages.addWidget(self._desk.work)
        self._desk.opened.connect(self._on_opened)
        return self._desk

    def _make_offer(self) -> Offer:
        from mmdesk.gui.offer import Offer

        offer = Offer()
        self._below.insertWidget(0, offer)
        return offer

    # Opening.

    def open_paths(self, paths: Sequence[Path], play: bool = False) -> None:
        """Opens files and folders, and remembers them; `play` lets the first one play."""
        if paths:
            self.remembered.add_recent(paths)
            self._show_recent()
            if self.remembered.trouble is not None:
                self.status.say(self.remembered.trouble)
            self.desk.open_paths(paths, play)

    def open_once_painted(self, paths: Sequence[Path]) -> None:
        """Opens files, the first of them playing, when the first page has been painted."""
        self._once_painted = paths

    def open_sample(self) -> None:
        """Opens the clip that ships with the program, playing."""
        from mmdesk.gui.desk import sample_file

        self.desk.open_paths([sample_file()], play=True)

    def show_library(self) -> None:
        """Shows everything that was ever analysed, or goes back."""
        page = self.desk.library
        if self._pages.currentWidget() is page:
            self._on_opened(self.desk.work.item)
            return
        if self._pages.indexOf(page) < 0:
            self._pages.addWidget(page)
            page.left.connect(self.show_library)
        self._pages.setCurrentWidget(page)
        page.refresh()
        page.words.setFocus()

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
        self.welcome.show_recent(recent)

    def _on_opened(self, item: Item | None) -> None:
        name = shown_name(item.path) if item else ""
        self.header.show_title(name)
        self.setWindowTitle(name)
        self._pages.setCurrentWidget(self.desk.work if item else self.welcome)

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
        """Stops everything within a second and asks nothing; what was found is on disk already."""
        self._closed = True
        self.remembered.keep_place(self)
        if self._desk is not None:
            self._desk.close()
        self.remembered.save()
        super().closeEvent(event)
