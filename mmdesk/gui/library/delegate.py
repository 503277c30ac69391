"""Paints one file of the library: small picture, name, what is known of it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter, QPainterPath
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from mmdesk.events import MediaKind
from mmdesk.gui.library.model import LibraryRole
from mmdesk.gui.library.reading import Row
from mmdesk.gui.library.words import about_row
from mmdesk.gui.style.icon_cache import IconCache
from mmdesk.gui.style.theme import colours
from mmdesk.gui.style.tokens import Colours, IconSize, Radius, Space

ROW_HEIGHT = 72
_TILE = QSize(84, 56)
_ICONS = {
    MediaKind.PICTURE: "picture",
    MediaKind.VIDEO: "video",
    MediaKind.SOUND: "sound",
    MediaKind.SUBTITLES: "subtitles",
}
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class LibraryDelegate(QStyledItemDelegate):
    """Qt thread only."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._icons = IconCache(self)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """The same for every file."""
        return QSize(320, ROW_HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paints the whole row; nothing while it is being read."""
        row = index.data(LibraryRole.ROW)
        if not isinstance(row, Row):
            return
        worn = colours()
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        _paint_ground(painter, option, worn)
        top = option.rect.center().y() - _TILE.height() // 2
        tile = QRect(option.rect.left() + Space.MEDIUM, top, _TILE.width(), _TILE.height())
        self._paint_tile(painter, tile, row, index.data(LibraryRole.THUMBNAIL), worn)
        left = tile.right() + Space.MEDIUM
        width = option.rect.right() - Space.MEDIUM - left
        middle = option.rect.center().y()
        painter.setPen(QColor(worn.text))
        _paint_text(painter, QRect(left, middle - 24, width, 22), row.entry.name)
        painter.setPen(QColor(worn.text_muted if row.present else worn.danger))
        _paint_text(painter, QRect(left, middle + 1, width, 20), about_row(row))
        painter.restore()

    def _paint_tile(self, painter: QPainter, tile: QRect, row: Row, picture: object, worn: Colours) -> None:
        path = QPainterPath()
        path.addRoundedRect(QRectF(tile), Radius.CHIP, Radius.CHIP)
        painter.fillPath(path, QColor(worn.sunken))
        if isinstance(picture, QImage) and not picture.isNull():
            painter.save()
            painter.setClipPath(path)
            painter.drawImage(tile, picture, _middle(picture.size(), tile.size()))
            painter.restore()
            return
        edge = IconSize.BODY
        place = QRect(tile.center().x() - edge // 2, tile.center().y() - edge // 2, edge, edge)
        self._icons.paint(painter, _ICONS.get(row.entry.kind, "file"), worn.text_muted, place)


def _middle(picture: QSize, tile: QSize) -> QRect:
    """The part of a picture that fills a tile."""
    shown = tile.scaled(picture, Qt.AspectRatioMode.KeepAspectRatio)
    left, top = (picture.width() - shown.width()) // 2, (picture.height() - shown.height()) // 2
    return QRect(left, top, shown.width(), shown.height())


def _paint_ground(painter: QPainter, option: QStyleOptionViewItem, worn: Colours) -> None:
    inside = option.rect.adjusted(Space.TIGHT, 2, -Space.TIGHT, -2)
    selected = bool(option.state & QStyle.StateFlag.State_Selected)
    painter.setPen(Qt.PenStyle.NoPen)
    if selected or option.state & QStyle.StateFlag.State_MouseOver:
        painter.setBrush(QColor(worn.accent_soft if selected else worn.hover))
        painter.drawRoundedRect(inside, Radius.CONTROL, Radius.CONTROL)
    if option.state & QStyle.StateFlag.State_HasFocus:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QColor(worn.focus))
        painter.drawRoundedRect(inside.adjusted(0, 0, -1, -1), Radius.CONTROL, Radius.CONTROL)


def _paint_text(painter: QPainter, place: QRect, text: str) -> None:
    one_line = " ".join(text.split())
    shown = QFontMetrics(painter.font()).elidedText(one_line, Qt.TextElideMode.ElideRight, place.width())
    painter.drawText(place, _LEFT, shown)
