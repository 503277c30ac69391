"""The transport bar: play, step, time, seek, speed, volume and view in one row."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSizePolicy, QSlider, QToolButton, QWidget

from mmdesk.gui.language import follow_language, tr
from mmdesk.gui.style.icons import pixmap, show_icon
from mmdesk.gui.style.theme import colours, digits_font, follow_theme
from mmdesk.gui.style.tokens import Space, TypeSize
from mmdesk.gui.text.times import clock, exact_clock
from mmdesk.gui.viewers.marks import Mark
from mmdesk.gui.viewers.seek_bar import SeekBar
from mmdesk.gui.viewers.shortcuts import with_keys

RATES = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0)
_ROOM_FOR_VOLUME = 620
_ROOM_FOR_VIEW = 480


class PlayButton(QToolButton):
    """The round button in the accent colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.playing = False
        # The sizes of tool buttons in the style sheet win over setFixedSize.
        self.setStyleSheet("min-width: 44px; min-height: 44px; padding: 0; border: none;")
        self.setFixedSize(44, 44)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        follow_theme(self.update)

    def set_playing(self, playing: bool) -> None:
        """Shows what a click does: pause while playing."""
        self.playing = playing
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A disc with its symbol, and a ring when the keyboard acts on it; Qt's hook."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        worn, middle = colours(), QRectF(self.rect()).center()
        lively = self.underMouse() and self.isEnabled()
        disc = worn.accent_hover if lively else worn.accent
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(disc if self.isEnabled() else worn.border))
        radius = 17 if self.isDown() else 18
        painter.drawEllipse(middle, radius, radius)
        colour = worn.on_accent if self.isEnabled() else worn.text_disabled
        symbol = pixmap("pause" if self.playing else "play", colour, 20, self.devicePixelRatioF())
        painter.drawPixmap(middle - QPointF(10, 10), symbol)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(worn.focus), 2))
            painter.drawEllipse(middle, 21, 21)
        painter.end()


class TransportBar(QWidget):
    """All controls of a film or sound. It shows what it is told and asks for what is wanted.

    Signals:
        toggled: Play or pause.
        stepped: +1 or -1 frame.
        sought: Seconds.
        pointed: Seconds under the pointer and its column in `seek_bar`; -1 when it left.
        rate_chosen: Speed.
        volume_chosen: Slider position in [0, 1].
        mute_chosen: Whether to be silent.
        fit_chosen: Show the whole frame.
    """

    toggled = Signal()
    stepped = Signal(int)
    sought = Signal(float)
    pointed = Signal(float, int)
    rate_chosen = Signal(float)
    volume_chosen = Signal(float)
    mute_chosen = Signal(bool)
    fit_chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._position = self._duration = 0.0
        self._has_picture = True
        self.play = PlayButton(self)
        self.back = self._button("frame-back", lambda: self.stepped.emit(-1), repeats=True)
        self.forward = self._button("frame-forward", lambda: self.stepped.emit(1), repeats=True)
        self.time = QLabel(self)
        self.seek_bar = SeekBar(self)
        self.speed = self._speed_button()
        self.mute = self._button("volume", lambda: None)
        self.mute.setCheckable(True)
        self.volume = self._volume_slider()
        self.fit = self._button("fit", self.fit_chosen.emit)
        self._lay_out()
        self._connect()
        follow_theme(self.update)
        follow_language(self.retranslate)

    def _button(self, name: str, run: Callable[[], None], repeats: bool = False) -> QToolButton:
        button = QToolButton(self)
        button.setIconSize(QSize(20, 20))
        button.setAutoRepeat(repeats)
        button.clicked.connect(lambda _checked=False: run())
        show_icon(button, name)
        return button

    def _speed_button(self) -> QToolButton:
        button = QToolButton(self)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setFont(digits_font(self.font()))
        menu = QMenu(button)
        self._rates = QActionGroup(menu)
        for rate in RATES:
            action = QAction(f"{rate:g}×", menu, checkable=True)
            action.setData(rate)
            self._rates.addAction(action)
            menu.addAction(action)
        self._rates.triggered.connect(lambda action: self.rate_chosen.emit(action.data()))
        button.setMenu(menu)
        return button

    def _volume_slider(self) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal, self)
        slider.setRange(0, 100)
        slider.setPageStep(10)
        slider.setFixedWidth(80)
        return slider

    def _lay_out(self) -> None:
        self.time.setFont(digits_font(self.font(), TypeSize.BODY))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.SMALL, Space.TIGHT, Space.SMALL, Space.TIGHT)
        row.setSpacing(Space.TIGHT)
        for widget in (self.play, self.back, self.forward):
            row.addWidget(widget)
        row.addSpacing(Space.TIGHT)
        row.addWidget(self.time)
        row.addWidget(self.seek_bar, 1)
        row.addWidget(self.speed)
        row.addWidget(self.mute)
        row.addWidget(self.volume)
        row.addWidget(self.fit)

    def _connect(self) -> None:
        self.play.clicked.connect(self.toggled)
        self.seek_bar.sought.connect(self.sought)
        self.seek_bar.pointed.connect(self.pointed)
        self.mute.clicked.connect(self.mute_chosen)
        self.volume.valueChanged.connect(lambda value: self.volume_chosen.emit(value / 100))

    def set_playing(self, playing: bool) -> None:
        """What the play button does."""
        self.play.set_playing(playing)
        self._name_play()

    def set_duration(self, seconds: float) -> None:
        """Total time; 0 while unknown."""
        self._duration = seconds
        self.seek_bar.set_duration(seconds)
        self._show_time()

    def set_position(self, seconds: float) -> None:
        """Time now."""
        self._position = seconds
        self.seek_bar.set_position(seconds)
        self._show_time()

    def set_marks(self, marks: Sequence[Mark]) -> None:
        """What was found, on the time bar."""
        self.seek_bar.set_marks(marks)

    def set_rate(self, rate: float) -> None:
        """Speed that is used."""
        self.speed.setText(f"{rate:g}×")
        for action in self._rates.actions():
            action.setChecked(action.data() == rate)

    def set_volume(self, volume: float, muted: bool) -> None:
        """Loudness that is used."""
        self.volume.blockSignals(True)
        self.volume.setValue(round(volume * 100))
        self.volume.blockSignals(False)
        self.mute.setChecked(muted)
        show_icon(self.mute, "volume-off" if muted or volume == 0 else "volume")

    def set_has_picture(self, has_picture: bool) -> None:
        """Whether there are frames to step through and fit."""
        self._has_picture = has_picture
        self._fill_room()

    def retranslate(self) -> None:
        """Sets all texts."""
        self._name_play()
        named: tuple[tuple[QWidget, str, tuple[str, ...]], ...] = (
            (self.back, tr("Frame back"), (",",)),
            (self.forward, tr("Frame forward"), (".",)),
            (self.speed, tr("Speed"), ("[", "]")),
            (self.mute, tr("Mute"), ("M",)),
            (self.volume, tr("Volume"), ("Down", "Up")),
            (self.fit, tr("Fit the window"), ("F",)),
        )
        for widget, text, keys in named:
            widget.setAccessibleName(text)
            widget.setToolTip(with_keys(text, *keys))
        self.time.setAccessibleName(tr("Time"))

    def _name_play(self) -> None:
        text = tr("Pause") if self.play.playing else tr("Play")
        self.play.setAccessibleName(text)
        self.play.setToolTip(with_keys(text, "Space"))

    def _show_time(self) -> None:
        shown = f"{clock(self._position)} / {clock(self._duration)}"
        if shown != self.time.text():
            self.time.setText(shown)
        self.time.setToolTip(exact_clock(self._position))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leaves out what has no room; Qt's hook."""
        self._fill_room()

    def _fill_room(self) -> None:
        roomy = self.width() >= _ROOM_FOR_VIEW
        self.volume.setVisible(self.width() >= _ROOM_FOR_VOLUME)
        self.speed.setVisible(roomy)
        self.fit.setVisible(roomy and self._has_picture)
        self.back.setVisible(self._has_picture)
        self.forward.setVisible(self._has_picture)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Its own surface under the dark stage; Qt's hook."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colours().surface))
        painter.fillRect(0, 0, self.width(), 1, QColor(colours().border))
        painter.end()
