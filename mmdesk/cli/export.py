"""The command `export`: results in the formats that other tools read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from mmdesk.cli.exits import DONE, FAILED, INTERRUPTED
from mmdesk.cli.kept import result_of
from mmdesk.cli.printing import complain, printable, say
from mmdesk.config.catalogue import Catalogue
from mmdesk.config.paths import results_file
from mmdesk.control import Control
from mmdesk.errors import MmdeskError
from mmdesk.export.formats import Choices, Format, Lines, export
from mmdesk.export.names import Names
from mmdesk.export.result import Result
from mmdesk.library.project import Project


@dataclass(frozen=True, slots=True)
class Exporting:
    """What is to be exported, and how.

    Attributes:
        sources: Recordings that were analysed, or files that mmdesk exported.
        formats: What to write.
        folder: Where to.
        lines: What becomes lines in SubRip, WebVTT and plain text.
        language: Of the headings of reports.
        replace: Whether older files may be replaced.
    """

    sources: tuple[Path, ...]
    formats: tuple[Format, ...]
    folder: Path
    lines: Lines
    language: str
    replace: bool


def export_results(asked: Exporting) -> int:
    """Writes every format of every source; one that fails does not stop the others.

    Returns:
        0; 1 when something was not written, the reason stands on stderr; 130 after Ctrl-C.

    Raises:
        BrokenPipeError: Nobody reads any more.
    """
    failed = False
    try:
        with closing(Project(results_file())) as project:
            names = Names()
            for source in asked.sources:
                failed = not _export_one(source, asked, names, project) or failed
    except KeyboardInterrupt:
        return INTERRUPTED
    return FAILED if failed else DONE


def _export_one(source: Path, asked: Exporting, names: Names, project: Project) -> bool:
    try:
        result = result_of(source, project)
    except MmdeskError as failure:
        complain(failure)
        return False
    return all(list(_written(result, names.name(result.path), asked)))


def _written(result: Result, name: str, asked: Exporting) -> Iterator[bool]:
    choices = Choices(asked.lines, Catalogue.load(asked.language), asked.replace)
    for kind in asked.formats:
        target = asked.folder / f"{name}.{kind}"
        try:
            export(result, kind, target, choices, Control())
        except MmdeskError as failure:
            complain(failure)
            yield False
        else:
            say(printable(str(target)))
            yield True


def formats_of(text: str) -> tuple[Format, ...]:
    """Formats in a list with commas; "all" is every one that is a single file.

    Raises:
        ValueError: One of them is unknown.
    """
    names: Sequence[str] = [name.strip().lower() for name in text.split(",") if name.strip()]
    if list(names) == ["all"]:
        return tuple(each for each in Format if each not in (Format.CLIPS, Format.FRAMES))
    return tuple(dict.fromkeys(Format(name) for name in names))
