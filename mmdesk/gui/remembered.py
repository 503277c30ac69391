"""What the window remembers from one day to the next: its place, its files, language and theme."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QSplitter, QWidget

from mmdesk.config.settings import Setting, Settings
from mmdesk.errors import NotWritable
from mmdesk.gui.preferences import GEOMETRY, RECENT
from mmdesk.sentences import Sentence


class Remembered:
    """Keeps settings of a window. Qt thread only.

    Attributes:
        settings: The person's settings.
        trouble: Why they could not be saved, the last time.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.trouble: Sentence | None = None

    def restore_place(self, window: QWidget) -> None:
        """Puts a window where it was left, if that is on a screen (Qt looks)."""
        stored = self.settings.get(GEOMETRY)
        if stored:
            window.restoreGeometry(_decoded(stored))

    def keep_place(self, window: QWidget) -> None:
        """Remembers where a window is."""
        self.settings.set(GEOMETRY, _encoded(window.saveGeometry()))

    def restore_split(self, splitter: QSplitter, setting: Setting[str]) -> bool:
        """Divides a splitter as it was left; whether it had been left."""
        stored = self.settings.get(setting)
        return bool(stored) and splitter.restoreState(_decoded(stored))

    def keep_split(self, splitter: QSplitter, setting: Setting[str]) -> None:
        """Remembers how a splitter is divided."""
        self.settings.set(setting, _encoded(splitter.saveState()))

    def recent(self) -> list[Path]:
        """Recently opened files, newest first; nobody looks whether they are still there."""
        return [Path(name) for name in self.settings.get(RECENT)]

    def add_recent(self, paths: Sequence[Path]) -> None:
        """Puts opened files at the front."""
        newest = [str(path.absolute()) for path in paths]
        names = dict.fromkeys([*newest, *self.settings.get(RECENT)])
        self.settings.set(RECENT, tuple(names))
        self.save()

    def forget_recent(self) -> None:
        """Forgets which files were opened."""
        self.settings.set(RECENT, ())
        self.save()

    def save(self) -> None:
        """Writes the settings; `trouble` says why they could not be written."""
        try:
            self.settings.save()
            self.trouble = None
        except NotWritable as error:
            self.trouble = error.message


def _encoded(state: QByteArray) -> str:
    return bytes(state.toBase64().data()).decode("ascii")


def _decoded(stored: str) -> QByteArray:
    return QByteArray.fromBase64(QByteArray(stored.encode("ascii", "ignore")))
