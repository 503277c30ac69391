"""What a person dropped, as single files in a stable order."""

from __future__ import annotations

import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from mmdesk.errors import MediaError, UnreadableFile
from mmdesk.events import MediaKind
from mmdesk.media.files import opened, os_failures
from mmdesk.media.sidecars import SUFFIXES, belongs_to, natural_key
from mmdesk.media.signatures import signature_kind
from mmdesk.sentences import sentence

_HEAD = 1 << 10


def entries(paths: Iterable[Path]) -> Iterator[Path | MediaError]:
    """Every file to work on: files as given, folders opened up; any thread.

    In each folder, files and folders come in natural order (`take 2` before `take 10`). Hidden
    entries are skipped unless named by the person. Links are followed; a folder that is met in
    several ways comes once. Subtitles named like a film or sound of the batch
    belong to it and do not come on their own. Pipes, devices and the like come as they are: opening
    them is what `probe` refuses, with its sentence.

    Args:
        paths: Files and folders in the order in which the person gave them.

    Yields:
        A file; or, for an entry that cannot be looked at (a folder without permission, a link into
        itself), the error with its path.
    """
    walk = _Walk(paths)
    while True:
        try:
            path = walk.next()
        except MediaError as failure:
            yield failure
            continue
        if path is None:
            return
        yield path


class _Walk:
    """One pass over everything without recursion, so that no depth of folders is too deep."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self._open: list[_Folder] = [_Folder(None, _without_sidecars(list(paths)))]
        self._met: set[tuple[int, int]] = set()

    def next(self) -> Path | None:
        """The next file; None at the end."""
        while self._open:
            if not self._open[-1].waiting:
                self._open.pop()
                continue
            path = self._open[-1].waiting.pop(0)
            with os_failures(path):
                status = path.stat()
            if not stat.S_ISDIR(status.st_mode):
                return path
            self._enter(path, (status.st_dev, status.st_ino))
        return None

    def _enter(self, folder: Path, key: tuple[int, int]) -> None:
        if any(key == above.key for above in self._open):
            raise UnreadableFile(
                folder,
                sentence("This link leads back to a folder that it lies in."),
                sentence("Everything in that folder is read once; nothing is lost."),
            )
        if key not in self._met:
            self._met.add(key)
            self._open.append(_Folder(key, _without_sidecars(_children(folder))))


@dataclass(slots=True)
class _Folder:
    """A folder that is being read: its identity (device, inode) and what is left of it."""

    key: tuple[int, int] | None
    waiting: list[Path]


def _children(folder: Path) -> list[Path]:
    with os_failures(folder):
        children = list(folder.iterdir())
    return sorted((child for child in children if not child.name.startswith(".")), key=natural_key)


def _without_sidecars(paths: list[Path]) -> list[Path]:
    """Drops what comes twice, and subtitles that belong to a film or sound among the paths."""
    once = list(dict.fromkeys(paths))
    others = [path for path in once if path.suffix.lower() not in SUFFIXES]
    return [
        path
        for path in once
        if not any(belongs_to(path, other) and _is_film_or_sound(other) for other in others)
    ]


def _is_film_or_sound(path: Path) -> bool:
    try:
        with opened(path) as file:
            return signature_kind(file.read(_HEAD)) in (MediaKind.VIDEO, MediaKind.SOUND)
    except MediaError:
        return False
