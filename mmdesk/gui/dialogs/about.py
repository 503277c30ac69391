"""About mmdesk: the version, and each model pack with its licence, data and limits."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from mmdesk.config.paths import resources_dir
from mmdesk.errors import MmdeskError
from mmdesk.gui.background import Background
from mmdesk.gui.dialogs.frame import FramedDialog
from mmdesk.gui.language import language, tr, tr_sentence
from mmdesk.gui.style.tokens import Space

if TYPE_CHECKING:
    from mmdesk.errors import PackError
    from mmdesk.packs.manifest import Manifest
    from mmdesk.packs.pack import Pack


def _found() -> list[Pack | PackError]:
    """All packs, each file verified; on a background thread."""
    from mmdesk.config.paths import packs_dirs
    from mmdesk.packs.pack import find_packs

    return find_packs(packs_dirs())


class AboutDialog(FramedDialog):
    """Shows itself at once; the packs appear when they have been verified."""

    def __init__(self, background: Background, parent: QWidget) -> None:
        super().__init__(tr("About mmdesk"), parent)
        self.body.addLayout(_introduction())
        self._column = QVBoxLayout()
        self._column.setSpacing(Space.SMALL)
        self._column.addWidget(_muted(tr("Looking at the models…")))
        self._column.addStretch(1)
        inside = QWidget()
        inside.setLayout(self._column)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(inside)
        self.body.addWidget(scroll, 1)
        self.resize(640, 560)
        background.run(_found, self.show_packs, self._show_failure)

    def show_packs(self, packs: Sequence[Pack | PackError]) -> None:
        """Shows a card for each pack, broken ones with their reason."""
        self._clear()
        for pack in packs:
            if isinstance(pack, MmdeskError):
                self._column.addWidget(_broken_card(pack))
            else:
                self._column.addWidget(_card(pack.manifest))
        if not packs:
            self._column.addWidget(_muted(tr("No models are installed.")))
        self._column.addStretch(1)

    def _show_failure(self, error: MmdeskError) -> None:
        self._clear()
        self._column.addWidget(_broken_card(error))
        self._column.addStretch(1)

    def _clear(self) -> None:
        while (old := self._column.takeAt(0)) is not None:
            widget = old.widget()
            if widget is not None:
                widget.deleteLater()


def _introduction() -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(Space.MEDIUM)
    logo = QLabel()
    logo.setPixmap(QIcon(str(resources_dir() / "icons" / "mmdesk.svg")).pixmap(QSize(56, 56)))
    words = QLabel(
        tr("Understands pictures, video, sound and text together, on your own machine.")
        + "\n"
        + tr("Nothing leaves this computer.")
    )
    words.setWordWrap(True)
    number = QLabel(tr("Version {version}", version=version("mmdesk")))
    number.setProperty("role", "caption")
    column = QVBoxLayout()
    column.setSpacing(Space.TIGHT)
    column.addWidget(words)
    column.addWidget(number)
    row.addWidget(logo, 0, Qt.AlignmentFlag.AlignTop)
    row.addLayout(column, 1)
    return row


def _muted(words: str) -> QLabel:
    label = QLabel(words)
    label.setProperty("role", "muted")
    label.setWordWrap(True)
    label.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    return label


def _framed(*widgets: QWidget) -> QFrame:
    card = QFrame()
    card.setProperty("role", "card")
    column = QVBoxLayout(card)
    column.setContentsMargins(Space.MEDIUM, Space.MEDIUM, Space.MEDIUM, Space.MEDIUM)
    column.setSpacing(Space.TIGHT + Space.HAIR)
    for widget in widgets:
        column.addWidget(widget)
    return card


def _card(manifest: Manifest) -> QFrame:
    spoken = language()
    name = manifest.title.get(spoken.name if spoken else "en", manifest.title.get("en", manifest.name))
    heading = QWidget()
    row = QHBoxLayout(heading)
    row.setContentsMargins(0, 0, 0, 0)
    title = QLabel(name)
    title.setProperty("role", "strong")
    row.addWidget(title)
    if manifest.licence.research_only:
        badge = QLabel(tr("Research use only"))
        badge.setProperty("role", "badge-warning")
        row.addWidget(badge)
    row.addStretch(1)
    parts: list[QWidget] = [heading, _muted(f"{manifest.name} {manifest.version} · {manifest.precision}")]
    for what, said in (
        (tr("Licence of the weights"), [manifest.licence.weights, manifest.licence.notice]),
        (tr("Trained on"), list(manifest.training_data)),
        (tr("Known limits"), list(manifest.limits)),
    ):
        parts.append(_muted(f"{what}: " + "; ".join(each for each in said if each)))
    return _framed(*parts)


def _broken_card(error: MmdeskError) -> QFrame:
    said = QLabel(tr_sentence(error.message))
    said.setProperty("role", "danger")
    said.setWordWrap(True)
    return _framed(said, _muted(tr_sentence(error.hint)))
