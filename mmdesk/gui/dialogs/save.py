"""Save results: the format, what it is good for, what it will look like, and where to."""

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
from mmdesk.gui.background import Background
from mmdesk.gui.dialogs.formats import FORMATS, OF_MARKS, WITH_LINES, groups, title, use
from mmdesk.gui.dialogs.frame import Button, FramedDialog
from mmdesk.gui.dialogs.save_preview import SavePreview
from mmdesk.gui.files.item import Item
from mmdesk.gui.language import tr, tr_plural
from mmdesk.gui.style.tokens import Space

__all__ = ["FORMATS", "SaveDialog", "Saving"]


@dataclass(frozen=True, slots=True)
class Saving:
    """What is to be written.

    Attributes:
        item: Whose findings.
        format: One of `FORMATS`.
        target: The file, or the folder of clips and frames.
        lines: "all", "captions" or "transcript".
    """

    item: Item
    format: str
    target: Path
    lines: str = "all"


class SaveDialog(FramedDialog):
    """Asks for format and place. `savings` says what to write once it was accepted."""

    def __init__(self, opened: Item, others: Sequence[Item], background: Background, parent: QWidget) -> None:
        """Offers to save one file's results, or all.

        Args:
            opened: The file that is shown.
            others: All files that have results, `opened` among them.
            background: Makes the preview.
            parent: The window.
        """
        super().__init__(tr("Save results"), parent, Button.Save | Button.Cancel)
        self._opened, self._every = opened, list(others)
        self.formats: dict[str, QRadioButton] = {}
        self._group = QButtonGroup(self)
        self.use = QLabel()
        self.lines: dict[str, QRadioButton] = {}
        self._lines_row = QWidget()
        self._lines_group = QButtonGroup(self)
        self.preview = SavePreview(opened, background, self)
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
        self._lay_out()
        self._connect()
        self.formats["srt"].setChecked(True)
        self.resize(940, 600)

    def _lay_out(self) -> None:
        columns = QHBoxLayout()
        columns.setSpacing(Space.MEDIUM)
        columns.addWidget(self._format_card())
        columns.addLayout(self._right(), 1)
        self.body.addLayout(columns, 1)
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
        self.note.setProperty("role", "caption")
        self.place.setAccessibleName(tr("Save to"))
        self.browse.setAccessibleName(tr("Choose where to save"))

    def _format_card(self) -> QFrame:
        card = QFrame()
        card.setProperty("role", "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(Space.MEDIUM, Space.MEDIUM, Space.MEDIUM, Space.MEDIUM)
        column.setSpacing(Space.TIGHT)
        for heading, names in groups():
            words = QLabel(heading)
            words.setProperty("role", "caption")
            column.addWidget(words)
            for name in names:
                column.addWidget(self._format_button(name))
            column.addSpacing(Space.SMALL)
        column.addStretch(1)
        return card

    def _format_button(self, name: str) -> QRadioButton:
        button = QRadioButton(title(name))
        button.setAccessibleDescription(use(name))
        button.setToolTip(use(name))
        self._group.addButton(button)
        self.formats[name] = button
        return button

    def _right(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(Space.SMALL)
        self.use.setWordWrap(True)
        self.use.setProperty("role", "muted")
        row = QHBoxLayout(self._lines_row)
        row.setContentsMargins(0, 0, 0, 0)
        for words, value in (
            (tr("Captions and transcript"), "all"),
            (tr("Captions only"), "captions"),
            (tr("Transcript only"), "transcript"),
        ):
            self.lines[value] = QRadioButton(words)
            self._lines_group.addButton(self.lines[value])
            row.addWidget(self.lines[value])
        row.addStretch(1)
        self.lines["all"].setChecked(True)
        self._lines_row.setAccessibleName(tr("What becomes lines"))
        column.addWidget(self.use)
        column.addWidget(self._lines_row)
        column.addWidget(self.preview, 1)
        return column

    def _connect(self) -> None:
        self._group.buttonToggled.connect(lambda _, checked: self._show_format() if checked else None)
        self._lines_group.buttonToggled.connect(lambda _, checked: self._show_preview() if checked else None)
        self.every.toggled.connect(self._propose)
        self.browse.clicked.connect(self._choose)
        self.place.textChanged.connect(self._check)

    @property
    def format(self) -> str:
        """The chosen format."""
        return next((name for name, button in self.formats.items() if button.isChecked()), FORMATS[0])

    @property
    def _chosen_lines(self) -> str:
        return next(value for value, button in self.lines.items() if button.isChecked())

    def _show_format(self) -> None:
        self.use.setText(use(self.format))
        self._lines_row.setVisible(self.format in WITH_LINES)
        self._propose()
        self._show_preview()

    def _show_preview(self) -> None:
        self.preview.show_format(self.format, self._chosen_lines)

    def _propose(self) -> None:
        """Proposes a place beside the media, keeping the folder that the person chose."""
        typed = self.place.text()
        folder = _beside(self._opened.path)
        if typed:
            folder = Path(typed) if Path(typed).is_dir() else Path(typed).parent
        proposed = folder if self.every.isChecked() else folder / self._file_name(self._opened)
        self.place.setText(QDir.toNativeSeparators(str(proposed)))

    def _file_name(self, item: Item) -> str:
        """A name that shows where the file is from; photo programs want a sidecar named like the photo."""
        sidecar = f"{item.path.stem}.xmp"
        if self.format == "xmp" and not item.path.with_name(sidecar).exists():
            return sidecar
        return f"{item.path.stem}.mmdesk.{self.format}"

    def _choose(self) -> None:
        if self.every.isChecked() or self.format in OF_MARKS:
            chosen = QFileDialog.getExistingDirectory(self, tr("Choose a folder"), self.place.text())
        else:
            mask = f"{title(self.format).split(' (')[0]} (*.{self.format})"
            chosen = QFileDialog.getSaveFileName(
                self, tr("Save results"), self.place.text(), mask, "", _NO_QUESTION
            )[0]
        if chosen:
            self.place.setText(QDir.toNativeSeparators(chosen))

    def _check(self) -> None:
        replaced = sum(saving.target.is_file() for saving in self.savings())
        words = tr_plural(
            "{count} file there will be replaced.", "{count} files there will be replaced.", replaced
        )
        self.note.setText(words if replaced else "")
        self.buttons.button(Button.Save).setEnabled(bool(self.place.text().strip()))

    def savings(self) -> list[Saving]:
        """What to write, no two into the same file."""
        place = Path(self.place.text().strip()).expanduser()
        lines = self._chosen_lines
        if not self.every.isChecked():
            return [Saving(self._opened, self.format, place, lines)]
        taken: set[Path] = set()
        return [
            Saving(item, self.format, _free(place / self._file_name(item), taken), lines)
            for item in self._every
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
