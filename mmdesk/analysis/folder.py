"""Paths as a person gives them, turned into the files that are to be analysed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from mmdesk.errors import MediaError
from mmdesk.events import Failed
from mmdesk.media.folder import entries as listed
from mmdesk.sentences import sentence


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


def _holds_nothing(path: Path) -> bool:
    """Whether there is no file below; one that only came by another way is a file all the same."""
    return next(listed([path]), None) is None


def _empty(folder: Path) -> Failed:
    return Failed(
        folder,
        sentence("There is no file in this folder."),
        sentence("Choose a folder with pictures, videos, sound or subtitle files."),
    )
