"""What somebody changed in an exported file, beside what we have; each change can be left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialogButtonBox,
    QFrame,
    QHeaderView,
    QLabel,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from mmdesk.analysis.marks import Mark
from mmdesk.gui.dialogs.frame import Button, FramedDialog
from mmdesk.gui.language import tr, tr_plural, tr_sentence
from mmdesk.gui.style.theme import colours
from mmdesk.gui.style.tokens import Space
from mmdesk.gui.text.words import kind_name

if TYPE_CHECKING:
    from mmdesk.export.corrections import Correction
    from mmdesk.export.reading import Reading

AnyIndex = QModelIndex | QPersistentModelIndex
_NOWHERE: Final = QModelIndex()
_MEASURED_ROWS = 300
_CHANGE, _TIME, _BEFORE, _AFTER = range(4)


class _CorrectionsModel(QAbstractTableModel):
    """Changes, times, before and after; the first column has a box to check."""

    def __init__(self, corrections: Sequence[Correction], parent: QObject) -> None:
        super().__init__(parent)
        from mmdesk.export.telling import shown, span_of

        changes = {"added": tr("added"), "changed": tr("changed"), "deleted": tr("deleted")}
        self.corrections = list(corrections)
        self.chosen = [True] * len(self.corrections)
        self._titles = (tr("Change"), tr("Time"), tr("Before"), tr("After"))
        self._cells: list[tuple[str, str, str, str]] = []
        for each in self.corrections:
            known = each.before if each.before is not None else each.after
            assert known is not None, "a correction has a before or an after"
            before, after = shown(each)
            kind = tr("Mark") if isinstance(known, Mark) else kind_name(known.kind)
            self._cells.append((f"{changes[each.change]} · {kind}", span_of(known), before, after))

    def rowCount(self, parent: AnyIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._cells)

    def columnCount(self, parent: AnyIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._titles)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row, column = index.row(), index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._cells[row][column]
        if role == Qt.ItemDataRole.CheckStateRole and column == _CHANGE:
            return Qt.CheckState.Checked if self.chosen[row] else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.ForegroundRole and column in (_BEFORE, _AFTER):
            worn = colours()
            return QColor(worn.danger if column == _BEFORE else worn.positive)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def setData(self, index: AnyIndex, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or index.column() != _CHANGE:
            return False
        checked = value if isinstance(value, int) else getattr(value, "value", 0)
        self.chosen[index.row()] = checked == Qt.CheckState.Checked.value
        self.dataChanged.emit(index, index, [role])
        return True

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsUserCheckable if index.column() == _CHANGE else flags

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._titles[section]
        return None


class CorrectionsDialog(FramedDialog):
    """A table of changes. `chosen` says which to take over once it was accepted."""

    def __init__(self, name: str, reading: Reading, parent: QWidget) -> None:
        """Shows what is different.

        Args:
            name: Of the edited file.
            reading: What it says.
            parent: The window.
        """
        super().__init__(tr("Corrections from {name}", name=name), parent, Button.Cancel)
        self._model = _CorrectionsModel(reading.corrections, self)
        count = len(reading.corrections)
        summary = QLabel(tr_plural("{count} difference", "{count} differences", count))
        summary.setProperty("role", "muted")
        self.body.addWidget(summary)
        for note in reading.notes:
            warning = QLabel(tr_sentence(note))
            warning.setProperty("role", "warning")
            self.body.addWidget(warning)
        self.table = self._table()
        card = QFrame()
        card.setProperty("role", "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.addWidget(self.table)
        self.body.addWidget(card, 1)
        self.take = self.buttons.addButton(tr("Take over"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.take.setDefault(True)
        self._model.dataChanged.connect(self._check)
        self._check()
        self.resize(980, 520)

    @property
    def chosen(self) -> list[Correction]:
        """The changes that were left checked, in order."""
        pairs = zip(self._model.corrections, self._model.chosen, strict=True)
        return [correction for correction, chosen in pairs if chosen]

    def _check(self) -> None:
        self.take.setEnabled(any(self._model.chosen))

    def _table(self) -> QTableView:
        table = QTableView()
        table.setModel(self._model)
        table.setAccessibleName(tr("Corrections"))
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
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        for column in (_BEFORE, _AFTER):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(_CHANGE, QHeaderView.ResizeMode.Interactive)
        header.resizeSection(
            _CHANGE, table.sizeHintForColumn(_CHANGE) + Space.HUGE
        )  # the box is wider than Qt's
        if self._model.rowCount() <= _MEASURED_ROWS:
            table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        return table
