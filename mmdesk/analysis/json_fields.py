"""Reads fields of JSON objects that must have a form."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")
Object = Mapping[str, object]


def text(record: Object, key: str) -> str:
    """A field that is text.

    Raises:
        ValueError: It is not.
    """
    value = record.get(key)
    if not isinstance(value, str):
        raise broken(f"{key} is no text")
    return value


def number(record: Object, key: str) -> float:
    """A field that is a number; raises as `text` does."""
    value = record.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise broken(f"{key} is no number")
    return float(value)


def items(record: Object, key: str) -> Sequence[object]:
    """A field that is a list; raises as `text` does."""
    value = record.get(key)
    if not isinstance(value, list):
        raise broken(f"{key} is no list")
    return value


def child(record: Object, key: str) -> Object:
    """A field that is an object; raises as `text` does."""
    return mapping(record.get(key))


def mapping(value: object) -> Object:
    """A value that is an object; raises as `text` does."""
    if not isinstance(value, dict):
        raise broken("not a JSON object")
    return value


def maybe(record: Object, key: str, read: Callable[[Object, str], T]) -> T | None:
    """A field that may be missing or null."""
    return None if record.get(key) is None else read(record, key)


def broken(what: str) -> ValueError:
    """The error of a record that breaks its form."""
    return ValueError(f"not a record of ours: {what}")
