"""Writes results into files in the background, and says how it went."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from mmdesk.errors import MmdeskError
from mmdesk.events import Finding
from mmdesk.gui.background import Background
from mmdesk.gui.names import shown_name, shown_path
from mmdesk.sentences import Sentence, sentence

if TYPE_CHECKING:
    from mmdesk.gui.dialogs.save import Saving


class Saver:
    """Qt thread only; the writing itself is on a background thread."""

    def __init__(self, background: Background, say: Callable[[Sentence], None]) -> None:
        """Says how it went through `say`."""
        self._background = background
        self._say = say

    def save(self, savings: Sequence[Saving]) -> None:
        """Writes each file."""
        jobs = [(saving, tuple(saving.item.findings)) for saving in savings]
        self._say(sentence("Saving…"))
        self._background.run(lambda: _write(jobs), self._say, self._say_failed)

    def _say_failed(self, error: MmdeskError) -> None:
        self._say(error.message)


def _write(jobs: Sequence[tuple[Saving, Sequence[Finding]]]) -> Sentence:
    """Writes files; background thread.

    Raises:
        StoreError: One could not be written; those before it were.
    """
    from mmdesk.export.formats import Format, write

    for saving, findings in jobs:
        write(findings, saving.item.path, Format(saving.format), saving.target)
    if len(jobs) == 1:
        return sentence("Saved {name}.", name=shown_name(jobs[0][0].target))
    return sentence(
        "Saved {count} files in {folder}.", count=len(jobs), folder=shown_path(jobs[0][0].target.parent)
    )
