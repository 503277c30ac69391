"""Reads a JSON object field by field; what is wrong, out of bounds or unknown is refused."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from contextlib import contextmanager

from mmdesk.errors import PackInvalid
from mmdesk.sentences import Sentence, sentence

LONGEST_TEXT = 100_000
LARGEST = 2**53


def read_hint() -> Sentence:
    """What a person can do about a manifest that breaks the contract."""
    return sentence("Install the pack again, or ask whoever made it for a corrected one.")


class Fields:
    """One object of a manifest.

    Every getter raises `PackInvalid` with the place of the field ("caption.picture.width").
    """

    def __init__(self, pack: str, where: str, value: object) -> None:
        self.pack = pack
        self.where = where
        self._asked: set[str] = set()
        if not isinstance(value, dict):
            raise self.wrong_type(where or "pack.json", "object")
        self._values: dict[str, object] = value

    def place(self, key: str) -> str:
        """The field's full name, for messages."""
        return f"{self.where}.{key}" if self.where else key

    def refused(self, message: Sentence) -> PackInvalid:
        """The error of a manifest that breaks the contract."""
        return PackInvalid(self.pack, message, read_hint())

    def wrong_type(self, place: str, wanted: str) -> PackInvalid:
        """The error of a field of the wrong JSON type."""
        return self.refused(
            sentence(
                "The manifest of the model pack {pack} is wrong at {field}: expected {wanted}.",
                pack=self.pack,
                field=place,
                wanted=wanted,
            )
        )

    def out_of_bounds(self, key: str, wanted: str) -> PackInvalid:
        """The error of a value that has the right type and cannot be."""
        return self.refused(
            sentence(
                "The manifest of the model pack {pack} has an impossible value at {field}: {wanted}.",
                pack=self.pack,
                field=self.place(key),
                wanted=wanted,
            )
        )

    def has(self, key: str) -> bool:
        """Whether an optional field is there."""
        return key in self._values

    def get(self, key: str) -> object:
        """The raw value of a required field."""
        self._asked.add(key)
        if key not in self._values:
            raise self.refused(
                sentence(
                    "The manifest of the model pack {pack} lacks {field}.",
                    pack=self.pack,
                    field=self.place(key),
                )
            )
        return self._values[key]

    def text(self, key: str, default: str | None = None) -> str:
        """A string that is not empty, or the default when the field is absent."""
        if default is not None and not self.has(key):
            return default
        return self._text(self.get(key), key)

    def raw_text(self, key: str) -> str:
        """A string that may be empty."""
        value = self.get(key)
        if not isinstance(value, str):
            raise self.wrong_type(self.place(key), "text")
        return value

    def choice(self, key: str, choices: tuple[str, ...], default: str | None = None) -> str:
        """One of a few words."""
        value = self.text(key, default)
        if value not in choices:
            raise self.out_of_bounds(key, " | ".join(choices))
        return value

    def integer(self, key: str, low: int, high: int = LARGEST, default: int | None = None) -> int:
        """An integer in [low, high]."""
        if default is not None and not self.has(key):
            return default
        return self._integer(self.get(key), key, low, high)

    def number(self, key: str, low: float, high: float, default: float | None = None) -> float:
        """A finite number in [low, high]."""
        if default is not None and not self.has(key):
            return default
        return self._number(self.get(key), key, low, high)

    def flag(self, key: str, default: bool | None = None) -> bool:
        """True or false."""
        if default is not None and not self.has(key):
            return default
        value = self.get(key)
        if not isinstance(value, bool):
            raise self.wrong_type(self.place(key), "true | false")
        return value

    def texts(self, key: str, at_least: int = 0) -> tuple[str, ...]:
        """A list of strings that are not empty."""
        return tuple(self._text(value, key) for value in self.array(key, at_least))

    def integers(self, key: str, low: int, high: int = LARGEST, at_least: int = 0) -> tuple[int, ...]:
        """A list of integers in [low, high]."""
        return tuple(self._integer(value, key, low, high) for value in self.array(key, at_least))

    def numbers(self, key: str, low: float, high: float, at_least: int = 0) -> tuple[float, ...]:
        """A list of finite numbers in [low, high]."""
        return tuple(self._number(value, key, low, high) for value in self.array(key, at_least))

    def array(self, key: str, at_least: int = 0) -> list[object]:
        """A list of anything."""
        value = self.get(key)
        if not isinstance(value, list):
            raise self.wrong_type(self.place(key), "list")
        if len(value) < at_least:
            raise self.out_of_bounds(key, f">= {at_least}")
        return value

    @contextmanager
    def child(self, key: str) -> Iterator[Fields]:
        """An object inside; its unknown fields are refused when the block ends."""
        fields = Fields(self.pack, self.place(key), self.get(key))
        yield fields
        fields.done()

    def children(self, key: str, at_least: int = 0) -> Iterator[Fields]:
        """A list of objects; the unknown fields of each are refused when the next is asked for."""
        for number, value in enumerate(self.array(key, at_least)):
            fields = Fields(self.pack, f"{self.place(key)}[{number}]", value)
            yield fields
            fields.done()

    def named(self, key: str) -> Iterator[tuple[str, Fields]]:
        """An object of objects, by name; the unknown fields of each are refused."""
        with self.child(key) as inside:
            for name in inside.names():
                with inside.child(name) as fields:
                    yield name, fields

    def names(self) -> tuple[str, ...]:
        """The keys of an object whose keys are names and not fields."""
        return tuple(self._values)

    def done(self) -> None:
        """Refuses fields that nobody asked for: a misspelt field must not pass unseen."""
        for key in self._values:
            if key not in self._asked:
                raise self.refused(
                    sentence(
                        "The manifest of the model pack {pack} has an unknown field: {field}.",
                        pack=self.pack,
                        field=self.place(key),
                    )
                )

    def _text(self, value: object, key: str) -> str:
        if not isinstance(value, str) or not value or len(value) > LONGEST_TEXT:
            raise self.wrong_type(self.place(key), "text")
        return value

    def _integer(self, value: object, key: str, low: int, high: int) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.wrong_type(self.place(key), "integer")
        if not low <= value <= high:
            raise self.out_of_bounds(key, f"{low} ... {high}")
        return value

    def _number(self, value: object, key: str, low: float, high: float) -> float:
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise self.wrong_type(self.place(key), "number")
        if not low <= value <= high:
            raise self.out_of_bounds(key, f"{low:g} ... {high:g}")
        return float(value)


def parse_json(text: bytes, pack: str) -> Fields:
    """Reads strict JSON: no duplicate keys, no NaN or infinities, an object at the top.

    Raises:
        PackInvalid: It is not that.
    """
    try:
        value = json.loads(
            text.decode("utf-8"),
            object_pairs_hook=_without_duplicates,
            parse_constant=_not_json,
            parse_float=_finite,
        )
    except (ValueError, RecursionError) as error:
        message = sentence(
            "The manifest of the model pack {pack} cannot be read: {detail}.",
            pack=pack,
            detail=str(error),
        )
        raise PackInvalid(pack, message, read_hint()) from error
    return Fields(pack, "", value)


def _without_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    values = dict(pairs)
    if len(values) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return values


def _not_json(constant: str) -> float:
    raise ValueError(f"{constant} is not JSON")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text} is too large")
    return value
