"""Small pictures of the opened files, made on background threads for the rows that are seen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage

from mmdesk.control import Control
from mmdesk.errors import MmdeskError
from mmdesk.events import MediaKind
from mmdesk.gui.background import Background
from mmdesk.gui.files.item import Item
from mmdesk.gui.files.model import FilesModel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from mmdesk.media.info import MediaInfo

_WIDTH, _HEIGHT = 192, 132
_FRACTION_OF_FILM = 0.1


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a look at a file gave; no picture where there is nothing to see."""

    kind: MediaKind
    picture: QImage


class Thumbnails(QObject):
    """Looks at each file once, when its row is first painted. Qt thread only.

    Signals:
        recognised: It is known now what this `Item` is.
    """

    recognised = Signal(object)

    def __init__(self, files: FilesModel, background: Background, parent: QObject) -> None:
        super().__init__(parent)
        self._files = files
        self._background = background
        self._control = Control()
        files.thumbnail_wanted.connect(self._look)

    def close(self) -> None:
        """Looks no more; what is under way ends soon."""
        self._control.cancel()

    def _look(self, item: Item) -> None:
        control, path = self._control, item.path
        self._background.run(lambda: _seen(path, control), lambda seen: self._show(item, seen), _pass_over)

    def _show(self, item: Item, seen: _Seen) -> None:
        if item.kind is None:
            item.kind = seen.kind
        self._files.set_thumbnail(item.job, seen.picture)
        self.recognised.emit(item)


def _pass_over(error: MmdeskError) -> None:
    """The job of the file tells the same failure, with its reason; a row without picture is enough."""


def _seen(path: Path, control: Control) -> _Seen:
    """Reads one small picture; background thread.

    Raises:
        MediaError: The file cannot be read.
        Cancelled: The window closes.
    """
    from mmdesk.media.probe import probe

    control.checkpoint()
    info = probe(path, control)
    if info.kind is MediaKind.PICTURE:
        return _Seen(info.kind, _of_picture(path))
    if info.kind is MediaKind.VIDEO:
        return _Seen(info.kind, _of_film(info, control))
    return _Seen(info.kind, QImage())


def small_picture(path: Path, control: Control) -> QImage:
    """A small picture of a file, none where there is nothing to see; background thread.

    Raises:
        MediaError: The file cannot be read.
        Cancelled: The window closes.
    """
    return _seen(path, control).picture


def _of_picture(path: Path) -> QImage:
    from mmdesk.media.picture import read_picture

    return _small(read_picture(path))


def _of_film(info: MediaInfo, control: Control) -> QImage:
    from mmdesk.media.video import VideoReader

    with VideoReader(info, control) as reader:
        return _small(reader.frame_at(_FRACTION_OF_FILM * (info.duration or 0.0)).rgb(2 * _WIDTH))


def _small(rgb: NDArray[np.uint8]) -> QImage:
    """A picture of at most 192 x 132 that owns its pixels.

    Args:
        rgb: uint8 [H, W, 3], C-contiguous.
    """
    height, width = rgb.shape[:2]
    image = QImage(rgb.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888)
    return image.scaled(
        _WIDTH,
        _HEIGHT,
        Qt.AspectRatioMode.KeepAspectRatioByExpanding,
        Qt.TransformationMode.SmoothTransformation,
    ).copy()
