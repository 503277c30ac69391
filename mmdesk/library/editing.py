"""Keeps what people change: one step after the other, undone and done again at any time."""

from __future__ import annotations

import sqlite3
import time

from mmdesk.library.connections import Connections
from mmdesk.library.database import not_writable, transaction
from mmdesk.library.edit_records import edits_json, steps_of
from mmdesk.library.edits import Edit, Human, merged
from mmdesk.library.words import index_medium


class Edits:
    """The edits of all files of a project; each file has its own line of steps. Any thread."""

    def __init__(self, connections: Connections) -> None:
        """Touches nothing yet."""
        self._connections = connections

    def of(self, medium: int) -> Human:
        """What people say about a file.

        Raises:
            StoreError: The project cannot be read.
        """
        with self._connections.use() as connection:
            return _human(connection, medium)

    def do(self, medium: int, *edits: Edit) -> Human:
        """Takes a step: all of these edits, undone together. What was undone before is gone with it.

        Raises:
            StoreError: The project cannot be written.
        """
        wanted = merged(edits)
        with self._connections.use() as connection, transaction(connection):
            if wanted:
                connection.execute("DELETE FROM edits WHERE medium = ? AND undone", (medium,))
                connection.execute(
                    "INSERT INTO edits (medium, at, body) VALUES (?, ?, ?)",
                    (medium, time.time(), edits_json(wanted)),
                )
            return _refreshed(connection, medium)

    def undo(self, medium: int) -> Human | None:
        """Takes the last step back.

        Returns:
            What people say then; None where there was no step.

        Raises:
            StoreError: The project cannot be written.
        """
        return self._turn(medium, "SELECT max(id) FROM edits WHERE medium = ? AND NOT undone", 1)

    def redo(self, medium: int) -> Human | None:
        """Takes the step again that was undone last; as `undo`."""
        return self._turn(medium, "SELECT min(id) FROM edits WHERE medium = ? AND undone", 0)

    def turns(self, medium: int) -> tuple[int, int]:
        """How many steps can be undone and done again.

        Raises:
            StoreError: The project cannot be read.
        """
        query = "SELECT coalesce(sum(NOT undone), 0), coalesce(sum(undone), 0) FROM edits WHERE medium = ?"
        with self._connections.use() as connection:
            back, forth = connection.execute(query, (medium,)).fetchone()
        return int(back), int(forth)

    # What somebody is typing and has not finished: it is there again after a crash.

    def draft(self, medium: int, place: str, text: str | None) -> None:
        """Keeps what is being typed at a place; None when it is finished.

        Raises:
            StoreError: The project cannot be written.
        """
        values = (medium, place)
        with self._connections.use() as connection:
            if text is None:
                connection.execute("DELETE FROM drafts WHERE medium = ? AND place = ?", values)
            else:
                clean = text.encode("utf-8", "replace").decode("utf-8")
                connection.execute("INSERT OR REPLACE INTO drafts VALUES (?, ?, ?)", (*values, clean))

    def drafts(self, medium: int) -> dict[str, str]:
        """Everything that was being typed about a file when the program ended.

        Raises:
            StoreError: The project cannot be read.
        """
        with self._connections.use() as connection:
            return dict(connection.execute("SELECT place, body FROM drafts WHERE medium = ?", (medium,)))

    def _turn(self, medium: int, which: str, undone: int) -> Human | None:
        with self._connections.use() as connection, transaction(connection):
            (step,) = connection.execute(which, (medium,)).fetchone()
            if step is None:
                return None
            connection.execute("UPDATE edits SET undone = ? WHERE id = ?", (undone, step))
            return _refreshed(connection, medium)


def _human(connection: sqlite3.Connection, medium: int) -> Human:
    try:
        return Human.after(steps_of(connection, medium))
    except ValueError as failure:
        raise not_writable("an edit has a form that this version does not know") from failure


def _refreshed(connection: sqlite3.Connection, medium: int) -> Human:
    """Brings the library up to date with the edits of a file."""
    human = _human(connection, medium)
    connection.execute(
        "UPDATE media SET note = ?, changed = ?, edits = (SELECT count(*) FROM edits WHERE medium = media.id"
        " AND NOT undone) WHERE id = ?",
        (human.note.encode("utf-8", "replace").decode("utf-8"), time.time(), medium),
    )
    connection.execute("DELETE FROM tags WHERE medium = ?", (medium,))
    tags = [(tag.encode("utf-8", "replace").decode("utf-8"), medium) for tag in human.tags]
    connection.executemany("INSERT OR IGNORE INTO tags VALUES (?, ?)", tags)
    index_medium(connection, medium)
    return human
