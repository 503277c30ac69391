"""Reads still pictures; the one place where Pillow's errors become sentences.

A picture whose data ends early is refused (`DamagedMedia`): half a photo could get a caption that
is wrong about the whole. Of an animation (GIF, WebP, PNG) the first picture is read. The size is
checked in the header before a pixel is allocated; Pillow's own limit is a global for the whole
process that also warns about every 100-megapixel phone photo, so its plugins are called directly.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from mmdesk.errors import DamagedMedia, TooLarge, UnsupportedMedia
from mmdesk.media.files import opened
from mmdesk.media.info import PictureInfo
from mmdesk.media.pixels8 import in_rgb
from mmdesk.sentences import sentence

__all__ = ["DEFAULT_MAX_BYTES", "describe_picture", "read_picture"]

DEFAULT_MAX_BYTES = 1 << 30
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP", "AVIF", "JPEG2000")
_ORIENTATION = 0x0112
_PIXEL_BYTES = 8  # decoded, and once more while it is converted
_COEFFICIENT_BYTES = 6  # of a progressive JPEG, held for the whole picture whatever the scale
# What Pillow's readers raise about bytes that make no sense.
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    RuntimeError,
    struct.error,
    zlib.error,
    Warning,
)


def read_picture(path: Path, max_bytes: int = DEFAULT_MAX_BYTES) -> NDArray[np.uint8]:
    """Reads a picture upright, as a person sees it; any thread.

    Turned by its EXIF orientation, transparency over white, 16-bit scaled (not clipped) to 8, CMYK
    (also Adobe's inverted) and grey to RGB. A JPEG that would need more than `max_bytes` is
    decoded at 1/2, 1/4 or 1/8 of its size; other formats cannot be and are refused.

    Args:
        path: A picture file.
        max_bytes: Memory that decoding may take.

    Returns:
        [H, W, 3] RGB, uint8 in [0, 255], contiguous.

    Raises:
        TooLarge: Would need more than `max_bytes`.
        DamagedMedia: Truncated or corrupt.
        UnsupportedMedia: No picture that mmdesk reads.
        UnreadableFile: The file vanished or cannot be read.
        EmptyFile: Zero bytes.
    """
    with _opened(path) as image:
        _fit_into(path, image, max_bytes)
        image.load()
        ImageOps.exif_transpose(image, in_place=True)
        return in_rgb(image)


def describe_picture(path: Path) -> PictureInfo:
    """Reads a picture's header, no pixels; any thread.

    Raises:
        MediaError: As `read_picture`, but truncated data is not noticed.
    """
    with _opened(path) as image:
        orientation = _orientation(image)
        width, height = image.size[::-1] if orientation >= 5 else image.size
        frames = getattr(image, "n_frames", 1) if image.format != "MPO" else 1  # MPO: the same, smaller
        return PictureInfo(image.format or "", width, height, image.mode, int(frames), orientation)


@contextmanager
def _opened(path: Path) -> Iterator[ImageFile.ImageFile]:
    with opened(path) as file, _failures(path), _recognised(path, file) as image:
        yield image


def _recognised(path: Path, file: BinaryIO) -> ImageFile.ImageFile:
    """The picture behind the bytes, by its first bytes; only the header is read."""
    Image.init()
    head = file.read(16)
    for name in filter(Image.OPEN.__contains__, _FORMATS):
        factory, accepts = Image.OPEN[name]
        if accepts is None or accepts(head) is True:
            file.seek(0)
            return factory(file, "")
    raise UnsupportedMedia(
        path,
        sentence("This is no picture in a format that mmdesk reads."),
        sentence("Save it as JPEG or PNG and open that."),
    )


@contextmanager
def _failures(path: Path) -> Iterator[None]:
    """Turns whatever Pillow raises inside the block into our own errors."""
    try:
        yield
    except (MemoryError, Image.DecompressionBombError) as failure:
        raise _too_large(path) from failure
    except UnidentifiedImageError as failure:
        raise _damaged(path) from failure
    except _BROKEN as failure:
        if isinstance(failure, OSError) and failure.errno is not None:
            raise  # the disk's, not Pillow's: `opened` has the sentence
        raise _damaged(path) from failure


def _fit_into(path: Path, image: ImageFile.ImageFile, max_bytes: int) -> None:
    """Makes a JPEG decode at a smaller scale when it must, and refuses what cannot."""
    width, height = image.size
    fixed = width * height * _COEFFICIENT_BYTES if image.info.get("progressive") else 0
    for scale in (1, 2, 4, 8):
        if fixed + (width // scale) * (height // scale) * _PIXEL_BYTES <= max_bytes:
            if scale > 1:
                image.draft(None, (width // scale, height // scale))
            return
        if image.format not in ("JPEG", "MPO"):
            break
    raise _too_large(path)


def _orientation(image: ImageFile.ImageFile) -> int:
    """EXIF orientation from the header; TIFF comes upright from Pillow."""
    if image.format == "TIFF":
        return 1
    # Not the PNG plugin's own method: that one decodes the whole picture to look behind it.
    found = Image.Image.getexif(image).get(_ORIENTATION, 1)
    return found if isinstance(found, int) and 1 <= found <= 8 else 1


def _damaged(path: Path) -> DamagedMedia:
    return DamagedMedia(
        path,
        sentence("This picture is damaged or incomplete."),
        sentence("Copy or download it again."),
    )


def _too_large(path: Path) -> TooLarge:
    return TooLarge(
        path,
        sentence("This picture needs more memory than mmdesk allows."),
        sentence("Save it in a smaller size and open that."),
    )
