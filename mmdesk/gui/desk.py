"""Everything behind the first page: the queue, the files, the viewer, the text, the dialogs.

The window makes it once its first page has been painted, so that the first page waits for none of
this.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from mmdesk.config.paths import resources_dir, results_file
from mmdesk.errors import MmdeskError
from mmdesk.events import Finding, Finished
from mmdesk.gui.actions import Actions
from mmdesk.gui.background import Background
from mmdesk.gui.correcting import Corrector
from mmdesk.gui.editor import Editor
from mmdesk.gui.files.item import Item
from mmdesk.gui.files.model import FilesModel
from mmdesk.gui.files.thumbnails import Thumbnails
from mmdesk.gui.offer import Offer
from mmdesk.gui.remembered import Remembered
from mmdesk.gui.saving import Saver
from mmdesk.gui.session import MakeJobs, Session
from mmdesk.gui.status import StatusBar
from mmdesk.gui.workspace import Workspace

if TYPE_CHECKING:
    from mmdesk.gui.dialogs.frame import FramedDialog
    from mmdesk.gui.dialogs.save import Saving
    from mmdesk.gui.library.page import LibraryPage
    from mmdesk.gui.library.reading import Row
    from mmdesk.gui.text.lines import Line
    from mmdesk.library.kept_jobs import KeptJob
    from mmdesk.library.project import View


def sample_file() -> Path:
    """The clip that ships with the program."""
    return resources_dir() / "samples" / "sample.mp4"


def _load_ahead() -> None:
    """Loads what the first film needs while nobody waits for it: on the Qt thread it took 0.3 s."""
    for room in ("mmdesk.gui.viewers.video_viewer", "mmdesk.analysis.analyze"):
        import_module(room)


def _unfinished() -> Sequence[KeptJob]:
    """Jobs that no program works on; background thread.

    Raises:
        StoreError: The project cannot be read.
    """
    from mmdesk.library.project import Project

    if not results_file().exists():
        return ()
    with closing(Project(results_file())) as project:
        return project.unfinished()


def _forget(numbers: Sequence[int]) -> None:
    """Gives jobs up; background thread.

    Raises:
        StoreError: The project cannot be written.
    """
    from mmdesk.library.project import Project

    with closing(Project(results_file())) as project:
        project.jobs.forget(numbers)


class Desk(QObject):
    """One queue and what shows it. Qt thread only.

    Signals:
        opened: Another `Item` (or None) is shown.
    """

    opened = Signal(object)

    def __init__(
        self,
        window: QWidget,
        remembered: Remembered,
        acts: Actions,
        status: StatusBar,
        make_jobs: MakeJobs,
        offer: Offer,
    ) -> None:
        super().__init__(window)
        self._window, self._remembered, self._acts, self._status = window, remembered, acts, status
        self.background = Background(self)
        self.files = FilesModel(self)
        self.session = Session(make_jobs, self.files, self.background, self)
        self.work = Workspace(self.files, self.session, remembered)
        self._saver = Saver(self.background, status.say)
        self.corrector = Corrector(window, self.background, status.say, self._show_corrected)
        self.editor = Editor(self.background, status.say, self._show_edited, self)
        self._thumbnails = Thumbnails(self.files, self.background, self)
        self._connect_actions()
        self._connect_parts()
        self.offer = offer
        self.offer.accepted.connect(self._go_on)
        self.offer.refused.connect(self._forget_unfinished)
        self._unfinished: tuple[KeptJob, ...] = ()
        self._laid_over: dict[int, Finished] = {}
        self.work.stage.preload()
        self.background.run(_load_ahead, lambda _: self._start(), self._on_trouble)

    def _connect_actions(self) -> None:
        acts, text = self._acts, self.work.text
        for action, act in (
            (acts.save, self.ask_to_save),
            (acts.correct, self.ask_to_correct),
            (acts.undo, lambda: self._turn(self.editor.undo)),
            (acts.redo, lambda: self._turn(self.editor.redo)),
            (acts.find, text.open_find),
            (acts.find_next, lambda: text.find_step(1)),
            (acts.find_previous, lambda: text.find_step(-1)),
            (acts.play, self.work.stage.stage.toggle),
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
        acts.follow.setChecked(text.follow.isChecked())
        acts.follow.toggled.connect(text.set_following)
        text.follow_changed.connect(acts.follow.setChecked)

    def _connect_parts(self) -> None:
        view = self.work.text.view
        view.edited.connect(self._on_edited)
        view.typed.connect(self._on_typed)
        view.deleted.connect(self._on_deleted)
        self.session.changed.connect(self._on_changed)
        self._thumbnails.recognised.connect(self.work.recognised)
        self.work.strip.problems_asked.connect(self.show_problems)
        self.work.opened.connect(self._on_opened)
        self.work.lines_changed.connect(self._on_lines)
        self.session.troubled.connect(self._on_trouble)
        self.session.problems_changed.connect(self._on_problems)

    # The library.

    @cached_property
    def library(self) -> LibraryPage:
        """The library page, made when it is first asked for."""
        from mmdesk.gui.library.page import LibraryPage

        page = LibraryPage(self.background, self._status.say)
        page.open_asked.connect(self._open_kept)
        return page

    def _open_kept(self, row: Row) -> None:
        """Shows what is kept of a file, at once and without analysing anything."""
        from mmdesk.gui.library.reading import view

        media_hash = row.entry.media_hash
        self.background.run(lambda: view(media_hash), self._show_kept, self._on_trouble)

    def _show_kept(self, view: View | None) -> None:
        if view is not None:
            item = self.session.show_kept(view)
            self.work.open_item(item)
            self.opened.emit(item)

    # Going on.

    def _start(self) -> None:
        """The queue's threads come after what was loaded ahead: PyAV breaks when two import it at once."""
        self.session.start()
        self._look_for_unfinished()

    def _look_for_unfinished(self) -> None:
        self.background.run(_unfinished, self._offer, self._on_trouble)

    def _offer(self, jobs: Sequence[KeptJob]) -> None:
        self._unfinished = tuple(jobs)
        self.offer.show_count(len(jobs))

    def _go_on(self) -> None:
        self.session.go_on(self._unfinished)

    def _forget_unfinished(self) -> None:
        numbers = [job.number for job in self._unfinished]
        self.background.run(lambda: _forget(numbers), lambda _: None, self._on_trouble)

    # Opening.

    def open_paths(self, paths: Sequence[Path], play: bool = False) -> None:
        """Opens files and folders; one that is in the list already is shown again.

        Args:
            paths: What to open.
            play: Whether the first of them starts playing.
        """
        known = {item.path: item for item in self.files if not item.failed}
        new = [path for path in paths if path not in known]
        if new:
            if play:
                self.work.play_next()
            self.session.open(new)
        elif paths:
            self.work.open_item(known[paths[0]], play)

    # What is shown.

    def _on_opened(self, item: Item | None) -> None:
        self.opened.emit(item)
        self._on_lines()

    def _on_lines(self) -> None:
        item = self.work.item
        self._status.show_sources(item.sources() if item else ())
        self._acts.save.setEnabled(item is not None and bool(item.findings))
        self._acts.correct.setEnabled(item is not None and bool(item.findings))
        self._acts.undo.setEnabled(item is not None)
        self._acts.redo.setEnabled(item is not None)

    def _on_problems(self) -> None:
        self._acts.problems.setEnabled(any(item.failed or item.warnings for item in self.files))

    def _on_trouble(self, error: MmdeskError) -> None:
        self._status.say(error.message)

    # Dialogs.

    def ask_to_save(self) -> None:
        """Asks for format and place, then saves in the background."""
        from mmdesk.gui.dialogs.save import SaveDialog

        item = self.work.item
        if item is None:
            return
        others = [each for each in self.files if each.findings]
        dialog = SaveDialog(item, others, self.background, self._window)
        if dialog.exec():
            self.save(dialog.savings())
        dialog.deleteLater()

    def save(self, savings: Sequence[Saving]) -> None:
        """Saves results in the background; the status bar says how it went."""
        self._saver.save(savings)

    def ask_to_correct(self) -> None:
        """Asks for an edited export, and shows what is different in it."""
        if self.work.item is not None:
            self.corrector.ask(self.work.item)

    def _show_corrected(self, item: Item, findings: list[Finding]) -> None:
        item.show_instead(findings)
        self.session.restarted.emit(item)  # shows all lines; none are new after that
        self.session.lines_arrived.emit(item, [], [])

    # Editing.

    def _turn(self, turn: Callable[[Item], None]) -> None:
        if self.work.item is not None:
            turn(self.work.item)

    def _show_edited(self, item: Item, findings: list[Finding]) -> None:
        """Shows what was changed, without moving what the person looks at."""
        place = self.work.text.view.place()
        self._show_corrected(item, findings)
        if item is self.work.item:
            self.work.text.view.go_back_to(place)

    def _on_edited(self, line: Line, words: str) -> None:
        if self.work.item is not None:
            self.editor.correct(self.work.item, line, words)

    def _on_typed(self, line: Line, words: str | None) -> None:
        if self.work.item is not None:
            self.editor.typed(self.work.item, line, words)

    def _on_deleted(self, lines: list[Line]) -> None:
        if self.work.item is not None:
            self.editor.delete(self.work.item, lines)

    def _on_changed(self, item: Item) -> None:
        """What people said is laid over the findings of a file as soon as it is complete."""
        if item.finished is not None and item.finished is not self._laid_over.get(item.job):
            self._laid_over[item.job] = item.finished
            self.editor.lay_over(item)

    def show_problems(self) -> None:
        """Lists what could not be read, with reasons."""
        from mmdesk.gui.dialogs.problems import ProblemsDialog

        _run(ProblemsDialog(self.files, self._window))

    def show_shortcuts(self) -> None:
        """Lists all keys."""
        from mmdesk.gui.dialogs.shortcuts import ShortcutsDialog
        from mmdesk.gui.viewer_keys import viewer_keys

        _run(ShortcutsDialog(self._acts, viewer_keys(), self._window))

    def show_about(self) -> None:
        """Version, models and their licences."""
        from mmdesk.gui.dialogs.about import AboutDialog

        _run(AboutDialog(self.background, self._window))

    # Closing.

    def close(self) -> None:
        """Stops everything within a second; what was found is on disk already."""
        self.work.keep()
        self._thumbnails.close()
        self._saver.close()
        self.corrector.close()
        self.editor.close()
        if "library" in self.__dict__:
            self.library.close_reading()
        self.session.close()
        self.work.stage.stage.shut_down()
        self.background.close()


def _run(dialog: FramedDialog) -> None:
    dialog.exec()
    dialog.deleteLater()
