"""Playing, seeking and stepping in the container's time (see `player_clock` for how the two relate).

Paused, the frame on the screen is the right one: the time of the wanted frame comes from `film`
(decoded presentation times), frames of the player that start at another time are not shown, and when
the player does not bring the right one within a moment, `film` decodes it.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtMultimedia import QVideoFrame

from mmdesk.errors import MmdeskError
from mmdesk.gui.viewers.film import Film, FilmReader, Look, Seen, Want
from mmdesk.gui.viewers.latest import LatestWins
from mmdesk.gui.viewers.player import Player
from mmdesk.gui.viewers.player_clock import PlayerClock
from mmdesk.sentences import sentence

SAME_FRAME = 0.0005
_TICK_MS = 40
_PATIENCE_MS = 150
_SURROUNDINGS = 2.0


class Playback(QObject):
    """One file, played in container time. Qt thread only.

    Signals:
        frame: A `QVideoFrame` and its start in container time: show it.
        still: A `Drawing` to show instead, because the player has not that frame.
        position_changed: Seconds; at least 20 times a second while playing.
        duration_changed: Seconds.
        playing_changed: Plays or not.
        problem: A `Sentence`.
        gave_up: Neither the player nor `film` can show anything.
    """

    frame = Signal(object, float)
    still = Signal(object)
    position_changed = Signal(float)
    duration_changed = Signal(float)
    playing_changed = Signal(bool)
    problem = Signal(object)
    gave_up = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.player = Player(self)
        self._reader = FilmReader()
        self._looker: LatestWins[Look, Seen] = LatestWins(
            self._reader.look, self._on_seen, self._on_unseen, self, "film"
        )
        self._ticks = QTimer(self)
        self._ticks.setInterval(_TICK_MS)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE_MS)
        self._film: Film | None = None
        self.edge = 1280  # device pixels that the longest side of a frame covers on the screen
        self._reset()
        self._connect()

    def _reset(self) -> None:
        self.duration = 0.0
        self._playing = self._ended = self._is_loaded = False
        self._expects_picture = False
        self._reads_picture = False  # the player cannot show it, so `film` decodes what is shown
        self._early: float | None = None  # a seek that came before the first frame
        self._last: QVideoFrame | None = None
        self.clock = PlayerClock()
        self._shown: float | None = None  # start of the frame on the screen
        self._target: float | None = None  # start of the frame that alone may be shown while paused
        self._asked: float | None = None  # where a seek wants to go, until a frame of it is shown
        self._steps = 0  # frames still to step: negative is backwards
        self._out_of_step = False  # the screen shows a frame that the player is not at

    def _connect(self) -> None:
        self.player.frame.connect(self._on_frame)
        self.player.loaded.connect(self._on_loaded)
        self.player.ended.connect(self._on_end)
        self.player.duration_changed.connect(self._on_duration)
        self.player.problem.connect(self._on_problem)
        self._ticks.timeout.connect(self._on_tick)
        self._patience.timeout.connect(self._want_pixels)

    @property
    def playing(self) -> bool:
        """Whether it plays."""
        return self._playing

    @property
    def film(self) -> Film | None:
        """What is open."""
        return self._film

    @property
    def position(self) -> float:
        """Where the person is, seconds of container time.

        The start of the frame that is shown; while playing, the sound's clock where frames are far
        apart; where a seek goes to while it is under way.
        """
        if self._asked is not None and (self._expects_picture or self.player.seeking):
            return self._asked
        if self._ended:
            return self.duration
        clock = self.player.position - self.clock.shift
        if self._shown is None:
            return max(0.0, clock)
        return max(self._shown, clock) if self._playing else self._shown

    def open(self, path: Path, has_picture: bool) -> None:
        """Loads a film or sound and shows its first frame."""
        self.close_film()
        self._film = Film(path)
        self._expects_picture = has_picture
        self.player.open(path)
        self._looker.ask(Look(self._film, Want.NOTHING))

    def close_film(self) -> None:
        """Lets go of the file."""
        if self._film is not None:
            self._film.control.cancel()
            self._film = None
        self._looker.forget()
        self._patience.stop()
        self._set_playing(False)
        self.player.close()
        self._reset()

    def shut_down(self) -> None:
        """Ends the worker thread."""
        self.close_film()
        self._looker.close()
        self._reader.close()

    def play(self) -> None:
        """Plays on; from the start when it is at the end."""
        if self._film is None or self._playing:
            return
        if self._ended:
            self._go(0.0)
        elif self._out_of_step:
            self._go(self.position)
        self._patience.stop()
        self._looker.forget()
        self._target, self._steps, self._ended = None, 0, False
        self.player.play()
        self._set_playing(True)
        if self.clock.first_true is None:
            self._looker.ask(Look(self._film, Want.NOTHING))

    def pause(self) -> None:
        """Holds at the frame that is shown."""
        if self._playing:
            self.player.pause()
            self._set_playing(False)
            self._tell_position()

    def seek(self, t: float) -> None:
        """Goes to a moment; paused, exactly the frame that is shown at `t`."""
        if self._film is None:
            return
        t = max(0.0, min(t, self.duration)) if self.duration else max(0.0, t)
        self._steps = 0
        self._ended = False
        self._patience.stop()
        self._target = None
        self._go(t)
        if self._reads_picture:
            self._read_at(t)
        elif not self._playing:
            self._looker.ask(Look(self._film, Want.TIME, t + SAME_FRAME))
        self.position_changed.emit(t)

    def step(self, frames: int) -> None:
        """Shows a neighbour of the frame that is shown: +1 the next, -1 the one before."""
        if self._film is None or not self._expects_picture:
            return
        self.pause()
        waiting = self._steps != 0
        self._steps += frames
        if not waiting:
            self._step_on()

    def set_rate(self, rate: float) -> None:
        """Playback speed."""
        self.player.set_rate(rate)

    def _step_on(self) -> None:
        base = self._target if self._target is not None else self._shown
        if self._film is not None and base is not None and self._steps:
            want = Want.NEXT if self._steps > 0 else Want.PREVIOUS
            self._looker.ask(Look(self._film, want, base + SAME_FRAME))

    def _go(self, t: float) -> None:
        """Moves the player, which shows what it has there."""
        self._asked = t
        self._out_of_step = False
        self._move(t)

    def _move(self, t: float) -> None:
        """Seeks, but never before the first frame was seen: the shift is measured on it."""
        if not self._reads_picture and self.clock.first_played is None and self._expects_picture:
            self._early = t
        else:
            self.player.seek(t + self.clock.shift)

    def _aim(self, t: float) -> None:
        """Moves the player to the frame that starts at `t`, and shows no other."""
        self._target = t
        if self._is_shown(t):
            self._arrive(t)
            return
        self._asked = t
        if self._reads_picture:
            self._move(t)
            self._want_pixels()
        else:
            self._move(self.clock.place_for(t))
            self._patience.start()

    def _on_seen(self, seen: Seen) -> None:
        if seen.look.film is not self._film:
            return
        self._set_first(seen.first)
        if not self.duration:
            self._on_duration(seen.duration)
        if seen.look.want is Want.PIXELS:
            self._on_pixels(seen)
        elif not self._playing:
            self._on_time(seen)

    def _set_first(self, t: float) -> None:
        """Measures the shift; what is on the screen gets its right time."""
        if self.clock.first_true is None:
            self.clock.first_true = t
            if self._last is not None and abs(self.clock.shift) > 1e-6:
                self._on_frame(self._last)

    def _on_time(self, seen: Seen) -> None:
        """The wanted frame of a seek or step is known."""
        if seen.look.want is Want.TIME and seen.t is not None:
            self._aim(seen.t)
        if seen.look.want not in (Want.NEXT, Want.PREVIOUS):
            return
        if seen.t is None:  # there is no frame behind the last or before the first
            self._steps = 0
            return
        self._steps -= 1 if seen.look.want is Want.NEXT else -1
        self._ended = False
        if self._steps:
            self._target = seen.t
            self._step_on()
        else:
            self._aim(seen.t)

    def _on_pixels(self, seen: Seen) -> None:
        if seen.drawing is None or seen.t is None or (self._playing and not self._reads_picture):
            return
        known = self._is_shown(seen.t)
        if not self._playing:
            self._out_of_step = not self._reads_picture
            self._target = seen.t
        self._arrive(seen.t)
        if not known:
            self.still.emit(seen.drawing)
            self._tell_position()

    def _on_unseen(self, error: MmdeskError) -> None:
        if self._steps or self._reads_picture:
            self._steps = 0
            self.problem.emit(error.message)
        if self._reads_picture and self._shown is None:
            self._film = None
            self._set_playing(False)
            self.gave_up.emit()

    def _want_pixels(self) -> None:
        if self._target is not None and not self._is_shown(self._target):
            self._read_at(self._target)

    def _on_frame(self, frame: QVideoFrame) -> None:
        self._last = frame
        t = self.clock.take(frame.startTime() / 1e6, frame.endTime() / 1e6)
        self._go_early()
        if not self._playing and self._is_unwanted(t):
            return
        self._out_of_step = False
        self._arrive(self._target if self._target is not None else t)
        self.frame.emit(frame, t)
        self._tell_position()

    def _on_loaded(self) -> None:
        self._is_loaded = True
        if self._expects_picture and not self.player.has_video:
            self._read_picture()
        elif not self._expects_picture:
            self._go_early()

    def _go_early(self) -> None:
        early, self._early = self._early, None
        if early is not None:
            self._move(early)

    def _is_unwanted(self, t: float) -> bool:
        """Whether another frame than this is to be shown; on the way to a moment its surroundings will do."""
        if self._target is not None:
            return abs(t - self._target) > SAME_FRAME
        return self._asked is not None and abs(t - self._asked) > _SURROUNDINGS

    def _is_shown(self, t: float) -> bool:
        return self._shown is not None and abs(self._shown - t) <= SAME_FRAME

    def _arrive(self, t: float) -> None:
        self._shown = t
        if not self.player.seeking or self._target is not None:
            self._asked = None
        if self._target is not None:
            self._patience.stop()

    def _on_end(self) -> None:
        """Stays at the last frame; the player is put there again, because pausing rewinds it."""
        if self._expects_picture and self.clock.first_played is None and not self._reads_picture:
            self._read_picture()
            return
        if not self._playing:  # a seek of the player went too far, as in MPEG-TS
            self._out_of_step = True
            return
        self._set_playing(False)
        if self._reads_picture:
            self.player.pause()
        if self._shown is not None:
            self._target = self._shown
            self.player.seek(self._shown + self.clock.shift)
        self._asked = None
        self._ended = True
        self._tell_position()

    def _on_duration(self, seconds: float) -> None:
        self.duration = seconds
        self.duration_changed.emit(seconds)

    def _on_problem(self, said: object) -> None:
        if self._reads_picture or self._film is None:
            return
        if self._expects_picture:
            self.problem.emit(sentence("This film is shown without its sound; the player cannot open it."))
            self._read_picture()
        else:
            self._set_playing(False)
            self.problem.emit(said)
            self.gave_up.emit()

    def _read_picture(self) -> None:
        """Shows the picture without the player, which cannot (AV1 without a GPU ends at once, unsaid)."""
        if self._reads_picture:
            return
        self._reads_picture = True
        at, self._early = self._early or self._asked or self._shown or 0.0, None
        self.player.leave_out_picture()
        self._go(at)
        if self._playing:
            self.player.play()
        self._read_at(at)

    def _read_at(self, t: float) -> None:
        """Wants the frame of a moment: all of its pixels, while playing those that can be seen."""
        if self._film is not None:
            edge = self.edge if self._playing else None
            self._looker.ask(Look(self._film, Want.PIXELS, t + SAME_FRAME, edge))

    def _set_playing(self, playing: bool) -> None:
        if playing == self._playing:
            return
        self._playing = playing
        if playing:
            self._ticks.start()
        else:
            self._ticks.stop()
        self.playing_changed.emit(playing)

    def _on_tick(self) -> None:
        self._tell_position()
        if self._reads_picture:
            self._read_at(self.player.position)
        # Without a sound device Qt never ends a file that has only sound.
        if not self.player.has_video and 0 < self.duration <= self.player.position:
            self._on_end()

    def _tell_position(self) -> None:
        self.position_changed.emit(self.position)
