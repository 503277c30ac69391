"""Finds the result that a person means: of a recording, of an exported file, or a file that holds one."""

from __future__ import annotations

from pathlib import Path

from mmdesk.control import Control
from mmdesk.errors import NoResult
from mmdesk.export.passports import read_passport
from mmdesk.export.result import Result
from mmdesk.export.results import read_result
from mmdesk.library.project import Project, View
from mmdesk.sentences import sentence


def result_of(source: Path, project: Project) -> Result:
    """The result.

    Args:
        source: A recording that was analysed, or a file that mmdesk exported.
        project: Where results are kept.

    Raises:
        NoResult: It was never analysed.
        MediaError: It cannot be read.
        StoreError: The project cannot be read.
    """
    if source.suffix.lower() == ".jsonl":
        return _moved(read_result(source), source)
    view, path = view_of(source, project)
    return Result(path, view.findings, view.passport, view.marks, view.people)


def view_of(source: Path, project: Project) -> tuple[View, Path]:
    """What the project knows about it, and where the recording lies; raises as `result_of`."""
    try:
        passport = read_passport(source)
    except NoResult:
        view = project.view_of(source, Control())
        if view is None:
            raise _never_analysed(source.name) from None
        return view, source
    view = project.view(passport.media.sha256)
    if view is None:
        raise _never_analysed(passport.media.name)
    return view, view.entry.path if view.entry.path.exists() else source.with_name(passport.media.name)


def _moved(result: Result, file: Path) -> Result:
    """A recording that is not where it was may lie beside its result."""
    if result.path.exists():
        return result
    return Result(file.with_name(result.path.name), result.findings, result.passport, result.marks)


def _never_analysed(name: str) -> NoResult:
    return NoResult(
        sentence("There are no results for {name}.", name=name),
        sentence("Analyse it first: mmdesk analyze FILE"),
    )
