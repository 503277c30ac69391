"""What could not be read and what to be careful about, with the reasons and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialogButtonBox,
    QFrame,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from mmdesk.gui.dialogs.frame import FramedDialog
from mmdesk.gui.files.item import Item
from mmdesk.gui.language import tr, tr_plural, tr_sentence
from mmdesk.gui.names import shown_name

AnyIndex = QModelIndex | QPersistentModelIndex
_NOWHERE: Final = QModelIndex()
_MEASURED_ROWS = 300


@dataclass(frozen=True, slots=True)
class Problem:
    """One row: what happened to which file, and what the person can do."""

    name: str
    message: str
    hint: str


def problems_of(items: Iterable[Item]) -> list[Problem]:
    """Failures first, then warnings, in the order of the files."""
    failures: list[Problem] = []
    warnings: list[Problem] = []
    for item in items:
        if item.failed and item.failure is not None:
            said = item.failure
            failures.append(Problem(shown_name(item.path), tr_sentence(said.message), tr_sentence(said.hint)))
        warnings.extend(
            Problem(shown_name(item.path), tr_sentence(said.message), tr_sentence(said.hint))
            for said in item.warnings
        )
    return failures + warnings


class _ProblemsModel(QAbstractTableModel):
    def __init__(self, problems: list[Problem], parent: QObject) -> None:
        super().__init__(parent)
        self._problems = problems
        self._titles = (tr("File"), tr("What happened"), tr("What you can do"))

    def rowCount(self, parent: AnyIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._problems)

    def columnCount(self, parent: AnyIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._titles)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            problem = self._problems[index.row()]
            return (problem.name, problem.message, problem.hint)[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._titles[section]
        return None


class ProblemsDialog(FramedDialog):
    """A table of failures and warnings, which can be copied."""

    def __init__(self, items: Iterable[Item], parent: QWidget) -> None:
        super().__init__(tr("Problems"), parent)
        self.problems = problems_of(items)
        summary = QLabel(
            tr_plural(
                "{count} entry. The rest went on.", "{count} entries. The rest went on.", len(self.problems)
            )
        )
        summary.setProperty("role", "muted")
        self.table = self._table()
        card = QFrame()
        card.setProperty("role", "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.addWidget(self.table)
        self.body.addWidget(summary)
        self.body.addWidget(card, 1)
        self.copy = QPushButton(tr("Copy all"))
        self.copy.setAutoDefault(False)
        self.copy.clicked.connect(self._copy)
        self.buttons.addButton(self.copy, QDialogButtonBox.ButtonRole.ActionRole)
        self.resize(860, 440)

    def _table(self) -> QTableView:
        table = QTableView()
        table.setModel(_ProblemsModel(self.problems, table))
        table.setAccessibleName(tr("Problems"))
        table.setProperty("role", "table")
        table.verticalHeader().hide()
        table.setShowGrid(False)
        table.setWordWrap(True)
        table.setFrameShape(QTableView.Shape.NoFrame)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setTabKeyNavigation(False)
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        if len(self.problems) <= _MEASURED_ROWS:
            table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        return table

    def _copy(self) -> None:
        rows = (f"{each.name}\t{each.message}\t{each.hint}" for each in self.problems)
        QGuiApplication.clipboard().setText("\n".join(rows))
