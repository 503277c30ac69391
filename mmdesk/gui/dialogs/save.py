"""Save results: the format, what it is good for, and where to."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QDir, QStandardPaths
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from mmdesk.config.paths import resources_dir
from mmdesk.gui.dialogs.frame import Button, FramedDialog
from mmdesk.gui.files.item import Item
from mmdesk.gui.language import tr, tr_plural
from mmdesk.gui.style.tokens import Space

FORMATS = ("srt", "vtt", "csv", "jsonl")


@dataclass(frozen=True, slots=True)
class Saving:
    """What is to be written.

    Attributes:
        item: Whose findings.
        format: One of `FORMATS`.
        target: The file.
    """

    item: Item
    format: str
    target: Path


def _described(name: str) -> tuple[str, str]:
    """Name and use of a format."""
    return {
        "srt": ("SubRip (.srt)", tr("Subtitles that nearly every player shows.")),
        "vtt": ("WebVTT (.vtt)", tr("Subtitles for web pages.")),
        "csv": ("CSV (.csv)", tr("A table for spreadsheets and statistics, one finding in a row.")),
        "jsonl": ("JSON Lines (.jsonl)", tr("Everything about every finding, for programs.")),
    }[name]


class SaveDialog(FramedDialog):
    """Asks for format and place. `savings` says what to write once it was accepted."""

    def __init__(self, opened: Item, others: Sequence[Item], parent: QWidget) -> None:
        """Offers to save one file's results, or all.

        Args:
            opened: The file that is shown.
            others: All files that have results, `opened` among them.
            parent: The window.
        """
        super().__init__(tr("Save results"), parent, Button.Save | Button.Cancel)
        self._opened, self._every = opened, list(others)
        self.formats: dict[str, QRadioButton] = {}
        self._group = QButtonGroup(self)
        self.every = QCheckBox(
            tr_plural(
                "All files with results ({count}), one file each",
                "All files with results ({count}), one file each",
                len(others),
            )
        )
        self.every.setVisible(len(others) > 1)
        self.place = QLineEdit()
        self.browse = QPushButton(tr("Choose…"))
        self.note = QLabel()
        self.note.setProperty("role", "caption")
        self._lay_out()
        self._connect()
        self.formats["srt"].setChecked(True)
        self._propose()
        self.setMinimumWidth(560)

    def _lay_out(self) -> None:
        card = QFrame()
        card.setProperty("role", "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(Space.MEDIUM, Space.MEDIUM, Space.MEDIUM, Space.MEDIUM)
        for name in FORMATS:
            self._add_format(name, column)
        self.body.addWidget(card)
        self.body.addWidget(self.every)
        row = QHBoxLayout()
        row.setSpacing(Space.SMALL)
        label = QLabel(tr("Save to"))
        label.setBuddy(self.place)
        row.addWidget(label)
        row.addWidget(self.place, 1)
        row.addWidget(self.browse)
        self.body.addLayout(row)
        self.body.addWidget(self.note)
        self.place.setAccessibleName(tr("Save to"))
        self.browse.setAccessibleName(tr("Choose where to save"))

    def _add_format(self, name: str, column: QVBoxLayout) -> None:
        title, use = _described(name)
        button = QRadioButton(title)
        button.setAccessibleDescription(use)
        note = QLabel(use)
        note.setProperty("role", "caption")
        note.setIndent(26)
        self._group.addButton(button)
        self.formats[name] = button
        column.addWidget(button)
        column.addWidget(note)

    def _connect(self) -> None:
        self._group.buttonToggled.connect(self._propose)
        self.every.toggled.connect(self._propose)
        self.browse.clicked.connect(self._choose)
        self.place.textChanged.connect(self._check)

    @property
    def format(self) -> str:
        """The chosen format."""
        return next((name for name, button in self.formats.items() if button.isChecked()), FORMATS[0])

    def _propose(self) -> None:
        """Proposes a place beside the media, keeping the folder that the person chose."""
        typed = self.place.text()
        folder = _beside(self._opened.path)
        if typed:
            folder = Path(typed) if Path(typed).is_dir() else Path(typed).parent
        proposed = folder if self.every.isChecked() else folder / self._file_name(self._opened)
        self.place.setText(QDir.toNativeSeparators(str(proposed)))

    def _file_name(self, item: Item) -> str:
        return f"{item.path.stem}.mmdesk.{self.format}"

    def _choose(self) -> None:
        if self.every.isChecked():
            chosen = QFileDialog.getExistingDirectory(self, tr("Choose a folder"), self.place.text())
        else:
            mask = f"{_described(self.format)[0].split(' (')[0]} (*.{self.format})"
            chosen = QFileDialog.getSaveFileName(
                self, tr("Save results"), self.place.text(), mask, "", _NO_QUESTION
            )[0]
        if chosen:
            self.place.setText(QDir.toNativeSeparators(chosen))

    def _check(self) -> None:
        replaced = sum(saving.target.exists() for saving in self.savings())
        words = tr_plural(
            "{count} file there will be replaced.", "{count} files there will be replaced.", replaced
        )
        self.note.setText(words if replaced else "")
        self.buttons.button(Button.Save).setEnabled(bool(self.place.text().strip()))

    def savings(self) -> list[Saving]:
        """What to write, no two into the same file."""
        place = Path(self.place.text().strip()).expanduser()
        if not self.every.isChecked():
            return [Saving(self._opened, self.format, place)]
        taken: set[Path] = set()
        return [
            Saving(item, self.format, _free(place / self._file_name(item), taken)) for item in self._every
        ]


_NO_QUESTION = QFileDialog.Option.DontConfirmOverwrite


def _beside(path: Path) -> Path:
    """The folder of a file; the documents where that cannot be written or belongs to the program."""
    folder = path.absolute().parent
    if os.access(folder, os.W_OK) and not folder.is_relative_to(resources_dir()):
        return folder
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))


def _free(target: Path, taken: set[Path]) -> Path:
    """The target, or the next one with a number that is not taken."""
    free, number = target, 1
    while free in taken:
        number += 1
        stem, _, rest = target.name.partition(".mmdesk.")
        free = target.with_name(f"{stem} ({number}).mmdesk.{rest}")
    taken.add(free)
    return free
