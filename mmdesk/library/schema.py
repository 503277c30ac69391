"""The tables of kept results, and how an older database becomes a newer one.

`PRAGMA user_version` counts the steps that were applied. A step, once released, is never changed;
a change of the schema is a new step at the end.
"""

from __future__ import annotations

import sqlite3

from mmdesk.errors import NotWritable
from mmdesk.sentences import sentence

# Paths are blobs (`os.fsencode`), because a file name need not be valid text.
_STEPS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE runs (
            id INTEGER PRIMARY KEY,
            media_hash TEXT NOT NULL,
            request_key TEXT NOT NULL,
            path BLOB NOT NULL,
            kind TEXT NOT NULL,
            duration REAL,
            began REAL NOT NULL,
            outcome TEXT NOT NULL,
            seconds REAL
        ) STRICT""",
        "CREATE INDEX runs_by_media ON runs (media_hash, request_key)",
        """CREATE TABLE findings (
            run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            body TEXT NOT NULL,
            PRIMARY KEY (run, number)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE warnings (
            run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            body TEXT NOT NULL,
            PRIMARY KEY (run, number)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE digests (
            path BLOB PRIMARY KEY,
            size INTEGER NOT NULL,
            modified_ns INTEGER NOT NULL,
            hash TEXT NOT NULL
        ) STRICT, WITHOUT ROWID""",
    ),
)


def migrate(connection: sqlite3.Connection) -> None:
    """Brings a database up to the newest schema; all or nothing.

    Args:
        connection: In autocommit mode.

    Raises:
        NotWritable: The database was made by a newer version of the program.
        sqlite3.Error: The database could not be read or written.
    """
    if _version(connection) == len(_STEPS):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        _migrate(connection)
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _migrate(connection: sqlite3.Connection) -> None:
    version = _version(connection)  # again: another process may have been faster
    if version > len(_STEPS):
        raise NotWritable(
            sentence("The kept results were written by a newer version of mmdesk."),
            sentence("Update mmdesk to see and keep results; until then nothing is changed in them."),
        )
    for step in _STEPS[version:]:
        for statement in step:
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {len(_STEPS)}")


def _version(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)
