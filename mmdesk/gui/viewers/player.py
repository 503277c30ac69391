"""Qt's media player with what it lacks: care for machines without sound, seeks that do not pile up.

Times here are the player's own, in seconds; `playback` turns them into the container's.

The frames go to a QVideoSink and are drawn by our canvas, not by QVideoWidget or QGraphicsVideoItem:
those convert every frame on the Qt thread where there is no GPU (12 ms for 1080p, 110 ms for 4K, on four
cores), do not tell which frame is on the screen, and cannot lie under an overlay on every platform.

Whatever makes Qt build or tear down its decoders is called without the GIL, because their threads may
wait for it under a lock that the call waits for (seen with QAudioOutput, see `_ask_python_now`).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Q_ARG, QMetaObject, QObject, Qt, QTimer, QUrl, Signal, SignalInstance
from PySide6.QtMultimedia import QAudio, QAudioOutput, QMediaDevices, QMediaPlayer, QVideoFrame, QVideoSink

from mmdesk.gui.viewers.stopwatch import Stopwatch
from mmdesk.sentences import Sentence, sentence

if TYPE_CHECKING:
    from PySide6.QtCore import QGenericArgumentHolder

_SEEK_PATIENCE_MS = 250
_State = QMediaPlayer.PlaybackState
_Status = QMediaPlayer.MediaStatus


class Player(QObject):
    """Plays one file. Qt thread only; decoding happens on Qt Multimedia's own threads.

    Signals:
        frame: A valid `QVideoFrame` to be shown now.
        loaded: Streams and duration are known.
        ended: Played to the end.
        duration_changed: Seconds.
        problem: A `Sentence`: why it cannot be played.
    """

    frame = Signal(object)
    loaded = Signal()
    ended = Signal()
    duration_changed = Signal(float)
    problem = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        # A playlist or manifest must not make FFmpeg open a connection.
        os.environ.setdefault("QT_FFMPEG_PROTOCOL_WHITELIST", "file,crypto,data")
        self._player = QMediaPlayer(self)
        self._sink = QVideoSink(self)
        self._player.setVideoSink(self._sink)
        self._player.setPitchCompensation(True)
        self._devices = QMediaDevices(self)
        _ask_python_now(self._sink.videoSizeChanged, self._player.sourceChanged)
        self._output: QAudioOutput | None = None
        self._volume, self._muted = 1.0, False
        self._waiting_ms: int | None = None
        self._leaves_out_picture = False
        self._own_clock: Stopwatch | None = None
        self._rate = 1.0
        self._seek = QTimer(self)
        self._seek.setSingleShot(True)
        self._seek.setInterval(_SEEK_PATIENCE_MS)
        self._connect()
        self._choose_device()

    def _connect(self) -> None:
        self._sink.videoFrameChanged.connect(self._on_frame)
        self._seek.timeout.connect(self._seek_on)
        self._player.durationChanged.connect(self._on_duration)
        self._player.mediaStatusChanged.connect(self._on_status)
        self._player.errorOccurred.connect(self._on_error)
        self._devices.audioOutputsChanged.connect(self._choose_device)

    @property
    def position(self) -> float:
        """Where the sound is, seconds."""
        if self._own_clock is not None:
            return self._own_clock.t
        if self._waiting_ms is not None:
            return self._waiting_ms / 1000
        return self._player.position() / 1000

    @property
    def has_video(self) -> bool:
        """Whether Qt shows a moving picture of this file."""
        return self._player.hasVideo() and not self._leaves_out_picture

    @property
    def seeking(self) -> bool:
        """Whether a seek has not brought a frame yet."""
        return self._seek.isActive()

    def open(self, path: Path) -> None:
        """Loads a file and waits at its first frame."""
        self._forget_seeks()
        self._leaves_out_picture, self._own_clock = False, None
        self._call("setSource", Q_ARG(QUrl, QUrl.fromLocalFile(str(path.absolute()))))
        self._call("pause")

    def leave_out_picture(self) -> None:
        """Goes on with the sound alone, or a clock of its own: for a picture that Qt cannot decode."""
        self._forget_seeks()
        self._leaves_out_picture = True
        if self._player.hasAudio():
            self._player.setActiveVideoTrack(-1)
        else:
            self._own_clock = Stopwatch()
            self._own_clock.set_rate(self._rate)

    def close(self) -> None:
        """Lets go of the file."""
        self._forget_seeks()
        self._call("stop")
        self._call("setSource", Q_ARG(QUrl, QUrl()))

    def play(self) -> None:
        """Plays from where it is."""
        if self._own_clock is not None:
            self._own_clock.run()
        else:
            self._call("play")

    def pause(self) -> None:
        """Holds where it is; after the end this goes back to the first frame."""
        if self._own_clock is not None:
            self._own_clock.halt()
        else:
            self._call("pause")

    def seek(self, t: float) -> None:
        """Goes somewhere; while an earlier seek is under way only the newest is kept.

        Args:
            t: Seconds. Rounded up to milliseconds, so that a frame's start never gives the frame before.
        """
        ms = max(0, -int(-t * 1000 // 1))
        if self._own_clock is not None:
            self._own_clock.jump(ms / 1000)
        elif self.seeking:
            self._waiting_ms = ms
        else:
            self._set_position(ms)

    def set_rate(self, rate: float) -> None:
        """Playback speed; the pitch of voices is kept."""
        self._rate = rate
        if self._own_clock is not None:
            self._own_clock.set_rate(rate)
        self._call("setPlaybackRate", Q_ARG("double", rate))

    def set_volume(self, volume: float, muted: bool) -> None:
        """Loudness.

        Args:
            volume: Position of a slider in [0, 1]; turned into loudness as people hear it.
            muted: Whether nothing is heard.
        """
        self._volume, self._muted = volume, muted
        if self._output is not None:
            scale = QAudio.VolumeScale
            linear = QAudio.convertVolume(volume, scale.LogarithmicVolumeScale, scale.LinearVolumeScale)
            self._output.setVolume(linear)
            self._output.setMuted(muted)

    def _choose_device(self) -> None:
        """Plays without sound until there is a device; from then on Qt follows the system's choice."""
        if self._output is None and QMediaDevices.audioOutputs():
            self._output = QAudioOutput(self)
            _ask_python_now(self._output.deviceChanged)
            self.set_volume(self._volume, self._muted)
            self._player.setAudioOutput(self._output)

    def _forget_seeks(self) -> None:
        self._seek.stop()
        self._waiting_ms = None

    def _seek_on(self) -> None:
        self._seek.stop()
        waiting, self._waiting_ms = self._waiting_ms, None
        if waiting is not None:
            self._set_position(waiting)

    def _set_position(self, ms: int) -> None:
        if self._player.playbackState() is _State.StoppedState:  # at the end, where seeks show nothing
            self._call("pause")
        self._call("setPosition", Q_ARG("qlonglong", ms))
        self._seek.start()

    def _call(self, slot: str, *arguments: QGenericArgumentHolder) -> None:
        """Calls a slot of the player at once; unlike a plain call, this lets go of the GIL meanwhile."""
        called = QMetaObject.invokeMethod(self._player, slot, Qt.ConnectionType.DirectConnection, *arguments)
        if not called:
            raise RuntimeError(f"QMediaPlayer has no slot {slot} for these arguments")

    def _on_frame(self, frame: QVideoFrame) -> None:
        if frame.isValid():  # an invalid one comes behind the last
            self.frame.emit(QVideoFrame(frame))
            self._seek_on()

    def _on_duration(self, ms: int) -> None:
        self.duration_changed.emit(ms / 1000)

    def _on_status(self, status: _Status) -> None:
        if status is _Status.LoadedMedia:
            self.loaded.emit()
        elif status is _Status.EndOfMedia:
            self.ended.emit()

    def _on_error(self, error: QMediaPlayer.Error) -> None:
        if error is not QMediaPlayer.Error.NoError:
            self.problem.emit(_said(error))


def _said(error: QMediaPlayer.Error) -> Sentence:
    if error is QMediaPlayer.Error.FormatError:
        return sentence("This file's format cannot be played here; it can still be analysed.")
    if error is QMediaPlayer.Error.AccessDeniedError:
        return sentence("You are not allowed to read this file.")
    return sentence("This file cannot be played; it may be damaged or gone.")


def _ask_python_now(*signals: SignalInstance) -> None:
    """Lets PySide find out here that Python overrides neither `connectNotify` nor `disconnectNotify`.

    Qt Multimedia's threads connect to these objects and disconnect from them while they hold a lock of
    Qt. The first time PySide then looks into Python, for which it waits for the GIL, while the Qt thread
    may hold the GIL and wait for that lock (in `stop()`): both for ever. The answer is remembered with
    each object.
    """
    for signal in signals:
        signal.connect(_nothing)
        signal.disconnect(_nothing)


def _nothing() -> None:
    """A receiver that does nothing."""
