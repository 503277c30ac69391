"""The tokens of the visual language: what every widget, painter and style sheet measures with.

Lengths are in device-independent pixels on a grid of 8 (4 inside controls). Text colours have a
contrast of at least 4.5:1 (WCAG 2.2 AA) on every surface that they are used on; a test computes it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import IntEnum


class Space(IntEnum):
    """Distances between and inside things."""

    HAIR = 2
    TIGHT = 4
    SMALL = 8
    MEDIUM = 16
    LARGE = 24
    HUGE = 40


class TypeSize(IntEnum):
    """Sizes of type, pixels."""

    CAPTION = 12
    BODY = 14
    TITLE = 16
    HEADLINE = 22


class Radius(IntEnum):
    """Rounding of corners."""

    CHIP = 4
    CONTROL = 6
    CARD = 8


class IconSize(IntEnum):
    """Edges of icons."""

    SMALL = 16
    BODY = 20
    LARGE = 32


@dataclass(frozen=True, slots=True)
class Colours:
    """One theme. All are `#rrggbb`.

    Attributes:
        window: Behind everything.
        surface: Cards, lists, menus.
        sunken: Input fields, tracks of bars, code.
        hover: A row or button under the pointer.
        pressed: A button held down.
        border: Lines between and around things.
        border_strong: Outlines of controls that must be seen (fields, check boxes).
        text: Words that are read.
        text_muted: Words beside them (times, hints).
        text_disabled: Words of controls that cannot be used now.
        accent: The one accent: primary buttons, current line, progress.
        accent_hover: The same under the pointer.
        accent_soft: Background of what is current or selected.
        on_accent: Words and icons on the accent.
        focus: Ring around what the keyboard acts on.
        negative: Valence -1, marks and chips.
        neutral: Valence 0.
        positive: Valence 1.
        good: A job that is done.
        warning: Something is not as it should be.
        danger: A failure.
        stage: Behind pictures and videos; dark in both themes, as in every viewer.
        on_stage: Words and icons on the stage.
        on_stage_muted: Words beside them.
        match: Behind words that were found.
        match_current: Behind the one that is jumped to.
    """

    window: str
    surface: str
    sunken: str
    hover: str
    pressed: str
    border: str
    border_strong: str
    text: str
    text_muted: str
    text_disabled: str
    accent: str
    accent_hover: str
    accent_soft: str
    on_accent: str
    focus: str
    negative: str
    neutral: str
    positive: str
    good: str
    warning: str
    danger: str
    stage: str
    on_stage: str
    on_stage_muted: str
    match: str
    match_current: str

    def by_name(self) -> dict[str, str]:
        """All colours by the name that style sheets and icons use."""
        return {field.name: str(getattr(self, field.name)) for field in fields(self)}


LIGHT = Colours(
    window="#f4f5f8",
    surface="#ffffff",
    sunken="#eef0f4",
    hover="#f0f1f6",
    pressed="#e4e7ef",
    border="#e0e3ea",
    border_strong="#828a9c",
    text="#1c2130",
    text_muted="#596176",
    text_disabled="#9aa1b1",
    accent="#4650c8",
    accent_hover="#3a43ad",
    accent_soft="#e9ebfb",
    on_accent="#ffffff",
    focus="#6d78ee",
    negative="#b8442a",
    neutral="#5d667c",
    positive="#0b7063",
    good="#15795a",
    warning="#8f5b00",
    danger="#b3261e",
    stage="#15171d",
    on_stage="#f2f3f7",
    on_stage_muted="#a9afbf",
    match="#ffe9a8",
    match_current="#ffc94d",
)

DARK = Colours(
    window="#15171d",
    surface="#1d2028",
    sunken="#262a34",
    hover="#272b36",
    pressed="#313644",
    border="#2e3340",
    border_strong="#737c92",
    text="#e8eaf1",
    text_muted="#a4abbd",
    text_disabled="#666e82",
    accent="#98a2ff",
    accent_hover="#b0b8ff",
    accent_soft="#2b3054",
    on_accent="#14173a",
    focus="#98a2ff",
    negative="#f0937c",
    neutral="#a4abbd",
    positive="#5fcbb8",
    good="#62cfa4",
    warning="#f0c063",
    danger="#ff8f86",
    stage="#0c0d11",
    on_stage="#f2f3f7",
    on_stage_muted="#a9afbf",
    match="#5c4a14",
    match_current="#785b0a",
)
