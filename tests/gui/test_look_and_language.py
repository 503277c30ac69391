"""Two languages and two themes, switched while the window runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QAbstractButton, QDialogButtonBox, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from mmdesk.config.paths import resources_dir
from mmdesk.events import MediaKind
from mmdesk.gui.actions import choose
from mmdesk.gui.application import Application
from mmdesk.gui.dialogs.problems import ProblemsDialog
from mmdesk.gui.dialogs.save import SaveDialog
from mmdesk.gui.dialogs.shortcuts import ShortcutsDialog
from mmdesk.gui.style.icons import icon
from mmdesk.gui.style.theme import colours, digits_font, style_sheet
from mmdesk.gui.style.tokens import DARK, LIGHT, Colours
from mmdesk.gui.viewer_keys import viewer_keys
from tests.gui.conftest import Faked
from tests.gui.fake_jobs import caption, sentiment, transcript

# Names that are the same in every language.
_PROPER = {"English", "简体中文", "mmdesk"}


def words_of(window: QWidget) -> dict[str, str]:
    """Every text of a window, with what holds it."""
    found: dict[str, str] = {}
    for widget in [window, *window.findChildren(QWidget)]:
        said = [widget.toolTip(), widget.accessibleName(), widget.accessibleDescription()]
        if isinstance(widget, QLabel | QAbstractButton):
            said.append(widget.text())
        if isinstance(widget, QLineEdit):
            said.append(widget.placeholderText())
        said.extend(action.text() for action in widget.actions())
        found |= {text: type(widget).__name__ for text in said if text}
    return found


def filled(qtbot: QtBot, faked: Faked, tmp_path: Path) -> None:
    """A window with something in every part."""
    path = tmp_path / "a.png"
    jobs = faked.open(path, tmp_path / "b.png")
    faked.jobs.run(
        jobs[0], path, MediaKind.PICTURE, caption(0, "1"), transcript(1, 2, "2"), sentiment(1, 2, "2", 0.5)
    )
    qtbot.waitUntil(lambda: faked.window.desk.work.text.model.rowCount() == 2)
    qtbot.waitUntil(lambda: faked.window.desk.work.strip.summary.text() == "1 of 2 done")


def test_every_text_changes_with_the_language(
    qapp: Application, qtbot: QtBot, faked: Faked, tmp_path: Path
) -> None:
    filled(qtbot, faked, tmp_path)
    english = words_of(faked.window)
    choose(faked.window.acts.languages, "zh")
    faked.window.acts.languages.triggered.emit(faked.window.acts.languages.checkedAction())
    chinese = words_of(faked.window)
    same = set(english) & set(chinese) - _PROPER
    assert {text for text in same if any(c.isascii() and c.isalpha() for c in text) and " " in text} == {
        text for text in same if "starter-" in text
    }
    assert "打开" in chinese
    qapp.language.choose("en")
    assert words_of(faked.window).keys() == english.keys()


def test_qt_speaks_chinese_too(qapp: Application, qtbot: QtBot) -> None:
    qapp.language.choose("zh")
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel | QDialogButtonBox.StandardButton.Save)
    qtbot.addWidget(box)
    assert {button.text().split("(")[0] for button in box.buttons()} == {"取消", "保存"}


def test_dialogs_are_chinese(qapp: Application, qtbot: QtBot, faked: Faked, tmp_path: Path) -> None:
    filled(qtbot, faked, tmp_path)
    qapp.language.choose("zh")
    items = list(faked.window.desk.files)
    for dialog in (
        SaveDialog(items[0], items, faked.window.desk.background, faked.window),
        ProblemsDialog(items, faked.window),
        ShortcutsDialog(faked.window.acts, viewer_keys(), faked.window),
    ):
        qtbot.addWidget(dialog)
        english = [text for text in words_of(dialog) if " the " in text or " of " in text]
        assert english == []


def test_the_system_decides_until_the_person_does(qapp: Application) -> None:
    qapp.language.choose("system")
    assert qapp.language.name in ("en", "zh")
    qapp.theme.choose("system")
    assert qapp.theme.colours in (LIGHT, DARK)


def luminance(colour: str) -> float:
    """Relative luminance after WCAG 2.2."""
    parts = (QColor(colour).redF(), QColor(colour).greenF(), QColor(colour).blueF())
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


GROUNDS = ("window", "surface", "sunken", "hover", "accent_soft")
WORDS = ("text", "text_muted", "negative", "neutral", "positive", "good", "warning", "danger")


@pytest.mark.parametrize("worn", [LIGHT, DARK], ids=["light", "dark"])
def test_words_can_be_read_on_every_ground(worn: Colours) -> None:
    pairs = [(word, ground) for word in WORDS for ground in GROUNDS]
    pairs += [("on_accent", "accent"), ("on_accent", "accent_hover"), ("accent", "accent_soft")]
    pairs += [("accent", "surface"), ("text", "match"), ("text", "match_current"), ("text", "pressed")]
    pairs += [("on_stage", "stage"), ("on_stage_muted", "stage"), ("surface", "text")]
    names = worn.by_name()
    poor = {pair: round(c, 2) for pair in pairs if (c := contrast(names[pair[0]], names[pair[1]])) < 4.5}
    assert poor == {}


@pytest.mark.parametrize("worn", [LIGHT, DARK], ids=["light", "dark"])
def test_controls_and_focus_can_be_seen(worn: Colours) -> None:
    names = worn.by_name()
    for name in ("border_strong", "focus", "accent"):
        for ground in ("window", "surface"):
            assert contrast(names[name], names[ground]) >= 3.0, (name, ground)


@pytest.mark.parametrize("worn", [LIGHT, DARK], ids=["light", "dark"])
def test_the_style_sheet_has_all_its_tokens(worn: Colours) -> None:
    sheet = style_sheet(worn)
    assert "$" not in sheet.split("*/", 1)[1]
    assert worn.accent in sheet


def test_every_icon_is_drawn_in_the_colour_of_the_theme(qapp: Application) -> None:
    for file in sorted((resources_dir() / "icons").glob("*.svg")):
        if "currentColor" in file.read_text(encoding="utf-8"):
            drawn = icon(file.stem).pixmap(20, 20).toImage()
            opaque = {
                drawn.pixelColor(x, y).name()
                for x in range(drawn.width())
                for y in range(drawn.height())
                if drawn.pixelColor(x, y).alpha() == 255
            }
            assert opaque == {colours().text} or not opaque, file.stem


def test_icons_follow_the_theme(qapp: Application, faked: Faked) -> None:
    before = faked.window.header.menu.icon().cacheKey()
    qapp.theme.choose("dark")
    assert faked.window.header.menu.icon().cacheKey() != before
    assert qapp.palette().window().color().name() == DARK.window


def test_the_choice_is_remembered(faked: Faked) -> None:
    acts = faked.window.acts
    choose(acts.themes, "dark")
    acts.themes.triggered.emit(acts.themes.checkedAction())
    assert colours() is DARK
    faked.window.close()
    stored = faked.window.remembered.settings
    from mmdesk.gui.preferences import GEOMETRY, SPLIT_COLUMNS, THEME

    assert stored.get(THEME) == "dark"
    assert stored.get(GEOMETRY)
    assert stored.get(SPLIT_COLUMNS)


def test_digits_are_equally_wide() -> None:
    assert digits_font(QFont()).isFeatureSet(QFont.Tag("tnum"))
