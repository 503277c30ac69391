"""Takes over corrections from an edited file, after the person has seen them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QWidget

from mmdesk.control import Control
from mmdesk.errors import MmdeskError, NoResult
from mmdesk.events import Finding
from mmdesk.gui.background import Background
from mmdesk.gui.files.item import Item
from mmdesk.gui.language import tr
from mmdesk.gui.names import shown_name
from mmdesk.gui.results import Shown, kept_view
from mmdesk.sentences import Sentence, sentence

if TYPE_CHECKING:
    from mmdesk.export.corrections import Correction
    from mmdesk.export.reading import Reading
    from mmdesk.library.project import View

_READABLE = "*.eaf *.srt *.vtt *.csv"


class Corrector:
    """Qt thread only; reading and keeping are on a background thread."""

    def __init__(
        self,
        window: QWidget,
        background: Background,
        say: Callable[[Sentence], None],
        show: Callable[[Item, list[Finding]], None],
    ) -> None:
        """Prepares.

        Args:
            window: Where dialogs belong to.
            background: Reads and keeps.
            say: Tells how it went.
            show: Shows other findings of a file.
        """
        self._window, self._background = window, background
        self._say, self._show = say, show
        self._control = Control()

    def ask(self, item: Item) -> None:
        """Asks which file, then shows what is different in it."""
        mask = f"{tr('Edited exports')} ({_READABLE})"
        folder = str(item.path.parent)
        chosen = QFileDialog.getOpenFileName(self._window, tr("Import corrections"), folder, mask)[0]
        if chosen:
            self.read(item, Path(chosen))

    def read(self, item: Item, edited: Path) -> None:
        """Reads an edited file and shows what is different."""
        shown, control = Shown.of(item), self._control
        self._background.run(
            lambda: _read(shown, edited, control),
            lambda read: self._review(item, edited, *read),
            self._say_failed,
        )

    def close(self) -> None:
        """Stops what is being read."""
        self._control.cancel()

    def _review(self, item: Item, edited: Path, view: View, reading: Reading) -> None:
        from mmdesk.gui.dialogs.corrections import CorrectionsDialog

        if not reading.corrections:
            self._say(sentence("{name} says the same as the results here.", name=shown_name(edited)))
            return
        dialog = CorrectionsDialog(shown_name(edited), reading, self._window)
        if dialog.exec():
            self.take_over(item, view, dialog.chosen)
        dialog.deleteLater()

    def take_over(self, item: Item, view: View, corrections: list[Correction]) -> None:
        """Keeps corrections as one step and shows them."""

        def done(findings: list[Finding]) -> None:
            self._show(item, findings)
            self._say(sentence("{count} corrections were taken over.", count=len(corrections)))

        self._background.run(lambda: _keep(view, corrections), done, self._say_failed)

    def _say_failed(self, error: MmdeskError) -> None:
        self._say(error.message)


def _read(shown: Shown, edited: Path, control: Control) -> tuple[View, Reading]:
    """Background thread.

    Raises:
        MmdeskError: The file cannot be read, or the project does not keep the results that are shown.
    """
    from mmdesk.export.reading import read_back
    from mmdesk.export.result import Result

    view = kept_view(shown, control)
    if view is None:
        raise NoResult(
            sentence("The results of {name} are not kept yet.", name=shown_name(shown.path)),
            sentence("Wait until the analysis is done, then try again."),
        )
    result = Result(shown.path, view.findings, view.passport, view.marks, view.people)
    return view, read_back(edited, result)


def _keep(view: View, corrections: list[Correction]) -> list[Finding]:
    """Background thread; gives what is to be shown now.

    Raises:
        StoreError: The project cannot be written.
    """
    from mmdesk.config.paths import results_file
    from mmdesk.library.edits import Change
    from mmdesk.library.project import Project

    with closing(Project(results_file())) as project:
        project.edits.do(view.entry.number, *(Change(each.before, each.after) for each in corrections))
        after = project.view(view.entry.media_hash)
    return list(after.findings) if after is not None else []
