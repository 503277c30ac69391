"""Subtitle files that lie beside a film and belong to it by their name."""

from __future__ import annotations

import re
from pathlib import Path

from mmdesk.media.files import os_failures
from mmdesk.media.language import language_of_suffix

SUFFIXES = frozenset({".srt", ".vtt", ".ass", ".ssa"})
_REMARKS = frozenset({"forced", "sdh", "cc", "hi", "default", "foreign", "full", "commentary"})
_DIGITS = re.compile(r"(\d+)")


def sidecars(path: Path) -> tuple[Path, ...]:
    """Subtitle files named after a film: `film.srt`, `film.zh.srt`, `film.en.forced.ass`.

    Args:
        path: A film or sound file.

    Returns:
        In natural order, those without a language first. Whether they really hold subtitles shows
        when they are read.

    Raises:
        UnreadableFile: The folder cannot be listed.
    """
    with os_failures(path.parent):
        beside = list(path.parent.iterdir())
    mine = [other for other in beside if other != path and belongs_to(other, path)]
    return tuple(sorted(mine, key=lambda other: (len(other.suffixes), natural_key(other))))


def belongs_to(subtitles: Path, film: Path) -> bool:
    """Whether a file is called like a sidecar of another; both may be anything."""
    if subtitles.suffix.lower() not in SUFFIXES or film.suffix.lower() in SUFFIXES:
        return False
    rest = subtitles.stem.removeprefix(film.stem)
    if not subtitles.stem.startswith(film.stem) or subtitles.parent != film.parent:
        return False
    parts = rest.split(".")
    return parts[0] == "" and all(_is_remark(part) for part in parts[1:])


def sidecar_language(path: Path) -> str | None:
    """The language in a subtitle file's name (`film.zh-Hans.srt`), as a BCP 47 tag; None without one."""
    parts = path.stem.split(".")[1:]
    return next((tag for part in reversed(parts) if (tag := language_of_suffix(part))), None)


def natural_key(path: Path) -> tuple[tuple[int, int, str], ...]:
    """Sorts names as people count: `take 2` before `take 10`; the same on every system."""
    pieces = _DIGITS.split(str(path).casefold())
    return tuple((1, int(piece), piece) if piece.isdecimal() else (0, 0, piece) for piece in pieces)


def _is_remark(part: str) -> bool:
    return part.lower() in _REMARKS or language_of_suffix(part) is not None
