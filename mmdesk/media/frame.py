"""One picture of a film, kept as the decoder gave it and converted only when somebody looks."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import Colorspace, Interpolation
from numpy.typing import NDArray

from mmdesk.media.av_errors import av_failures

_UNSPECIFIED = 2
_LARGEST_SD_HEIGHT = 576


@dataclass(frozen=True, slots=True)
class Frame:
    """A decoded picture and when it is shown. Any thread, several at once.

    Attributes:
        t: Presentation time in seconds from the container's start.
        duration: Seconds until the next frame; of the last frame what the container says.
        picture: PyAV's frame.
        path: The film.
        pixel_aspect: Width of a stored pixel divided by its height.
    """

    t: float
    duration: float
    picture: VideoFrame
    path: Path
    pixel_aspect: Fraction = Fraction(1)
    # A frame carries its scaler with it: two threads that convert one frame at once crash the process.
    _lock: threading.Lock = field(default_factory=threading.Lock, compare=False, repr=False)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height as shown: upright, square pixels. May change within a film."""
        width, height = square(self.picture.width, self.picture.height, self.pixel_aspect)
        return (height, width) if _quarter_turns(self.picture) % 2 else (width, height)

    def rgb(self, max_side: int | None = None) -> NDArray[np.uint8]:
        """The picture as shown.

        Args:
            max_side: Longest side of the result; scaled down on the way, never up.

        Returns:
            [height, width, 3] RGB, uint8 in [0, 255], contiguous, the caller's own.

        Raises:
            MediaError: The frame cannot be converted.
        """
        width, height = self.size
        if max_side is not None and max(width, height) > max_side:
            scale = max_side / max(width, height)
            width, height = max(1, round(width * scale)), max(1, round(height * scale))
        return self._converted(width, height, Interpolation.BICUBIC)

    def small(self, width: int, height: int) -> NDArray[np.uint8]:
        """The picture squeezed to a given size in one step, averaging over the area.

        Returns:
            [height, width, 3] RGB, uint8 in [0, 255], upright.

        Raises:
            MediaError: The frame cannot be converted.
        """
        return self._converted(width, height, Interpolation.AREA)

    def _converted(self, width: int, height: int, how: Interpolation) -> NDArray[np.uint8]:
        with self._lock, av_failures(self.path):
            turns = _quarter_turns(self.picture)
            scaled = self.picture.reformat(
                height if turns % 2 else width,
                width if turns % 2 else height,
                format="rgb24",
                src_colorspace=_colorspace(self.picture),
                interpolation=how,
                threads=1,
            )
            pixels = np.asarray(scaled.to_ndarray(), dtype=np.uint8)
        return np.ascontiguousarray(np.rot90(pixels, turns))


def square(width: int, height: int, pixel_aspect: Fraction) -> tuple[int, int]:
    """The size with square pixels that shows every stored row: only the width is changed."""
    return max(1, round(width * pixel_aspect)), height


def _quarter_turns(picture: VideoFrame) -> int:
    """Quarter turns counterclockwise that the display matrix asks for."""
    return round(picture.rotation / 90) % 4


def _colorspace(picture: VideoFrame) -> Colorspace | None:
    """What swscale should take an untagged YUV frame for: BT.601 up to 576 rows, else BT.709, as Qt does."""
    if picture.colorspace != _UNSPECIFIED:
        return None
    return Colorspace.ITU601 if picture.height <= _LARGEST_SD_HEIGHT else Colorspace.ITU709
