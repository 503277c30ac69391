"""Keyboard shortcuts of a viewer: active while the focus is in it, listed for help and tool tips."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget


@dataclass(frozen=True, slots=True)
class Binding:
    """Keys for one action.

    Attributes:
        keys: Portable key sequences ("Space", "K", "Ctrl++").
        run: The action.
        repeats: Whether holding the key down repeats it.
    """

    keys: tuple[str, ...]
    run: Callable[[], None]
    repeats: bool = False


def bind(widget: QWidget, bindings: tuple[Binding, ...]) -> None:
    """Makes the keys work while `widget` or something inside it has the focus."""
    for binding in bindings:
        for keys in binding.keys:
            shortcut = QShortcut(QKeySequence(keys), widget)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.setAutoRepeat(binding.repeats)
            shortcut.activated.connect(binding.run)


def with_keys(text: str, *keys: str) -> str:
    """A tool tip that names its shortcuts, in the system's own spelling."""
    native = [QKeySequence(one).toString(QKeySequence.SequenceFormat.NativeText) for one in keys]
    return f"{text} ({'  '.join(native)})"
