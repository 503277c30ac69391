"""Paints one file: small picture, name, what is happening, progress, and buttons."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter, QPainterPath
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from mmdesk.events import MediaKind
from mmdesk.gui.files.actions import FileAction, actions_for
from mmdesk.gui.files.item import Item
from mmdesk.gui.files.model import FileRole
from mmdesk.gui.files.words import state_words
from mmdesk.gui.names import shown_name
from mmdesk.gui.style.icon_cache import IconCache
from mmdesk.gui.style.theme import colours, digits_font
from mmdesk.gui.style.tokens import Colours, IconSize, Radius, Space, TypeSize
from mmdesk.jobs.state import JobState

ROW_HEIGHT = 60
_TILE = QSize(64, 44)
_BUTTON = 28
_PROGRESS_WIDTH = 120
_KIND_ICONS = {
    MediaKind.PICTURE: "picture",
    MediaKind.VIDEO: "video",
    MediaKind.SOUND: "sound",
    MediaKind.SUBTITLES: "subtitles",
    MediaKind.FOLDER: "folder",
}
_STATE_ICONS = {
    JobState.DONE: ("done", "good"),
    JobState.FAILED: ("failed", "danger"),
    JobState.CANCELLED: ("stop", "text_muted"),
    JobState.WAITING: ("clock", "text_muted"),
}
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the parts of a file are painted."""

    tile: QRect
    name: QRect
    state: QRect
    progress: QRect


def button_places(row: QRect, item: Item) -> dict[FileAction, QRect]:
    """Where the buttons of a row are, for painting and for clicks."""
    top = row.center().y() - _BUTTON // 2
    right = row.right() - Space.SMALL
    possible = actions_for(item)
    return {
        action: QRect(right - (len(possible) - at) * _BUTTON, top, _BUTTON, _BUTTON)
        for at, action in enumerate(possible)
    }


def _places(row: QRect, item: Item) -> _Places:
    tile = QRect(QPoint(row.left() + Space.MEDIUM, row.center().y() - _TILE.height() // 2), _TILE)
    left = tile.right() + Space.MEDIUM
    buttons_left = row.right() - Space.SMALL - len(actions_for(item)) * _BUTTON
    progress_width = _PROGRESS_WIDTH if _moving(item) else IconSize.BODY
    progress = QRect(buttons_left - progress_width - Space.SMALL, row.top(), progress_width, row.height())
    width = max(40, progress.left() - Space.MEDIUM - left)
    middle = row.center().y()
    return _Places(tile, QRect(left, middle - 21, width, 22), QRect(left, middle + 1, width, 18), progress)


def _moving(item: Item) -> bool:
    return item.state in (JobState.RUNNING, JobState.PAUSED)


class FileDelegate(QStyledItemDelegate):
    """Paints files. Qt thread only.

    Attributes:
        pointer: Where the pointer is in the view, so that the button under it is lit.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.pointer = QPoint(-1, -1)
        self._icons = IconCache(self)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """The same for every file."""
        return QSize(280, ROW_HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paints the whole row."""
        item = index.data(FileRole.ITEM)
        if not isinstance(item, Item):
            return
        worn = colours()
        places = _places(option.rect, item)
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        _paint_ground(painter, option, bool(index.data(FileRole.OPENED)), worn)
        self._paint_tile(painter, places.tile, item, index.data(FileRole.THUMBNAIL), worn)
        _paint_words(painter, option.font, places, item, worn)
        if _moving(item):
            _paint_progress(painter, option.font, places.progress, item, worn)
        else:
            self._paint_state(painter, places.progress, item, worn)
        self._paint_buttons(painter, option, item, worn)
        painter.restore()

    def _paint_tile(
        self, painter: QPainter, tile: QRect, item: Item, thumbnail: object, worn: Colours
    ) -> None:
        path = QPainterPath()
        path.addRoundedRect(QRectF(tile), Radius.CHIP, Radius.CHIP)
        if isinstance(thumbnail, QImage) and not thumbnail.isNull():
            painter.save()
            painter.setClipPath(path)
            painter.drawImage(tile, thumbnail, _cover(thumbnail.size(), tile.size()))
            painter.restore()
            return
        painter.fillPath(path, QColor(worn.sunken))
        name = "failed" if item.failed and item.kind is None else "file"
        if item.kind is not None:
            name = _KIND_ICONS[item.kind]
        self._icons.paint(painter, name, worn.text_muted, _centred(tile, IconSize.BODY))

    def _paint_state(self, painter: QPainter, place: QRect, item: Item, worn: Colours) -> None:
        name, role = _STATE_ICONS[item.state]
        if item.state is JobState.DONE and item.warnings:
            name, role = "warning", "warning"
        self._icons.paint(painter, name, worn.by_name()[role], _centred(place, IconSize.BODY))

    def _paint_buttons(
        self, painter: QPainter, option: QStyleOptionViewItem, item: Item, worn: Colours
    ) -> None:
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        for action, place in button_places(option.rect, item).items():
            lit = hovered and place.contains(self.pointer)
            if lit:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(worn.pressed))
                painter.drawRoundedRect(place, Radius.CONTROL, Radius.CONTROL)
            self._icons.paint(
                painter, action.value, worn.text if lit else worn.text_muted, _centred(place, IconSize.SMALL)
            )


def _centred(around: QRect, edge: int) -> QRect:
    return QRect(around.center().x() - edge // 2 + 1, around.center().y() - edge // 2 + 1, edge, edge)


def _cover(picture: QSize, tile: QSize) -> QRect:
    """The part of a picture that fills a tile without bending it."""
    part = tile.scaled(picture, Qt.AspectRatioMode.KeepAspectRatio)
    return QRect(QPoint((picture.width() - part.width()) // 2, (picture.height() - part.height()) // 2), part)


def _paint_ground(painter: QPainter, option: QStyleOptionViewItem, opened: bool, worn: Colours) -> None:
    inside = option.rect.adjusted(Space.TIGHT, 2, -Space.TIGHT, -2)
    selected = bool(option.state & QStyle.StateFlag.State_Selected)
    hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
    painter.setPen(Qt.PenStyle.NoPen)
    if selected or opened or hovered:
        painter.setBrush(QColor(worn.accent_soft if selected or opened else worn.hover))
        painter.drawRoundedRect(inside, Radius.CONTROL, Radius.CONTROL)
    if opened:
        painter.setBrush(QColor(worn.accent))
        painter.drawRoundedRect(QRect(inside.left(), inside.top() + 10, 3, inside.height() - 20), 1.5, 1.5)
    if option.state & QStyle.StateFlag.State_HasFocus:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QColor(worn.focus))
        painter.drawRoundedRect(inside.adjusted(0, 0, -1, -1), Radius.CONTROL, Radius.CONTROL)


def _paint_words(painter: QPainter, base: QFont, places: _Places, item: Item, worn: Colours) -> None:
    name = QFont(base)
    name.setWeight(QFont.Weight.Medium)
    painter.setFont(name)
    painter.setPen(QColor(worn.text))
    middle = Qt.TextElideMode.ElideMiddle
    painter.drawText(
        places.name, _LEFT, QFontMetrics(name).elidedText(shown_name(item.path), middle, places.name.width())
    )
    small = digits_font(base)
    painter.setFont(small)
    painter.setPen(QColor(worn.danger if item.failed else worn.text_muted))
    words = QFontMetrics(small).elidedText(
        state_words(item), Qt.TextElideMode.ElideRight, places.state.width()
    )
    painter.drawText(places.state, _LEFT, words)


def _paint_progress(painter: QPainter, base: QFont, place: QRect, item: Item, worn: Colours) -> None:
    fraction = item.progress.fraction if item.progress else None
    track = QRectF(place.left(), place.center().y() - 1, place.width() - 44, 6)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(worn.border))
    painter.drawRoundedRect(track, 3, 3)
    done = max(0.0, min(1.0, fraction or 0.0))
    if done > 0:
        filled = QRectF(track)
        filled.setWidth(max(6.0, track.width() * done))
        painter.setBrush(QColor(worn.text_muted if item.state is JobState.PAUSED else worn.accent))
        painter.drawRoundedRect(filled, 3, 3)
    if fraction is not None:
        painter.setFont(digits_font(base, TypeSize.CAPTION))
        painter.setPen(QColor(worn.text))
        painter.drawText(place, _RIGHT, f"{int(100 * done)}%")
