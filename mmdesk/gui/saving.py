"""Writes results into files in the background, and says how it went."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mmdesk.control import Control
from mmdesk.errors import MmdeskError
from mmdesk.gui.background import Background
from mmdesk.gui.language import spoken_language
from mmdesk.gui.names import shown_name, shown_path
from mmdesk.gui.results import Shown, result_of
from mmdesk.sentences import Sentence, sentence

if TYPE_CHECKING:
    from mmdesk.gui.dialogs.save import Saving


class Saver:
    """Qt thread only; the writing itself is on a background thread."""

    def __init__(self, background: Background, say: Callable[[Sentence], None]) -> None:
        """Says how it went through `say`."""
        self._background = background
        self._say = say
        self._control = Control()

    def save(self, savings: Sequence[Saving]) -> None:
        """Writes each file."""
        jobs = [(Shown.of(each.item), each.format, each.target, each.lines) for each in savings]
        language, control = spoken_language(), self._control
        self._say(sentence("Saving…"))
        self._background.run(lambda: _write(jobs, language, control), self._say, self._say_failed)

    def close(self) -> None:
        """Stops what is being written; half a file is never left."""
        self._control.cancel()

    def _say_failed(self, error: MmdeskError) -> None:
        self._say(error.message)


def _write(jobs: Sequence[tuple[Shown, str, Path, str]], language: str, control: Control) -> Sentence:
    """Writes files; background thread.

    Raises:
        MmdeskError: One could not be written; those before it were.
    """
    from mmdesk.config.catalogue import Catalogue
    from mmdesk.export.formats import Choices, Format, Lines, export

    for shown, kind, target, lines in jobs:
        choices = Choices(Lines(lines), Catalogue.load(language))
        export(result_of(shown, control), Format(kind), target, choices, control)
    target = jobs[0][2]
    if len(jobs) == 1:
        return sentence("Saved {name}.", name=shown_name(target))
    return sentence("Saved {count} files in {folder}.", count=len(jobs), folder=shown_path(target.parent))
