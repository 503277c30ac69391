"""All keys at a glance."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from mmdesk.gui.actions import Actions
from mmdesk.gui.dialogs.frame import FramedDialog
from mmdesk.gui.language import tr
from mmdesk.gui.style.tokens import Space

Rows = list[tuple[str, str]]


def _native(keys: str) -> str:
    return "  ·  ".join(
        QKeySequence(each).toString(QKeySequence.SequenceFormat.NativeText) for each in keys.split(" | ")
    )


def _window_rows(actions: Actions) -> Rows:
    listed = (
        actions.open,
        actions.open_folder,
        actions.paste,
        actions.save,
        actions.correct,
        actions.find,
        actions.find_next,
        actions.find_previous,
        actions.follow,
        actions.play,
        actions.next_file,
        actions.previous_file,
        actions.to_viewer,
        actions.to_text,
        actions.to_files,
        actions.full_screen,
        actions.shortcuts,
        actions.quit,
    )
    return [
        (action.text(), action.shortcut().toString(QKeySequence.SequenceFormat.NativeText))
        for action in listed
    ]


def _list_rows() -> Rows:
    return [
        (tr("Text: jump to the line"), _native("Return")),
        (tr("Text: copy with times"), _native("Ctrl+C")),
        (tr("Files: open"), _native("Return")),
        (tr("Files: pause or go on"), _native("Space")),
        (tr("Files: stop or remove"), _native("Del")),
        (tr("Files: analyse again"), _native("F5")),
        (tr("Menu"), _native("F10")),
    ]


class ShortcutsDialog(FramedDialog):
    """Every key of the window, its lists and its viewers."""

    def __init__(self, actions: Actions, viewer_rows: Rows, parent: QWidget) -> None:
        """Lists the keys.

        Args:
            actions: Of the window.
            viewer_rows: What the viewers' keys do, and the keys.
            parent: The window.
        """
        super().__init__(tr("Keyboard shortcuts"), parent)
        left, right = QVBoxLayout(), QVBoxLayout()
        for column in (left, right):
            column.setSpacing(Space.MEDIUM)
        left.addWidget(_card(tr("Window"), _window_rows(actions)))
        right.addWidget(_card(tr("Viewer"), viewer_rows))
        right.addWidget(_card(tr("Lists"), _list_rows()))
        left.addStretch(1)
        right.addStretch(1)
        columns = QHBoxLayout()
        columns.setSpacing(Space.MEDIUM)
        columns.addLayout(left)
        columns.addLayout(right)
        self.body.addLayout(columns)


def _card(title: str, rows: Rows) -> QFrame:
    card = QFrame()
    card.setProperty("role", "card")
    grid = QGridLayout(card)
    grid.setContentsMargins(Space.MEDIUM, Space.MEDIUM, Space.MEDIUM, Space.MEDIUM)
    grid.setHorizontalSpacing(Space.HUGE)
    grid.setVerticalSpacing(Space.TIGHT + Space.HAIR)
    heading = QLabel(title)
    heading.setProperty("role", "strong")
    grid.addWidget(heading, 0, 0, 1, 2)
    for at, (what, keys) in enumerate(rows, start=1):
        chip = QLabel(keys)
        chip.setProperty("role", "keys")
        grid.addWidget(QLabel(what), at, 0)
        grid.addWidget(chip, at, 1)
    grid.setColumnStretch(0, 1)
    return card
