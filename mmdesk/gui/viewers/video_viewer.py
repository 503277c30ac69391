"""Shows and plays one film or sound, with its transport bar."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QPoint, Signal
from PySide6.QtMultimedia import QVideoFrame
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from mmdesk.errors import MmdeskError
from mmdesk.gui.language import follow_language, tr
from mmdesk.gui.viewers.canvas import KEY_STEP, Canvas
from mmdesk.gui.viewers.drawing import Drawing
from mmdesk.gui.viewers.latest import LatestWins
from mmdesk.gui.viewers.marks import Mark
from mmdesk.gui.viewers.overlays import Overlay
from mmdesk.gui.viewers.playback import Playback
from mmdesk.gui.viewers.preview import Preview
from mmdesk.gui.viewers.shortcuts import Binding, bind
from mmdesk.gui.viewers.sink_frames import ToDraw, draw, upright_size
from mmdesk.gui.viewers.sound_view import SoundView
from mmdesk.gui.viewers.transport import RATES, TransportBar

_JUMP_SECONDS = 5.0
_VOLUME_STEP = 0.05


class VideoViewer(QWidget):
    """A film or sound with play, pause, seek, frame step, speed, volume, zoom and overlays. Qt thread only.

    Keys: Space or K plays and pauses, J and L or the arrows jump 5 s, comma and period step by one
    frame, Home and End go to the ends, [ and ] change the speed, M mutes, Up and Down change the
    volume, + and - zoom, 0 or F fits, 1 shows 1:1.

    Signals:
        position_changed: Seconds of container time; at least 20 times a second while playing.
        playing_changed: Plays or not.
        sound_changed: Volume in [0, 1] and whether muted, for whoever remembers them.
        failed: A `Sentence`.
        gave_up: After that, nothing of the file can be shown.
    """

    position_changed = Signal(float)
    playing_changed = Signal(bool)
    sound_changed = Signal(float, bool)
    failed = Signal(object)
    gave_up = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.canvas = Canvas(self)
        self.sound_view = SoundView(self)
        self.transport = TransportBar(self)
        self.playback = Playback(self)
        self.preview = Preview(self)
        self._painter = LatestWins(draw, self._on_drawn, self._on_undrawn, self, "frames")
        self._frame: tuple[QVideoFrame, float] | None = None
        self._rate, self._volume, self._muted = 1.0, 1.0, False
        self._lay_out()
        self._connect()
        bind(self, self._bindings())
        self.transport.set_rate(self._rate)
        self.set_sound(self._volume, self._muted)
        follow_language(self.retranslate)

    def _lay_out(self) -> None:
        self._screen = QStackedWidget(self)
        self._screen.addWidget(self.canvas)
        self._screen.addWidget(self.sound_view)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._screen, 1)
        layout.addWidget(self.transport)
        self.setFocusProxy(self.canvas)

    def _connect(self) -> None:
        playback, bar = self.playback, self.transport
        playback.frame.connect(self._on_frame)
        playback.still.connect(self._on_still)
        playback.position_changed.connect(self._on_position)
        playback.duration_changed.connect(bar.set_duration)
        playback.duration_changed.connect(self.sound_view.set_duration)
        playback.playing_changed.connect(bar.set_playing)
        playback.playing_changed.connect(self.playing_changed)
        playback.problem.connect(self.failed)
        playback.gave_up.connect(self.gave_up)
        self.canvas.clicked.connect(self.toggle)
        self.canvas.view_changed.connect(self._on_view_changed)
        self.sound_view.sought.connect(self.seek)
        self.sound_view.failed.connect(self.failed)
        bar.toggled.connect(self.toggle)
        bar.stepped.connect(playback.step)
        bar.sought.connect(self.seek)
        bar.pointed.connect(self._on_pointed)
        bar.rate_chosen.connect(self.set_rate)
        bar.volume_chosen.connect(lambda volume: self._choose_sound(volume, False))
        bar.mute_chosen.connect(lambda muted: self._choose_sound(self._volume, muted))
        bar.fit_chosen.connect(self.canvas.fit)

    def _bindings(self) -> tuple[Binding, ...]:
        playback, canvas = self.playback, self.canvas
        return (
            Binding(("Space", "K"), self.toggle),
            Binding(("J", "Left"), lambda: self._jump(-_JUMP_SECONDS), repeats=True),
            Binding(("L", "Right"), lambda: self._jump(_JUMP_SECONDS), repeats=True),
            Binding((",",), lambda: playback.step(-1), repeats=True),
            Binding((".",), lambda: playback.step(1), repeats=True),
            Binding(("Home",), lambda: self.seek(0.0)),
            Binding(("End",), lambda: self.seek(playback.duration)),
            Binding(("[",), lambda: self._change_rate(-1)),
            Binding(("]",), lambda: self._change_rate(1)),
            Binding(("M",), lambda: self._choose_sound(self._volume, not self._muted)),
            Binding(("Up",), lambda: self._change_volume(_VOLUME_STEP), repeats=True),
            Binding(("Down",), lambda: self._change_volume(-_VOLUME_STEP), repeats=True),
            Binding(("+", "=", "Ctrl++", "Ctrl+="), lambda: canvas.zoom(KEY_STEP), repeats=True),
            Binding(("-", "Ctrl+-"), lambda: canvas.zoom(1 / KEY_STEP), repeats=True),
            Binding(("0", "F"), canvas.fit),
            Binding(("1",), canvas.one_to_one),
        )

    def open(self, path: Path, has_picture: bool = True) -> None:
        """Loads a file and waits at its first frame.

        Args:
            path: A film or sound.
            has_picture: Whether it is a film.
        """
        self.clear()
        self.playback.open(path, has_picture)
        self._show_kind(has_picture)
        self.preview.set_film(self.playback.film if has_picture else None)
        self.playback.set_rate(self._rate)

    def clear(self) -> None:
        """Lets go of the file and shows nothing."""
        self._painter.forget()
        self.preview.set_film(None)
        self.sound_view.set_film(None)
        self.playback.close_film()
        self._frame = None
        self.canvas.show_drawing(None)
        self.canvas.fit()
        self.canvas.set_overlays(())
        self.transport.set_marks(())
        self.transport.set_duration(0.0)
        self.transport.set_position(0.0)

    def play(self) -> None:
        """Plays on."""
        self.playback.play()

    def pause(self) -> None:
        """Holds."""
        self.playback.pause()

    def toggle(self) -> None:
        """Plays or holds."""
        if self.playback.playing:
            self.pause()
        else:
            self.play()

    def seek(self, t: float) -> None:
        """Goes to a moment, seconds of container time."""
        self.playback.seek(t)

    def set_overlays(self, overlays: Sequence[Overlay]) -> None:
        """Boxes over the frames that they belong to."""
        self.canvas.set_overlays(overlays)

    def set_marks(self, marks: Sequence[Mark]) -> None:
        """What was found, on the time bar."""
        self.transport.set_marks(marks)

    def set_rate(self, rate: float) -> None:
        """Speed, 0.25 to 4."""
        self._rate = rate
        self.playback.set_rate(rate)
        self.transport.set_rate(rate)

    def set_sound(self, volume: float, muted: bool) -> None:
        """Volume in [0, 1] as remembered by the owner."""
        self._volume, self._muted = volume, muted
        self.playback.player.set_volume(volume, muted)
        self.transport.set_volume(volume, muted)

    def shut_down(self) -> None:
        """Ends all worker threads; nothing can be opened afterwards."""
        self.clear()
        self.playback.shut_down()
        self._painter.close()
        self.preview.shut_down()
        self.sound_view.shut_down()

    def retranslate(self) -> None:
        """Sets all texts."""
        self.canvas.setAccessibleName(tr("Video"))
        self.canvas.setAccessibleDescription(
            tr("Space plays and pauses, arrow keys jump 5 seconds, comma and period step by one frame.")
        )

    def _show_kind(self, has_picture: bool) -> None:
        shown = self.canvas if has_picture else self.sound_view
        self._screen.setCurrentWidget(shown)
        self.setFocusProxy(shown)
        self.transport.set_has_picture(has_picture)
        self.sound_view.set_film(None if has_picture else self.playback.film)

    def _jump(self, seconds: float) -> None:
        self.seek(self.playback.position + seconds)

    def _change_rate(self, steps: int) -> None:
        at = min(range(len(RATES)), key=lambda index: abs(RATES[index] - self._rate))
        self.set_rate(RATES[max(0, min(len(RATES) - 1, at + steps))])

    def _change_volume(self, by: float) -> None:
        self._choose_sound(max(0.0, min(1.0, self._volume + by)), False)

    def _choose_sound(self, volume: float, muted: bool) -> None:
        self.set_sound(volume, muted)
        self.sound_changed.emit(volume, muted)

    def _on_position(self, t: float) -> None:
        self.transport.set_position(t)
        self.sound_view.set_position(t)
        self.position_changed.emit(t)

    def _on_pointed(self, t: float, column: int) -> None:
        if t < 0:
            self.preview.leave()
            return
        bar = self.transport.seek_bar
        self.preview.show_at(t, bar.mapTo(self, QPoint(column, -8)))

    def _on_frame(self, frame: QVideoFrame, t: float) -> None:
        self._frame = (frame, t)
        self._draw_again()

    def _on_view_changed(self) -> None:
        self._measure_edge()
        self._draw_again()

    def _measure_edge(self) -> None:
        view = self.canvas.view
        self.playback.edge = max(64, round(max(view.width, view.height) * view.scale))

    def _draw_again(self) -> None:
        """Converts the frame for the size that it has on the screen now."""
        if self._frame is None:
            return
        frame, t = self._frame
        width, height = upright_size(frame)
        view = self.canvas.view.of(width, height)
        self._painter.ask(ToDraw(frame, t, round(width * view.scale), round(height * view.scale)))

    def _on_drawn(self, drawing: Drawing) -> None:
        self.canvas.show_drawing(drawing)

    def _on_undrawn(self, error: MmdeskError) -> None:
        self.failed.emit(error.message)

    def _on_still(self, drawing: Drawing) -> None:
        self._painter.forget()
        self._frame = None
        self.canvas.show_drawing(drawing)
        self._measure_edge()
