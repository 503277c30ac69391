"""Settings as typed data: each is declared once with its default, bounds, label and help.

WINDOW_THEME = choice("window.theme", "system", ("system", "light", "dark"), label, help)
settings = Settings.load(settings_file())
settings.get(WINDOW_THEME)          # str, never out of bounds
settings.set(WINDOW_THEME, "dark")  # SettingsError when not a choice
settings.save()                     # atomic
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from mmdesk.errors import NotWritable, SettingsError
from mmdesk.sentences import Sentence, sentence

T = TypeVar("T")
Json = bool | int | float | str | list[str]


@dataclass(frozen=True, slots=True)
class Setting(Generic[T]):
    """One setting.

    Attributes:
        key: Dotted name in the file.
        default: Value when nothing (or nothing usable) is stored.
        label: Short name for a person.
        help: What it does, one sentence.
        parse: Turns a JSON value into a valid value; raises ValueError or TypeError when it is not one.
        choices: All allowed values, where there are few.
        bounds: Lowest and highest allowed value, for numbers.
    """

    key: str
    default: T
    label: Sentence
    help: Sentence
    parse: Callable[[object], T]
    choices: tuple[T, ...] = ()
    bounds: tuple[T, T] | None = None


def choice(key: str, choices: tuple[str, ...], label: Sentence, help: Sentence) -> Setting[str]:
    """One of a few words; the first is the default."""

    def parse(value: object) -> str:
        if not isinstance(value, str) or value not in choices:
            raise ValueError(value)
        return value

    return Setting(key, choices[0], label, help, parse, choices=choices)


def number(
    key: str, default: float, low: float, high: float, label: Sentence, help: Sentence
) -> Setting[float]:
    """A number within bounds, both included."""

    def parse(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise ValueError(value)
        return float(value)

    return Setting(key, default, label, help, parse, bounds=(low, high))


def switch(key: str, default: bool, label: Sentence, help: Sentence) -> Setting[bool]:
    """On or off."""

    def parse(value: object) -> bool:
        if not isinstance(value, bool):
            raise TypeError(value)
        return value

    return Setting(key, default, label, help, parse)


def text(key: str, label: Sentence, help: Sentence) -> Setting[str]:
    """Any text, empty by default."""

    def parse(value: object) -> str:
        if not isinstance(value, str):
            raise TypeError(value)
        return value

    return Setting(key, "", label, help, parse)


def texts(key: str, most: int, label: Sentence, help: Sentence) -> Setting[tuple[str, ...]]:
    """Up to `most` texts, none by default."""

    def parse(value: object) -> tuple[str, ...]:
        if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
            raise ValueError(value)
        return tuple(str(item) for item in value)[:most]

    return Setting(key, (), label, help, parse)


def _stored(value: object) -> Json:
    """The value as JSON holds it."""
    if isinstance(value, tuple):
        return [str(item) for item in value]
    if isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"not a setting: {value!r}")


class Settings:
    """All settings of one file. Use it on one thread.

    Unknown keys (of a newer version) are kept. A stored value that is out of bounds counts as not
    stored.
    """

    def __init__(self, file: Path, values: dict[str, object], warning: Sentence | None = None) -> None:
        self._file = file
        self._values = values
        self._saved = dict(values)
        self.warning = warning

    @classmethod
    def load(cls, file: Path) -> Settings:
        """Reads the file; a missing one is all defaults, a broken one is set aside.

        Args:
            file: The JSON file.

        Returns:
            The settings; `warning` says what went wrong, if anything did.
        """
        try:
            values = json.loads(file.read_text(encoding="utf-8"))
            if not isinstance(values, dict):
                return cls(file, {}, _set_aside(file))
        except FileNotFoundError:
            return cls(file, {})
        except OSError as error:
            return cls(
                file,
                {},
                sentence(
                    "The settings could not be read ({reason}), so the defaults are used.",
                    reason=error.strerror or str(error),
                ),
            )
        except ValueError:
            return cls(file, {}, _set_aside(file))
        return cls(file, values)

    def get(self, setting: Setting[T]) -> T:
        """The stored value where there is a valid one, otherwise the default."""
        try:
            return setting.parse(self._values[setting.key])
        except (KeyError, TypeError, ValueError):
            return setting.default

    def set(self, setting: Setting[T], value: T) -> None:
        """Changes a value in memory; `save` writes it.

        Raises:
            SettingsError: The value is out of bounds.
        """
        try:
            self._values[setting.key] = _stored(setting.parse(value))
        except (TypeError, ValueError):
            raise SettingsError(
                sentence("{value} is not possible for the setting {key}.", value=str(value), key=setting.key),
                sentence("Choose one of the offered values."),
            ) from None

    def save(self) -> None:
        """Writes the file atomically, if anything changed.

        Raises:
            NotWritable: The folder or file cannot be written.
        """
        if self._values == self._saved:
            return
        partial = self._file.with_name(self._file.name + ".part")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with partial.open("w", encoding="ascii") as out:
                json.dump(self._values, out, indent=2, sort_keys=True)
                out.flush()
                os.fsync(out.fileno())
            partial.replace(self._file)
        except OSError as error:
            raise NotWritable(
                sentence("The settings could not be saved ({reason}).", reason=error.strerror or str(error)),
                sentence(
                    "Make room on the disk or allow writing to {folder}.", folder=str(self._file.parent)
                ),
            ) from error
        self._saved = dict(self._values)


def _set_aside(file: Path) -> Sentence:
    """Renames a broken settings file so that nothing in it is lost; says so."""
    from datetime import UTC, datetime

    aside = file.with_name(f"{file.stem}.broken-{datetime.now(UTC):%Y%m%d-%H%M%S}{file.suffix}")
    try:
        file.replace(aside)
    except OSError as error:
        return sentence(
            "The settings file is damaged and could not be set aside ({reason}); the defaults are used.",
            reason=error.strerror or str(error),
        )
    return sentence(
        "The settings file was damaged. It was set aside as {name}, and the defaults are used.",
        name=aside.name,
    )
