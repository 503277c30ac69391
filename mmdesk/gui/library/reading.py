"""What the library page reads and writes; background threads only."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

from mmdesk.config.paths import results_file
from mmdesk.control import Control
from mmdesk.errors import MediaError

if TYPE_CHECKING:
    from mmdesk.library.listing import Entry, Query
    from mmdesk.library.project import View


@dataclass(frozen=True, slots=True)
class Listed:
    """What a query found.

    Attributes:
        numbers: Of the files, in order.
        tags: Every tag of the project.
    """

    numbers: tuple[int, ...]
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A file, and whether it is where it was."""

    entry: Entry
    present: bool


def look(query: Query) -> Listed:
    """Which files a query wants.

    Raises:
        StoreError: The project cannot be read.
    """
    from mmdesk.library.project import Project

    if not results_file().exists():
        return Listed((), ())
    with closing(Project(results_file())) as project:
        return Listed(tuple(project.library.numbers(query)), tuple(project.library.tags()))


def rows(numbers: Sequence[int]) -> list[Row]:
    """Files by their numbers.

    Raises:
        StoreError: The project cannot be read.
    """
    from mmdesk.library.project import Project

    with closing(Project(results_file())) as project:
        return [Row(entry, entry.path.exists()) for entry in project.library.entries(numbers)]


def view(media_hash: str) -> View | None:
    """All that is known of a file.

    Raises:
        StoreError: The project cannot be read.
    """
    from mmdesk.library.project import Project

    with closing(Project(results_file())) as project:
        return project.view(media_hash)


def keep(entry: Entry, tags: Sequence[str], note: str) -> Row:
    """Keeps other tags and another note, as one step.

    Raises:
        StoreError: The project cannot be written.
    """
    from mmdesk.library.edits import Note, Tag
    from mmdesk.library.project import Project

    edits: list[Note | Tag] = [Tag(tag) for tag in tags if tag not in entry.tags]
    edits += [Tag(tag, given=False) for tag in entry.tags if tag not in tags]
    edits += [Note(note)] if note != entry.note else []
    with closing(Project(results_file())) as project:
        project.edits.do(entry.number, *edits)
        (changed,) = project.library.entries([entry.number])
    return Row(changed, changed.path.exists())


def find(entry: Entry, folder: Path, control: Control) -> Row | None:
    """Looks for a moved file by its content.

    Raises:
        StoreError: The project cannot be read or written.
        Cancelled: The person stopped it.
    """
    from mmdesk.library.project import Project

    with closing(Project(results_file())) as project:
        found = project.library.look_for(entry, folder, control)
    return None if found is None else Row(found, present=True)


def remove(entry: Entry) -> None:
    """Takes a file with its results out of the library.

    Raises:
        StoreError: The project cannot be written.
    """
    from mmdesk.library.project import Project

    with closing(Project(results_file())) as project:
        project.library.remove(entry.number)


def thumbnail(entry: Entry, control: Control) -> QImage:
    """A small picture, kept in the artefact folder once it was made; none where there is nothing to see.

    Raises:
        Cancelled: The window closes.
    """
    from mmdesk.gui.files.thumbnails import small_picture

    kept = results_file().with_suffix(".artefacts") / "thumbnails" / f"{entry.media_hash}.jpg"
    image = QImage(str(kept)) if kept.exists() else QImage()
    if not image.isNull() or not entry.path.exists():
        return image
    try:
        image = small_picture(entry.path, control)
    except MediaError:
        return QImage()
    if not image.isNull():
        kept.parent.mkdir(parents=True, exist_ok=True)
        image.save(str(kept), quality=80)
    return image
