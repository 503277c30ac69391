"""What is seen of a sound: its waveform, with the part that was played in the accent colour."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from mmdesk.errors import MmdeskError
from mmdesk.gui.language import follow_language, tr
from mmdesk.gui.style.icons import pixmap
from mmdesk.gui.style.theme import colours, follow_theme
from mmdesk.gui.style.tokens import DARK
from mmdesk.gui.viewers.film import Film
from mmdesk.gui.viewers.focus_ring import FocusRing
from mmdesk.gui.viewers.latest import LatestWins
from mmdesk.gui.viewers.waveform import Waveform, WaveformReader

_BAR = 3
_PITCH = 5
_MARGIN = 32
_TALLEST = 240
_QUIET = 0.05


class SoundView(QWidget):
    """A waveform that is clicked to go there. Qt thread only.

    Signals:
        sought: Seconds.
        failed: A `Sentence`: why there is no waveform.
    """

    sought = Signal(float)
    failed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 120)
        self._film: Film | None = None
        self._wave: Waveform | None = None
        self._duration = self._position = 0.0
        self._ring = FocusRing(self)
        self._computer = WaveformReader()
        self._worker = LatestWins(self._computer.read_on, self._on_wave, self._on_failure, self, "waveform")
        follow_theme(self.update)
        follow_language(self.retranslate)

    @property
    def waveform(self) -> Waveform | None:
        """What is known so far."""
        return self._wave

    def set_film(self, film: Film | None) -> None:
        """The file to draw."""
        self._film, self._wave = film, None
        self._worker.forget()
        if film is not None:
            self._worker.ask(film)
        self.update()

    def set_duration(self, seconds: float) -> None:
        """The time that the width stands for."""
        self._duration = seconds
        self.update()

    def set_position(self, seconds: float) -> None:
        """Where playback is."""
        before, self._position = self._position, seconds
        if self._column(before) != self._column(seconds):
            self.update()

    def retranslate(self) -> None:
        """Sets all texts."""
        self.setAccessibleName(tr("Sound"))
        self.setAccessibleDescription(tr("A picture of how loud the sound is over time; click to go there."))

    def shut_down(self) -> None:
        """Ends the worker thread; the film's control must be cancelled before."""
        self._worker.close()

    def _on_wave(self, wave: Waveform) -> None:
        if wave.film is not self._film:
            return
        self._wave = wave
        self.update()
        if not wave.complete:
            self._worker.ask(wave.film)

    def _on_failure(self, error: MmdeskError) -> None:
        self.failed.emit(error.message)

    def _line(self) -> QRectF:
        return QRectF(_MARGIN, 0, max(1, self.width() - 2 * _MARGIN), self.height())

    def _column(self, t: float) -> int:
        line = self._line()
        return round(line.left() + line.width() * t / self._duration) if self._duration else 0

    def _loudness(self, t0: float, t1: float) -> float:
        """The loudest of a span; 0 where nothing was read."""
        if self._wave is None or not self._wave.peaks:
            return 0.0
        first = int(t0 / self._wave.step)
        return max(self._wave.peaks[first : max(first + 1, int(t1 / self._wave.step))], default=0.0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Bars around the middle and a line at the position; Qt's hook."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(colours().stage))
        if self._duration > 0:
            self._paint_bars(painter)
        else:
            self._paint_symbol(painter)
        self._ring.paint(painter)
        painter.end()

    def _paint_bars(self, painter: QPainter) -> None:
        line, middle = self._line(), self.height() / 2
        half = min(_TALLEST, self.height() * 0.7) / 2
        loudest = max(_QUIET, max(self._wave.peaks, default=0.0) if self._wave else 0.0)
        per_pixel = self._duration / line.width()
        now = self._column(self._position)
        played, ahead = QColor(DARK.accent), QColor(DARK.text_disabled)  # the stage is dark in both themes
        painter.setPen(Qt.PenStyle.NoPen)
        for x in range(int(line.left()), int(line.right()) - _BAR + 1, _PITCH):
            t = (x - line.left()) * per_pixel
            reach = max(1.5, half * self._loudness(t, t + _PITCH * per_pixel) / loudest)
            painter.setBrush(played if x + _BAR <= now else ahead)
            painter.drawRoundedRect(QRectF(x, middle - reach, _BAR, 2 * reach), 1.5, 1.5)
        painter.setPen(QPen(QColor(colours().on_stage), 1.5))
        painter.drawLine(QPointF(now, middle - half - 12), QPointF(now, middle + half + 12))

    def _paint_symbol(self, painter: QPainter) -> None:
        symbol: QPixmap = pixmap("sound", colours().on_stage_muted, 48, self.devicePixelRatioF())
        painter.drawPixmap(QRectF(self.rect()).center() - QPointF(24, 24), symbol)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Goes to where it was pressed; Qt's hook."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._seek_to(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drags; Qt's hook."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._seek_to(event.position().x())

    def _seek_to(self, x: float) -> None:
        line = self._line()
        share = min(1.0, max(0.0, (x - line.left()) / line.width()))
        if self._duration > 0:
            self.sought.emit(share * self._duration)
