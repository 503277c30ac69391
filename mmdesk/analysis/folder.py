"""Paths as a person gives them, turned into the files that are to be analysed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from mmdesk.errors import MediaError
from mmdesk.events import Event, Failed, Finished, Started
from mmdesk.media.folder import entries as listed
from mmdesk.media.subtitles import sidecars
from mmdesk.sentences import sentence


@dataclass(frozen=True, slots=True)
class Selection:
    """Which files of the folders are wanted; files that are named themselves always are.

    Attributes:
        include: Patterns as in `*.mp4` or `interviews/*`, for the name or the path below the folder;
            empty for all.
        exclude: Patterns of what is left out all the same.
        recursive: Whether folders in folders are looked into.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    recursive: bool = True

    def takes(self, path: Path, given: Sequence[Path]) -> bool:
        """Whether an entry is wanted.

        Args:
            path: The entry.
            given: The files and folders that the person named.
        """
        if path in given:
            return True
        folder = next((each for each in given if each in path.parents), path.parent)
        if not self.recursive and path.parent != folder:
            return False
        names = path.name, path.relative_to(folder).as_posix()
        wanted = not self.include or _matches(names, self.include)
        return wanted and not _matches(names, self.exclude)


def _matches(names: Sequence[str], patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(name, pattern) for name in names for pattern in patterns)


EVERYTHING = Selection()


def selected(paths: Sequence[Path], selection: Selection = EVERYTHING) -> Iterator[Path | Failed]:
    """As `entries`, those that a selection takes."""
    for entry in entries(paths):
        if selection.takes(entry.path if isinstance(entry, Failed) else entry, paths):
            yield entry


def entries(paths: Sequence[Path]) -> Iterator[Path | Failed]:
    """Every file in the paths and the folders below them, in a stable order.

    Sidecar subtitles of a video among them belong to the video and do not come by themselves.

    Args:
        paths: Files and folders; several at once are one batch.

    Yields:
        A file; or why an entry is none. A folder with nothing in it is a failure of the folder, so
        that no path goes without a word.
    """
    met: set[Path] = set()
    for entry in listed(paths):
        if isinstance(entry, MediaError):
            met |= {entry.path, *entry.path.parents}
            yield Failed(entry.path, entry.message, entry.hint)
        else:
            met |= {entry, *entry.parents}
            yield entry
    for path in dict.fromkeys(paths):
        if path not in met and _holds_nothing(path):
            yield _empty(path)


class TakenAlong:
    """Sidecar subtitles that `entries` left to their film: they too must come to an end."""

    def __init__(self, paths: Sequence[Path]) -> None:
        """Follows the analysis of what these paths hold.

        Args:
            paths: What the person gave.
        """
        self._paths = paths
        self._opened: set[Path] = set()

    def after(self, event: Event) -> tuple[tuple[Path, ...], bool]:
        """What comes along when a file ends.

        Returns:
            The sidecars of the file that this event ends, and whether their words were read with it; of
            a film that could not even be opened nobody has read them.
        """
        if isinstance(event, Started):
            self._opened.add(event.path)
        if not isinstance(event, Finished | Failed):
            return (), True
        return tuple(self._sidecars(event.path)), event.path in self._opened

    def _sidecars(self, film: Path) -> Iterator[Path]:
        try:
            beside = sidecars(film)
        except MediaError:
            return
        for each in beside:
            given = any(path in (each, *each.parents) for path in self._paths)
            if given and list(listed([film, each])) == [film]:
                yield each


def _holds_nothing(path: Path) -> bool:
    """Whether there is no file below; one that only came by another way is a file all the same."""
    return next(listed([path]), None) is None


def _empty(folder: Path) -> Failed:
    return Failed(
        folder,
        sentence("There is no file in this folder."),
        sentence("Choose a folder with pictures, videos, sound or subtitle files."),
    )
