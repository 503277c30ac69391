"""What the person corrects in the text panel, kept in the project and undone again."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from mmdesk.control import Control
from mmdesk.errors import MmdeskError
from mmdesk.events import Finding
from mmdesk.gui.background import Background
from mmdesk.gui.files.item import Item
from mmdesk.gui.results import Shown
from mmdesk.gui.text.lines import Line
from mmdesk.sentences import Sentence, sentence

if TYPE_CHECKING:
    from mmdesk.library.edits import Edit
    from mmdesk.library.project import Project, View

_DRAFT_MS = 500


class Editor(QObject):
    """Qt thread only; the project is read and written on a background thread."""

    def __init__(
        self,
        background: Background,
        say: Callable[[Sentence], None],
        show: Callable[[Item, list[Finding]], None],
        parent: QObject,
    ) -> None:
        """Prepares.

        Args:
            background: Reads and writes.
            say: Tells what went wrong.
            show: Shows other findings of a file.
            parent: Whose life it shares.
        """
        super().__init__(parent)
        self._background, self._say, self._show = background, say, show
        self._control = Control()
        self._draft: tuple[Path, str, str | None] | None = None
        self._waiting: deque[tuple[Item, Callable[[Project, int], bool], Sentence]] = deque()
        self._busy = False
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_DRAFT_MS)
        self._later.timeout.connect(self._keep_draft)

    def close(self) -> None:
        """Keeps what is being typed, and starts nothing more."""
        if self._later.isActive():
            self._later.stop()
            self._keep_draft()
        self._control.cancel()

    def lay_over(self, item: Item) -> None:
        """Shows what people said about a file whose analysis has ended, if they said anything."""
        shown, control = Shown.of(item), self._control

        def done(findings: list[Finding] | None) -> None:
            if findings is not None and item.state.ended:
                self._show(item, findings)

        self._background.run(lambda: _corrected(shown.path, control), done, self._say_failed)

    def correct(self, item: Item, line: Line, words: str) -> None:
        """Puts other words in the place of a line's."""
        from mmdesk.library.edits import Change, corrected

        self._do(item, Change(line.words, corrected(line.words, words)))

    def delete(self, item: Item, lines: Sequence[Line]) -> None:
        """Takes lines out, as one step."""
        from mmdesk.library.edits import Change

        if lines:
            self._do(item, *(Change(line.words, None) for line in lines))

    def undo(self, item: Item) -> None:
        """Takes the last step back."""
        self._turn(item, lambda project, number: project.edits.undo(number) is not None, _NOTHING_TO_UNDO)

    def redo(self, item: Item) -> None:
        """Takes the step again that was undone last."""
        self._turn(item, lambda project, number: project.edits.redo(number) is not None, _NOTHING_TO_REDO)

    def typed(self, item: Item, line: Line, words: str | None) -> None:
        """Keeps what is being typed, half a second after the last key; None when it is finished."""
        self._draft = item.path, place_of(line), words
        self._later.start()

    def ask_draft(self, item: Item, found: Callable[[dict[str, str]], None]) -> None:
        """Finds what was being typed about a file when the program ended; keys are `place_of` a line."""
        path, control = item.path, self._control
        self._background.run(lambda: _drafts(path, control), found, self._say_failed)

    def _do(self, item: Item, *edits: Edit) -> None:
        def act(project: Project, number: int) -> bool:
            project.edits.do(number, *edits)
            return True

        self._turn(item, act, _NOTHING_TO_UNDO)

    def _turn(self, item: Item, act: Callable[[Project, int], bool], nothing: Sentence) -> None:
        if not item.state.ended:
            self._say(sentence("Wait until the analysis is done; then the text can be changed."))
            return
        self._waiting.append((item, act, nothing))
        if not self._busy:
            self._next()

    def _next(self) -> None:
        """One step after the other: what is shown last must be what was done last."""
        self._busy = bool(self._waiting)
        if not self._busy:
            return
        item, act, nothing = self._waiting.popleft()
        shown, control = Shown.of(item), self._control

        def done(findings: list[Finding] | None) -> None:
            if findings is None:
                self._say(nothing)
            else:
                self._show(item, findings)
            self._next()

        def failed(error: MmdeskError) -> None:
            self._say_failed(error)
            self._next()

        self._background.run(lambda: _turned(shown, act, control), done, failed)

    def _keep_draft(self) -> None:
        if self._draft is not None:
            (path, place, words), control = self._draft, self._control
            self._draft = None
            self._background.run(lambda: _keep(path, place, words, control), lambda _: None, self._say_failed)

    def _say_failed(self, error: MmdeskError) -> None:
        self._say(error.message)


_NOTHING_TO_UNDO = sentence("There is nothing to undo in this file.")
_NOTHING_TO_REDO = sentence("There is nothing to redo in this file.")


def place_of(line: Line) -> str:
    """A name for a line that it has again after a restart."""
    return f"{line.kind} {line.t0} {line.t1} {line.words.language} {line.text}"


def _view(project: Project, path: Path, control: Control) -> View | None:
    from mmdesk.errors import MediaError

    try:
        return project.view_of(path, control)
    except MediaError:
        return None  # moved or gone


def _corrected(path: Path, control: Control) -> list[Finding] | None:
    """What is to be shown where people said something; background thread."""
    from mmdesk.config.paths import results_file
    from mmdesk.library.project import Project

    if not results_file().exists():
        return None
    with closing(Project(results_file())) as project:
        view = _view(project, path, control)
    if view is None or not (view.human.lines or view.human.dropped):
        return None
    return list(view.findings)


def _turned(shown: Shown, act: Callable[[Project, int], bool], control: Control) -> list[Finding] | None:
    """Changes something and gives what is to be shown then; None where there was nothing to do.

    Raises:
        StoreError: The project cannot be written, or does not keep the file.
    """
    from mmdesk.config.paths import results_file
    from mmdesk.errors import NoResult
    from mmdesk.library.project import Project

    with closing(Project(results_file())) as project:
        view = _view(project, shown.path, control)
        if view is None:
            raise NoResult(
                sentence("The results of this file are not kept, so they cannot be changed."),
                sentence("Analyse the file again, then try again."),
            )
        if not act(project, view.entry.number):
            return None
        after = project.view(view.entry.media_hash)
    return list(after.findings) if after is not None else []


def _keep(path: Path, place: str, words: str | None, control: Control) -> None:
    """Keeps a draft; background thread."""
    from mmdesk.config.paths import results_file
    from mmdesk.library.project import Project

    with closing(Project(results_file())) as project:
        view = _view(project, path, control)
        if view is not None:
            project.edits.draft(view.entry.number, place, words)


def _drafts(path: Path, control: Control) -> dict[str, str]:
    """Drafts of a file; background thread."""
    from mmdesk.config.paths import results_file
    from mmdesk.library.project import Project

    if not results_file().exists():
        return {}
    with closing(Project(results_file())) as project:
        view = _view(project, path, control)
        return project.edits.drafts(view.entry.number) if view is not None else {}
