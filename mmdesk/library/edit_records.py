"""Steps of edits as JSON in the database, and back."""

from __future__ import annotations

import json
import sqlite3

from mmdesk.analysis.json_fields import Object, broken, child, items, mapping, maybe, number, text
from mmdesk.analysis.marks import Mark
from mmdesk.analysis.records import Record, finding_from, finding_record
from mmdesk.events import Finding
from mmdesk.library.edits import Change, Edit, Name, Note, Step, Tag


def steps_of(connection: sqlite3.Connection, medium: int) -> list[Step]:
    """The steps of a file that are not undone, oldest first."""
    query = "SELECT at, body FROM edits WHERE medium = ? AND NOT undone ORDER BY id"
    return [Step(at, edits_from(body)) for at, body in connection.execute(query, (medium,)).fetchall()]


def edits_json(edits: tuple[Edit, ...]) -> str:
    """Edits as one line of ASCII."""
    return json.dumps([_record(edit) for edit in edits], separators=(",", ":"))


def edits_from(body: str) -> tuple[Edit, ...]:
    """The edits that `edits_json` wrote.

    Raises:
        ValueError: The text breaks the form.
    """
    return tuple(_edit(mapping(each)) for each in items({"edits": json.loads(body)}, "edits"))


def _record(edit: Edit) -> Record:
    match edit:
        case Change():
            return {"edit": "change", "before": _told_record(edit.before), "after": _told_record(edit.after)}
        case Name():
            return {"edit": "name", "person": edit.person, "name": edit.name}
        case Tag():
            return {"edit": "tag", "tag": edit.tag, "given": edit.given}
        case Note():
            return {"edit": "note", "text": edit.text}


def _edit(record: Object) -> Edit:
    match record.get("edit"):
        case "change":
            return Change(maybe(record, "before", _told), maybe(record, "after", _told))
        case "name":
            return Name(int(number(record, "person")), text(record, "name"))
        case "tag":
            return Tag(text(record, "tag"), record.get("given") is True)
        case "note":
            return Note(text(record, "text"))
        case _:
            raise broken("an edit of a kind that this version does not know")


def _told_record(told: Finding | Mark | None) -> Record | None:
    if told is None:
        return None
    if isinstance(told, Finding):
        return {"finding": finding_record(told)}
    return {"mark": {"t0": told.t0, "t1": told.t1, "label": told.label, "note": told.note}}


def _told(record: Object, key: str) -> Finding | Mark:
    told = child(record, key)
    if "finding" in told:
        return finding_from(child(told, "finding"))
    mark = child(told, "mark")
    return Mark(number(mark, "t0"), number(mark, "t1"), text(mark, "label"), text(mark, "note"))
