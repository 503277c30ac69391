"""Looks into the media for reports: small pictures of moments, and the size of a picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mmdesk.control import Control
from mmdesk.errors import MediaError
from mmdesk.events import MediaKind
from mmdesk.sentences import Sentence, sentence

_QUALITY = 80


def picture_size(path: Path) -> tuple[int, int] | None:
    """Width and height as shown; None for what has no pictures or is not there any more."""
    from mmdesk.media.probe import probe

    try:
        info = probe(path)
    except MediaError:
        return None
    if info.picture is not None:
        return info.picture.width, info.picture.height
    return None


class Snapshots:
    """Small pictures of moments of a file, as JPEG.

    Attributes:
        problem: Why there are none, or not all; None when all is well.
    """

    def __init__(self, path: Path, times: Sequence[float], side: int, control: Control) -> None:
        """Reads them.

        Args:
            path: A film or picture; anything else has none.
            times: Moments, seconds.
            side: Longest side, pixels.
            control: Asked while reading.

        Raises:
            Cancelled: The person stopped the work.
        """
        self.problem: Sentence | None = None
        self._pictures: dict[float, bytes] = {}
        try:
            self._read(path, sorted(set(times)), side, control)
        except MediaError as failure:
            self.problem = sentence("Pictures could not be read: {reason}", reason=str(failure.message))

    def at(self, t: float) -> bytes | None:
        """The picture of a moment, if it was read."""
        return self._pictures.get(t)

    def _read(self, path: Path, times: Sequence[float], side: int, control: Control) -> None:
        from mmdesk.media.jpeg import jpeg
        from mmdesk.media.picture import read_picture
        from mmdesk.media.probe import probe
        from mmdesk.media.video import VideoReader

        info = probe(path, control)
        if info.kind is MediaKind.PICTURE and times:
            small = jpeg(read_picture(path), _QUALITY, side)
            self._pictures = dict.fromkeys(times, small)
        elif info.video is not None and times:
            with VideoReader(info, control) as reader:
                for t in times:
                    self._pictures[t] = jpeg(reader.frame_at(t).rgb(side), _QUALITY)
