"""The search index: the words of each file as one document, and what people type as a query on it.

SQLite's full-text search (FTS5) splits at spaces and punctuation. Chinese and Japanese have none
between words, so every one of their characters is indexed as a word, and a word of theirs is looked
for as a phrase.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections import defaultdict

from mmdesk.events import FindingKind
from mmdesk.library.edit_records import steps_of
from mmdesk.library.edits import Human

# Ideographs (with extensions), kana, Hangul syllables and compatibility ideographs.
_ALONE = re.compile(
    "([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff])"
)
_WORD = re.compile(r"\w")
_COLUMN = {FindingKind.CAPTION: "captions", FindingKind.TRANSCRIPT: "transcript"}


def index_medium(connection: sqlite3.Connection, medium: int) -> None:
    """Brings what is found of a file up to date; inside a transaction.

    Words of people stand beside those of the model: what was corrected is found by both.

    Args:
        connection: Of the project.
        medium: The row of the file in `media`.
    """
    name, run = connection.execute("SELECT name, run FROM media WHERE id = ?", (medium,)).fetchone()
    human = Human.after(steps_of(connection, medium))
    texts: dict[str, list[str]] = defaultdict(list)
    for (body,) in connection.execute("SELECT body FROM findings WHERE run = ?", (run,)):
        record = json.loads(body)
        _collect(texts, record.get("kind"), record.get("text"))
    for line in human.lines:
        _collect(texts, line.finding.kind, line.finding.text)
    notes = [human.note, *(f"{mark.label}\n{mark.note}" for mark in human.marks)]
    found = [name, texts["captions"], texts["transcript"], human.names.values(), human.tags, notes]
    connection.execute("DELETE FROM words WHERE rowid = ?", (medium,))
    connection.execute(
        "INSERT INTO words (rowid, name, captions, transcript, people, tags, notes)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (medium, *(_spaced(each if isinstance(each, str) else "\n".join(each)) for each in found)),
    )


def match_expression(words: str) -> str:
    """What people type as a query: every word must begin a word of the file; empty where there is none."""
    wanted = [_spaced(each.replace('"', " ")).strip() for each in words.split()]
    return " ".join(f'"{each}" *' for each in wanted if _WORD.search(each))


def _collect(texts: dict[str, list[str]], kind: object, text: object) -> None:
    if isinstance(text, str) and isinstance(kind, str) and kind in _COLUMN:
        texts[_COLUMN[FindingKind(kind)]].append(text)


def _spaced(text: str) -> str:
    # SQLite takes no lone surrogates, which subtitles may hold, and a query of its search ends at a NUL.
    clean = text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")
    return _ALONE.sub(r" \1 ", clean)
