"""The result of an opened file, as the project keeps it; background threads only, except `Shown.of`."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mmdesk.events import Finding, MediaKind

if TYPE_CHECKING:
    from mmdesk.control import Control
    from mmdesk.export.result import Result
    from mmdesk.gui.files.item import Item
    from mmdesk.library.project import View


@dataclass(frozen=True, slots=True)
class Shown:
    """What the window knows about a file when somebody asks for something with it.

    Attributes:
        path: The file.
        findings: What is shown of it.
        kind: What it is.
        duration: Its seconds.
        seconds: How long its analysis took.
    """

    path: Path
    findings: tuple[Finding, ...]
    kind: MediaKind | None
    duration: float | None
    seconds: float | None

    @classmethod
    def of(cls, item: Item) -> Shown:
        """What there is now; Qt thread."""
        seconds = item.finished.seconds if item.finished else None
        return cls(item.path, tuple(item.findings), item.kind, item.duration, seconds)


def result_of(shown: Shown, control: Control) -> Result:
    """The result with its passport, edits and marks; what the project does not keep comes from the window.

    Raises:
        StoreError: The project cannot be read.
        Cancelled: The person stopped the work.
    """
    from mmdesk.config.paths import packs_dirs
    from mmdesk.export.issuing import Run, issue
    from mmdesk.export.result import Result

    view = kept_view(shown, control)
    if view is not None:
        return Result(shown.path, view.findings, view.passport, view.marks, view.people)
    run = Run(shown.kind, shown.duration, seconds=shown.seconds)
    return Result(shown.path, shown.findings, issue(shown.path, shown.findings, run, packs_dirs(), control))


def kept_view(shown: Shown, control: Control) -> View | None:
    """What the project keeps of a file, if that is what is shown.

    Raises:
        StoreError: The project cannot be read.
        Cancelled: The person stopped the work.
    """
    from mmdesk.config.paths import results_file
    from mmdesk.errors import MediaError
    from mmdesk.library.project import Project

    with closing(Project(results_file())) as project:
        try:
            view = project.view_of(shown.path, control)
        except MediaError:
            return None  # moved or gone: what is shown is all there is
    if view is None or view.kept is None:
        return None
    kept = {*view.kept.findings, *view.findings}
    return view if kept.issuperset(shown.findings) else None
