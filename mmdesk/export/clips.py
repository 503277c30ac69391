"""Clips and frames of marked moments: a folder of files, one for each mark."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from mmdesk.control import Control
from mmdesk.errors import NoResult
from mmdesk.export.plain import clock
from mmdesk.export.result import Mark, Result
from mmdesk.export.writing import partial_file, write_whole
from mmdesk.sentences import sentence

# A mark of a single moment gives a clip of this length, with the moment in its middle; seconds.
_MOMENT = 2.0
_LONGEST_NAME = 60
_UNWANTED = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\s]+')


def write_clips(result: Result, folder: Path, control: Control) -> None:
    """A film or sound file for each mark.

    Raises:
        NoResult: Nothing is marked, or the file is a picture.
        MediaError: The file cannot be read.
        NoSpace: The disk is full.
        NotWritable: The folder cannot be written, or a file is there already.
        Cancelled: The person stopped the work.
    """
    from mmdesk.media.clips import cut_clip
    from mmdesk.media.probe import probe

    marks = _marks(result)
    info = probe(result.path, control)
    if info.video is None and info.audio is None:
        raise NoResult(
            sentence("There is nothing to cut in {name}.", name=result.path.name),
            sentence("Clips can be cut from films and sound."),
        )
    for name, mark in _named(marks):
        t0, t1 = _span(mark)
        with partial_file(folder / f"{name}.mp4", replace=False) as partial:
            cut_clip(info, t0, t1, partial, control)


def write_frames(result: Result, folder: Path, control: Control) -> None:
    """The frame at the start of each mark, as JPEG in full size.

    Raises:
        NoResult: Nothing is marked.
        MediaError: The file cannot be read, or has no pictures.
        NoSpace: The disk is full.
        NotWritable: The folder cannot be written, or a file is there already.
        Cancelled: The person stopped the work.
    """
    from mmdesk.media.jpeg import jpeg
    from mmdesk.media.probe import probe
    from mmdesk.media.video import VideoReader

    marks = _marks(result)
    with VideoReader(probe(result.path, control), control) as reader:
        for name, mark in _named(marks):
            data = jpeg(reader.frame_at(mark.t0).rgb(), quality=92)
            write_whole(folder / f"{name}.jpg", data, replace=False)


def clip_names(result: Result) -> Iterator[str]:
    """The names that the files will have, without their endings."""
    return (name for name, _ in _named(result.marks))


def _marks(result: Result) -> tuple[Mark, ...]:
    if not result.marks:
        raise NoResult(
            sentence("No moment of {name} is marked.", name=result.path.name),
            sentence("Mark moments first, then save their clips or frames."),
        )
    return result.marks


def _named(marks: tuple[Mark, ...]) -> Iterator[tuple[str, Mark]]:
    """Each mark and a name for its file: number, time and label."""
    for number, mark in enumerate(sorted(marks), 1):
        at = clock(round(mark.t0 * 1000)).replace(":", ".")
        label = _UNWANTED.sub(" ", mark.label).strip(" .").encode("utf-8", "ignore")[:_LONGEST_NAME]
        words = label.decode("utf-8", "ignore")
        yield f"{number:03} {at} {words}".strip(), mark


def _span(mark: Mark) -> tuple[float, float]:
    if mark.t1 > mark.t0:
        return mark.t0, mark.t1
    return max(0.0, mark.t0 - _MOMENT / 2), mark.t0 + _MOMENT / 2
