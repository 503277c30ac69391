"""An edited table (CSV), read back; also with the separators and decimal commas of spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from mmdesk.events import Evidence, Finding, FindingKind, Modality, Origin, Source
from mmdesk.export.corrections import Change, Correction
from mmdesk.export.result import Mark, Result
from mmdesk.export.table import mark_id, row_id, unguarded

NEEDED = ("id", "kind", "t0", "t1", "text")
_SEPARATORS = (",", ";", "\t")
# Spreadsheets keep 15 digits of a number.
_SAME = 1e-6

Cells = Mapping[str, str]


def read_table(text: str) -> list[Cells]:
    """The rows of a table by the names of its columns.

    Raises:
        ValueError: A column is missing that is needed to know what was changed.
    """
    head = text.lstrip("\ufeff").split("\n", 1)[0]
    separator = max(_SEPARATORS, key=head.count)
    rows = csv.DictReader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=separator, restval="")
    missing = [name for name in NEEDED if name not in (rows.fieldnames or ())]
    if missing:
        raise ValueError(", ".join(missing))
    return [{name: value for name, value in row.items() if isinstance(value, str)} for row in rows]


def table_corrections(result: Result, came: Sequence[Cells], file: str) -> list[Correction]:
    """What was changed: rows by their name; rows without a name are new, names without a row were deleted.

    Args:
        result: What went out.
        came: The rows of the file.
        file: Its name.

    Raises:
        ValueError: A cell that must be a number is none; the message is the cell.
    """
    names = {row_id(number, each): number for number, each in enumerate(result.findings)}
    by_content = {name.partition("-")[2]: number for name, number in names.items()}
    marks = {mark_id(number): number for number in range(len(result.marks))}
    found: list[Correction] = []
    seen: set[int] = set()
    seen_marks: set[int] = set()
    for row in came:
        name = row["id"].strip()
        number = names.get(name, by_content.get(name.partition("-")[2]) if "-" in name else None)
        if number is not None and number not in seen:
            seen.add(number)
            found += _changed(number, result.findings[number], row, file)
        elif name in marks and marks[name] not in seen_marks:
            seen_marks.add(marks[name])
            found += _changed_mark(marks[name], result.marks[marks[name]], row)
        elif not _empty(row):
            found.append(Correction(Change.ADDED, None, None, _new(row, file)))
    return found + list(_gone(result, seen, seen_marks))


def _gone(result: Result, seen: set[int], seen_marks: set[int]) -> Iterator[Correction]:
    for number, each in enumerate(result.findings):
        if number not in seen:
            yield Correction(Change.DELETED, number, each, None)
    for number, mark in enumerate(result.marks):
        if number not in seen_marks:
            yield Correction(Change.DELETED, number, mark, None)


def _changed(number: int, before: Finding, row: Cells, file: str) -> Iterator[Correction]:
    after = before
    if _lines(row["text"]) != _one_end(_written(before.text)):
        text = _lines(row["text"])
        after = replace(after, text=text or None, confidence=None)
    t0, t1 = _number(row["t0"]), _number(row["t1"])
    value = _number(row.get("value", ""))
    after = after if _same(t0, before.t0) or t0 is None else replace(after, t0=t0)
    after = after if _same(t1, before.t1) or t1 is None else replace(after, t1=t1)
    if "value" in row and not _same(value, before.value):
        after = replace(after, value=value, band=None, confidence=None)
    if "language" in row and unguarded(row["language"]) != (_written(before.language)):
        after = replace(after, language=unguarded(row["language"]) or None)
    if after != before:
        yield Correction(Change.CHANGED, number, before, replace(after, source=Source(Origin.PERSON, file)))


def _changed_mark(number: int, before: Mark, row: Cells) -> Iterator[Correction]:
    after = _mark(row)
    same = _same(after.t0, before.t0) and _same(after.t1, before.t1)
    words = _one_end(_written(before.label)), _one_end(_written(before.note))
    if not same or (after.label, after.note) != words:
        yield Correction(Change.CHANGED, number, before, after)


def _new(row: Cells, file: str) -> Finding | Mark:
    if row["kind"].strip() == "mark":
        return _mark(row)
    kind = FindingKind(row["kind"].strip())
    t0, t1 = _number(row["t0"]) or 0.0, _number(row["t1"]) or 0.0
    place = Modality.SCENE if kind is FindingKind.CAPTION else Modality.WORDS
    text = _lines(row["text"])
    return Finding(
        kind=kind,
        modality=place,
        t0=t0,
        t1=max(t0, t1),
        source=Source(Origin.PERSON, file),
        evidence=(Evidence(place, t0, max(t0, t1)),),
        text=text or None,
        value=_number(row.get("value", "")),
        language=unguarded(row.get("language", "")) or None,
    )


def _mark(row: Cells) -> Mark:
    t0, t1 = _number(row["t0"]) or 0.0, _number(row["t1"]) or 0.0
    return Mark(t0, max(t0, t1), _lines(row["text"]), _lines(row.get("note", "")))


def _empty(row: Cells) -> bool:
    return not any(value.strip() for value in row.values())


def _lines(cell: str) -> str:
    """Text of a cell with one kind of line end, which programs change as they like."""
    return _one_end(unguarded(cell))


def _one_end(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _written(text: str | None) -> str:
    """Text as the table has it before `guarded`: nothing is the empty cell, and all is UTF-8."""
    return (text or "").encode("utf-8", "backslashreplace").decode("utf-8")


def _number(cell: str) -> float | None:
    cell = cell.strip().replace("\u2212", "-")
    if not cell:
        return None
    try:
        return float(cell.replace(",", ".") if cell.count(",") == 1 and "." not in cell else cell)
    except ValueError as failure:
        raise ValueError(cell) from failure


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= _SAME
