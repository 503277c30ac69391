"""The little picture and time over the time bar while the pointer is on it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from mmdesk.errors import MmdeskError
from mmdesk.gui.style.theme import colours, digits_font
from mmdesk.gui.style.tokens import Radius
from mmdesk.gui.text.times import clock
from mmdesk.gui.viewers.drawing import Drawing
from mmdesk.gui.viewers.film import Film, FilmReader
from mmdesk.gui.viewers.latest import LatestWins

_EDGE = 160
_TIME_HEIGHT = 22
_BORDER = 3
_REST_MS = 60


@dataclass(frozen=True, slots=True)
class _Point:
    """A place on the time bar that the pointer rests on."""

    film: Film
    t: float
    edge: int


@dataclass(frozen=True, slots=True)
class _Thumbnail:
    """What is there."""

    point: _Point
    drawing: Drawing


class Preview(QWidget):
    """Floats over the viewer; decodes on its own thread, newest place first. Qt thread only."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        self._drawing: Drawing | None = None
        self._film: Film | None = None
        self._t = 0.0
        self._reader = FilmReader()
        self._decoder = LatestWins(self._decode, self._on_decoded, self._on_failure, self, "thumbnails")
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._ask)

    @property
    def drawing(self) -> Drawing | None:
        """The little picture that is shown."""
        return self._drawing

    def set_film(self, film: Film | None) -> None:
        """The film to look into; None shows times only."""
        self._film, self._drawing = film, None
        self._decoder.forget()
        self.hide()

    def show_at(self, t: float, foot: QPoint) -> None:
        """Shows a moment.

        Args:
            t: Seconds.
            foot: Middle of its lower edge, in the parent's coordinates.
        """
        self._t = t
        self._fit_to(foot)
        self.show()
        self.raise_()
        self.update()
        if self._film is not None and not self._rest.isActive():
            self._rest.start()

    def leave(self) -> None:
        """The pointer left the time bar."""
        self._rest.stop()
        self.hide()

    def shut_down(self) -> None:
        """Ends the worker thread."""
        self._rest.stop()
        self._decoder.close()
        self._reader.close()

    def _ask(self) -> None:
        if self._film is not None:
            edge = round(_EDGE * self.devicePixelRatioF())
            self._decoder.ask(_Point(self._film, self._t, edge))

    def _decode(self, point: _Point) -> _Thumbnail:
        return _Thumbnail(point, self._reader.thumbnail(point.film, point.t, point.edge))

    def _on_decoded(self, thumbnail: _Thumbnail) -> None:
        if thumbnail.point.film is self._film:
            grew = self._drawing is None
            self._drawing = thumbnail.drawing
            if grew and self.isVisible():
                self._fit_to(QPoint(self.x() + self.width() // 2, self.y() + self.height()))
            self.update()

    def _on_failure(self, error: MmdeskError) -> None:
        self._film = None  # no pictures from this film; the time is still shown

    def _fit_to(self, foot: QPoint) -> None:
        width, height = 64, _TIME_HEIGHT
        if self._drawing is not None:
            scale = _EDGE / max(self._drawing.width, self._drawing.height)
            width = round(self._drawing.width * scale) + 2 * _BORDER
            height += round(self._drawing.height * scale) + _BORDER
        room = self._over.width() - width - 4
        self.setGeometry(max(4, min(room, foot.x() - width // 2)), foot.y() - height, width, height)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A dark plate with picture and time; Qt's hook."""
        worn = colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(worn.stage))
        painter.drawRoundedRect(self.rect(), Radius.CONTROL, Radius.CONTROL)
        if self._drawing is not None:
            self._paint_picture(painter, self._drawing)
        painter.setPen(QColor(worn.on_stage))
        painter.setFont(digits_font(self.font()))
        foot = self.rect().adjusted(0, self.height() - _TIME_HEIGHT, 0, 0)
        painter.drawText(foot, Qt.AlignmentFlag.AlignCenter, clock(self._t))
        painter.end()

    def _paint_picture(self, painter: QPainter, drawing: Drawing) -> None:
        ratio = self.devicePixelRatioF()
        painter.save()
        painter.scale(1 / ratio, 1 / ratio)
        width, height = self.width() - 2 * _BORDER, self.height() - _TIME_HEIGHT - _BORDER
        place = QRectF(_BORDER * ratio, _BORDER * ratio, width * ratio, height * ratio)
        drawing.paint(painter, place, place)
        painter.restore()
