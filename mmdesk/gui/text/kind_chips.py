"""Chips that show or hide the lines of a kind."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from mmdesk.events import FindingKind
from mmdesk.gui.language import follow_language, tr
from mmdesk.gui.style.tokens import Space
from mmdesk.gui.text.words import kind_names


class KindChips(QWidget):
    """One chip per kind of which there are lines.

    Signals:
        hidden_changed: Some other kinds are hidden now.
    """

    hidden_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chips: dict[FindingKind, QToolButton] = {}
        self._counts: dict[FindingKind, int] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(Space.SMALL)
        follow_language(self._retranslate)

    @property
    def hidden(self) -> frozenset[FindingKind]:
        """Kinds that are not to be shown."""
        return frozenset(kind for kind, chip in self._chips.items() if not chip.isChecked())

    def chip(self, kind: FindingKind) -> QToolButton:
        """The chip of a kind that there are lines of."""
        return self._chips[kind]

    def show_counts(self, counts: dict[FindingKind, int]) -> None:
        """Says how many lines there are of each kind."""
        self._counts = counts
        for kind in counts:
            if kind not in self._chips:
                self._add(kind)
        self._retranslate()

    def _add(self, kind: FindingKind) -> None:
        chip = QToolButton()
        chip.setProperty("role", "chip")
        chip.setCheckable(True)
        chip.setChecked(True)
        chip.toggled.connect(self.hidden_changed)
        self._chips[kind] = chip
        self._row.insertWidget(sorted(self._chips).index(kind), chip)

    def _retranslate(self) -> None:
        for kind, chip in self._chips.items():
            count = self._counts.get(kind, 0)
            chip.setVisible(count > 0)
            chip.setText(f"{kind_names(kind)}  {count}")
            chip.setToolTip(tr("Show or hide: {kind}", kind=kind_names(kind)))
            chip.setAccessibleName(tr("Show or hide: {kind}", kind=kind_names(kind)))
            chip.setAccessibleDescription(str(count))
