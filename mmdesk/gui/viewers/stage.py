"""The stage: the page for no file, the picture viewer and the film viewer, one at a time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from mmdesk.events import MediaKind
from mmdesk.gui.viewers.image_viewer import ImageViewer
from mmdesk.gui.viewers.marks import Mark
from mmdesk.gui.viewers.overlays import Overlay

if TYPE_CHECKING:
    from mmdesk.gui.viewers.video_viewer import VideoViewer


class Stage(QStackedWidget):
    """Shows what is open. Qt thread only; Qt Multimedia is loaded with the first film or sound.

    Signals:
        position_changed: Seconds of container time of what is shown; at least 20 times a second
            while playing.
        playing_changed: Plays or not.
        sound_changed: Volume in [0, 1] and whether muted, as the person chose; remember them and
            give them back by `set_sound`.
        failed: A `Sentence`: why something cannot be shown or played; the empty page is shown when
            there is nothing else to see.
    """

    position_changed = Signal(float)
    playing_changed = Signal(bool)
    sound_changed = Signal(float, bool)
    failed = Signal(object)

    def __init__(self, empty_page: QWidget, parent: QWidget | None = None) -> None:
        """Begins empty.

        Args:
            empty_page: What is shown while nothing is open; the stage takes it over.
            parent: Qt's parent.
        """
        super().__init__(parent)
        self.empty_page = empty_page
        self.image_viewer = ImageViewer(self)
        self.image_viewer.failed.connect(self._on_picture_failed)
        self._video: VideoViewer | None = None
        self._sound = (1.0, False)
        self._shut = False
        self.addWidget(empty_page)
        self.addWidget(self.image_viewer)

    @property
    def video_viewer(self) -> VideoViewer:
        """The film viewer, made when it is first needed."""
        if self._video is None:
            from mmdesk.gui.viewers.video_viewer import VideoViewer

            viewer = VideoViewer(self)
            viewer.set_sound(*self._sound)
            viewer.position_changed.connect(self.position_changed)
            viewer.playing_changed.connect(self.playing_changed)
            viewer.sound_changed.connect(self._on_sound)
            viewer.failed.connect(self.failed)
            viewer.gave_up.connect(self._show_nothing)
            self.addWidget(viewer)
            self._video = viewer
        return self._video

    @property
    def position(self) -> float:
        """Seconds of container time of what is shown; 0 for pictures and when empty."""
        return self._video.playback.position if self._shows_film() and self._video else 0.0

    @property
    def playing(self) -> bool:
        """Whether something plays."""
        return self._video is not None and self._video.playback.playing

    def open(self, path: Path, kind: MediaKind, play: bool = False) -> None:
        """Shows a file; what was shown is let go. Returns at once.

        Args:
            path: The file.
            kind: What it is; subtitles and folders show the empty page.
            play: Whether a film or sound starts playing.
        """
        self.clear()
        if kind is MediaKind.PICTURE:
            self.image_viewer.open(path)
            self.setCurrentWidget(self.image_viewer)
        elif kind in (MediaKind.VIDEO, MediaKind.SOUND):
            self.video_viewer.open(path, has_picture=kind is MediaKind.VIDEO)
            self.setCurrentWidget(self.video_viewer)
            if play:
                self.video_viewer.play()

    def clear(self) -> None:
        """Shows the empty page."""
        self.image_viewer.clear()
        if self._video is not None:
            self._video.clear()
        self.setCurrentWidget(self.empty_page)

    def seek(self, t: float) -> None:
        """Goes to a moment, seconds of container time; nothing for pictures."""
        if self._shows_film():
            self.video_viewer.seek(t)

    def play(self) -> None:
        """Plays on."""
        if self._shows_film():
            self.video_viewer.play()

    def pause(self) -> None:
        """Holds."""
        if self._video is not None:
            self._video.pause()

    def toggle(self) -> None:
        """Plays or holds."""
        if self._shows_film():
            self.video_viewer.toggle()

    def set_overlays(self, overlays: Sequence[Overlay]) -> None:
        """Boxes over what is shown; each shows with its own moments only."""
        if self._shows_film():
            self.video_viewer.set_overlays(overlays)
        else:
            self.image_viewer.set_overlays(overlays)

    def set_marks(self, marks: Sequence[Mark]) -> None:
        """What was found, for the time bar; cheap when only new ones came behind the known ones."""
        if self._shows_film():
            self.video_viewer.set_marks(marks)

    def set_sound(self, volume: float, muted: bool) -> None:
        """Volume in [0, 1] and mute as remembered."""
        self._sound = (volume, muted)
        if self._video is not None:
            self._video.set_sound(volume, muted)

    def retranslate(self) -> None:
        """Sets all texts of what is inside; they also follow the language by themselves."""
        self.image_viewer.retranslate()
        if self._video is not None:
            self._video.retranslate()
            self._video.transport.retranslate()

    def shut_down(self) -> None:
        """Ends all worker threads; call it when the window closes."""
        if not self._shut:
            self._shut = True
            self.image_viewer.shut_down()
            if self._video is not None:
                self._video.shut_down()

    def _shows_film(self) -> bool:
        return self._video is not None and self.currentWidget() is self._video

    def _on_picture_failed(self, said: object) -> None:
        self._show_nothing()
        self.failed.emit(said)

    def _show_nothing(self) -> None:
        self.setCurrentWidget(self.empty_page)

    def _on_sound(self, volume: float, muted: bool) -> None:
        self._sound = (volume, muted)
        self.sound_changed.emit(volume, muted)
