"""Light and dark: the palette, the style sheet and the font of the application.

One `Theme` belongs to the application (it is its child). Widgets read `colours()` when they paint;
what was made from colours (icons, pixmaps) is made again in a method given to `follow_theme`.
Qt thread only.
"""

from __future__ import annotations

from collections.abc import Callable
from string import Template

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from mmdesk.config.paths import resources_dir
from mmdesk.gui.style.tokens import DARK, LIGHT, Colours, IconSize, Radius, Space, TypeSize

SYSTEM = "system"
_HALF = 128
_FAMILIES = (
    "Inter",
    "Segoe UI Variable Text",
    "Segoe UI",
    "Noto Sans",
    "Cantarell",
    "Ubuntu",
    "PingFang SC",
    "Microsoft YaHei UI",
    "Noto Sans CJK SC",
    "Noto Color Emoji",
)


class Theme(QObject):
    """The chosen theme: "system", "light" or "dark".

    Signals:
        changed: Colours are others now.
    """

    changed = Signal()

    def __init__(self, app: QApplication, choice: str = SYSTEM) -> None:
        """Belongs to `app` from now on and dresses it."""
        super().__init__(app)
        self._app = app
        self.choice = choice
        self._dressed = False
        self.colours = self._resolved()
        app.setStyle("Fusion")
        app.setFont(body_font(app.font()))
        self._dress()
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_system_change)

    @property
    def dark(self) -> bool:
        """Whether the dark theme is worn."""
        return self.colours is DARK

    def choose(self, choice: str) -> None:
        """Switches to "system", "light" or "dark"."""
        self.choice = choice
        wanted = self._resolved()
        if wanted is not self.colours:
            self.colours = wanted
            self._dress()
            self.changed.emit()

    def _on_system_change(self) -> None:
        self.choose(self.choice)

    def _resolved(self) -> Colours:
        if self.choice == SYSTEM:
            return DARK if self._system_is_dark() else LIGHT
        return DARK if self.choice == "dark" else LIGHT

    def _system_is_dark(self) -> bool:
        """What the system wears; at the start its palette tells, which costs no `Qt` (see window.py)."""
        if not self._dressed:
            return self._app.palette().window().color().lightness() < _HALF
        from PySide6.QtCore import Qt

        return QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark

    def _dress(self) -> None:
        self._dressed = True
        self._app.setPalette(palette(self.colours))
        self._app.setStyleSheet(style_sheet(self.colours))


def theme() -> Theme | None:
    """The theme of the running application; None where none was made."""
    app = QCoreApplication.instance()
    if app is None:
        return None
    return app.findChild(Theme)


def colours() -> Colours:
    """The colours that are worn now (light where no theme was made)."""
    owner = theme()
    return owner.colours if owner is not None else LIGHT


def follow_theme(recolour: Callable[[], None]) -> None:
    """Calls back now and after each change.

    Args:
        recolour: A bound method of a QObject; Qt forgets it when that object is deleted.
    """
    owner = theme()
    if owner is not None:
        owner.changed.connect(recolour)
    recolour()


def body_font(system: QFont) -> QFont:
    """The system's own font at the body size, with families for Chinese and emoji behind it."""
    font = QFont(system)
    first = () if system.family() in ("", "Sans Serif", "DejaVu Sans") else (system.family(),)
    font.setFamilies([*first, *_FAMILIES, "DejaVu Sans"])
    font.setPixelSize(TypeSize.BODY)
    return font


def digits_font(base: QFont, size: TypeSize = TypeSize.CAPTION) -> QFont:
    """A font whose digits are equally wide, so that running times do not tremble."""
    font = QFont(base)
    font.setPixelSize(size)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def palette(worn: Colours) -> QPalette:
    """Qt's palette for what no style sheet reaches (native menus, dialogs of Qt)."""
    role = QPalette.ColorRole
    made = QPalette()
    for name, colour in (
        (role.Window, worn.window),
        (role.Base, worn.surface),
        (role.AlternateBase, worn.sunken),
        (role.Button, worn.surface),
        (role.ToolTipBase, worn.text),
        (role.ToolTipText, worn.surface),
        (role.WindowText, worn.text),
        (role.Text, worn.text),
        (role.ButtonText, worn.text),
        (role.PlaceholderText, worn.text_muted),
        (role.Highlight, worn.accent),
        (role.HighlightedText, worn.on_accent),
        (role.Link, worn.accent),
        (role.Accent, worn.accent),
        (role.Mid, worn.border),
        (role.Dark, worn.border_strong),
    ):
        made.setColor(name, QColor(colour))
    for name in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, name, QColor(worn.text_disabled))
    return made


def style_sheet(worn: Colours) -> str:
    """The one style sheet, its `$name` fields filled with tokens."""
    template = Template((resources_dir() / "styles" / "mmdesk.qss").read_text(encoding="utf-8"))
    lengths = {
        f"{scale.__name__.lower()}_{token.name.lower()}": f"{int(token)}px"
        for scale in (Space, TypeSize, Radius, IconSize)
        for token in scale
    }
    icons = (resources_dir() / "icons").as_posix()
    name = "dark" if worn is DARK else "light"
    return template.substitute(worn.by_name(), **lengths, icons=icons, theme=name)
