"""Icons: SVG files in `resources/icons`, drawn in the colours of the theme.

The files use `currentColor` only; it becomes a colour of the theme here. A QIcon does not know
when the theme changes, so `show_icon` sets it again then; `icon` alone is for a picture of now.
Qt thread only.
"""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize
from PySide6.QtGui import QAction, QColor, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton

from mmdesk.config.paths import resources_dir
from mmdesk.gui.style.theme import colours, follow_theme

_EDGE = 20


def _svg(name: str, colour: str) -> QSvgRenderer:
    """The drawing in a colour.

    Raises:
        FileNotFoundError: There is no such icon.
    """
    drawing = (resources_dir() / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    return QSvgRenderer(QByteArray(drawing.replace("currentColor", colour).encode()))


def pixmap(name: str, colour: str, edge: int, scale: float = 1.0) -> QPixmap:
    """An icon as a square picture.

    Args:
        name: File name without `.svg`.
        colour: `#rrggbb`.
        edge: Device-independent pixels.
        scale: Device pixels per device-independent pixel.
    """
    device = QSize(round(edge * scale), round(edge * scale))
    picture = QPixmap(device)
    picture.fill(QColor(0, 0, 0, 0))
    painter = QPainter(picture)
    _svg(name, colour).render(painter, QRectF(0, 0, device.width(), device.height()))
    painter.end()
    picture.setDevicePixelRatio(scale)
    return picture


def icon(name: str, role: str = "text", checked_role: str = "") -> QIcon:
    """An icon in the colours worn now.

    Args:
        name: File name without `.svg`.
        role: Field of `Colours` to draw it in.
        checked_role: Field of `Colours` for the checked state; the same as `role` when empty.
    """
    worn = colours().by_name()
    scale = max((screen.devicePixelRatio() for screen in QGuiApplication.screens()), default=1.0)
    made = QIcon()
    made.addPixmap(pixmap(name, worn[role], _EDGE, scale), QIcon.Mode.Normal, QIcon.State.Off)
    if checked_role:
        made.addPixmap(pixmap(name, worn[checked_role], _EDGE, scale), QIcon.Mode.Normal, QIcon.State.On)
    return made


class _Shown(QObject):
    """Keeps the icon of one thing in the colours of the theme; a child of that thing."""

    def __init__(self, thing: QAbstractButton | QAction, name: str, role: str, checked_role: str) -> None:
        super().__init__(thing)
        self.name, self.role, self.checked_role = name, role, checked_role
        follow_theme(self.draw)

    def draw(self) -> None:
        """Draws it again."""
        thing = self.parent()
        if isinstance(thing, QAbstractButton | QAction):
            thing.setIcon(icon(self.name, self.role, self.checked_role))


def show_icon(
    thing: QAbstractButton | QAction, name: str, role: str = "text", checked_role: str = ""
) -> None:
    """Shows an icon on a button or action, also after the theme changed; replaces an earlier one.

    Args:
        thing: The button or action.
        name: File name without `.svg`.
        role: Field of `Colours` to draw it in.
        checked_role: Field of `Colours` for the checked state; the same as `role` when empty.
    """
    shown = thing.findChild(_Shown)
    if shown is None:
        _Shown(thing, name, role, checked_role)
    elif (shown.name, shown.role, shown.checked_role) != (name, role, checked_role):
        shown.name, shown.role, shown.checked_role = name, role, checked_role
        shown.draw()
