"""The tables of a project, and how an older database becomes a newer one.

`PRAGMA user_version` counts the steps that were applied. A step, once released, is never changed;
a change of the schema is a new step at the end. Before an older database is touched, a copy of it is
laid beside it.
"""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path

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
    (
        # What made a finding is the same for thousands of them: once, and a number in each.
        "CREATE TABLE sources (id INTEGER PRIMARY KEY, body TEXT NOT NULL UNIQUE) STRICT",
        "INSERT OR IGNORE INTO sources (body) SELECT DISTINCT json_extract(body, '$.source') FROM findings",
        "ALTER TABLE findings RENAME TO findings_before",
        """CREATE TABLE findings (
            run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            source INTEGER NOT NULL REFERENCES sources (id),
            body TEXT NOT NULL,
            PRIMARY KEY (run, number)
        ) STRICT, WITHOUT ROWID""",
        """INSERT INTO findings SELECT run, number, sources.id, json_remove(before.body, '$.source')
            FROM findings_before AS before
            JOIN sources ON sources.body = json_extract(before.body, '$.source')
            ORDER BY run, number""",
        "DROP TABLE findings_before",
        # How far a run came, so that a killed program goes on there (`events.Passed`).
        """CREATE TABLE parts (
            run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
            lane TEXT NOT NULL,
            part INTEGER NOT NULL,
            step INTEGER NOT NULL,
            first INTEGER NOT NULL,
            count INTEGER NOT NULL,
            body TEXT NOT NULL,
            PRIMARY KEY (run, lane, part, step)
        ) STRICT, WITHOUT ROWID""",
        "ALTER TABLE runs ADD COLUMN session TEXT",
        # How many findings a run ended with: after a damage it is known which are not complete any more.
        "ALTER TABLE runs ADD COLUMN found INTEGER",
        "UPDATE runs SET found = (SELECT count(*) FROM findings WHERE run = runs.id)",
        "ALTER TABLE runs ADD COLUMN settings TEXT NOT NULL DEFAULT '{}'",
        "ALTER TABLE runs ADD COLUMN program TEXT NOT NULL DEFAULT ''",
        # Files of every pack that was ever used, by the hash of its manifest.
        "CREATE TABLE packs (manifest_hash TEXT PRIMARY KEY, files TEXT NOT NULL) STRICT, WITHOUT ROWID",
        # What the library shows of a file, kept up to date with its runs and edits.
        """CREATE TABLE media (
            id INTEGER PRIMARY KEY,
            hash TEXT NOT NULL UNIQUE,
            path BLOB NOT NULL,
            name TEXT NOT NULL,
            kind TEXT NOT NULL,
            duration REAL,
            bytes INTEGER NOT NULL,
            added REAL NOT NULL,
            changed REAL NOT NULL,
            run INTEGER REFERENCES runs (id) ON DELETE SET NULL,
            outcome TEXT NOT NULL,
            findings INTEGER NOT NULL DEFAULT 0,
            valence REAL,
            edits INTEGER NOT NULL DEFAULT 0,
            note TEXT NOT NULL DEFAULT ''
        ) STRICT""",
        "CREATE INDEX media_by_name ON media (name COLLATE NOCASE)",
        "CREATE INDEX media_by_added ON media (added)",
        "CREATE INDEX media_by_changed ON media (changed)",
        "CREATE INDEX media_by_duration ON media (duration)",
        "CREATE INDEX media_by_valence ON media (valence)",
        "CREATE INDEX media_by_findings ON media (findings)",
        "CREATE INDEX media_by_run ON media (run)",
        """INSERT INTO media (hash, path, name, kind, duration, bytes, added, changed, run, outcome, findings)
            SELECT media_hash, path, file_name(path), kind, duration, 0, began, began, id, outcome,
                (SELECT count(*) FROM findings WHERE findings.run = runs.id)
            FROM runs WHERE id IN (SELECT max(id) FROM runs GROUP BY media_hash)""",
        """CREATE TABLE tags (
            tag TEXT NOT NULL,
            medium INTEGER NOT NULL REFERENCES media (id) ON DELETE CASCADE,
            PRIMARY KEY (tag, medium)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX tags_by_medium ON tags (medium)",
        """CREATE VIRTUAL TABLE words USING fts5 (
            name, captions, transcript, people, tags, notes, tokenize = 'unicode61 remove_diacritics 2'
        )""",
        # Every step that people took, oldest first; undone ones come back with redo.
        """CREATE TABLE edits (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            medium INTEGER NOT NULL REFERENCES media (id) ON DELETE CASCADE,
            at REAL NOT NULL,
            undone INTEGER NOT NULL DEFAULT 0,
            body TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX edits_by_medium ON edits (medium, id)",
        """CREATE TABLE drafts (
            medium INTEGER NOT NULL REFERENCES media (id) ON DELETE CASCADE,
            place TEXT NOT NULL,
            body TEXT NOT NULL,
            PRIMARY KEY (medium, place)
        ) STRICT, WITHOUT ROWID""",
        # Windows and command lines that are open (or were, when they were killed), and their jobs.
        "CREATE TABLE sessions (token TEXT PRIMARY KEY, began REAL NOT NULL) STRICT, WITHOUT ROWID",
        """CREATE TABLE jobs (
            id INTEGER PRIMARY KEY,
            batch INTEGER NOT NULL,
            path BLOB NOT NULL,
            request TEXT NOT NULL,
            state TEXT NOT NULL,
            reason TEXT NOT NULL DEFAULT '',
            session TEXT,
            changed REAL NOT NULL
        ) STRICT""",
        "CREATE INDEX jobs_by_state ON jobs (state, id)",
        "CREATE INDEX jobs_by_batch ON jobs (batch, id)",
    ),
)


def migrate(connection: sqlite3.Connection, file: Path) -> bool:
    """Brings a database up to the newest schema; all or nothing.

    Args:
        connection: In autocommit mode.
        file: Where it lies; its copy is laid beside it before anything in it changes.

    Returns:
        Whether an older database with something in it was changed.

    Raises:
        NotWritable: The database was made by a newer version of the program.
        sqlite3.Error: The database could not be read or written; it is as it was.
    """
    version = _version(connection)
    if version == len(_STEPS):
        return False
    connection.create_function("file_name", 1, shown_name, deterministic=True)
    if 0 < version < len(_STEPS):
        _back_up(connection, file, version)
    connection.execute("BEGIN IMMEDIATE")
    try:
        _migrate(connection)
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    return version > 0


def is_broken(connection: sqlite3.Connection) -> bool:
    """Whether the tables are not as they were made, though the database says that it is up to date.

    Raises:
        sqlite3.Error: It could not be read.
    """
    if _version(connection) != len(_STEPS):
        return False
    columns = "CAST(name AS BLOB), CAST(sql AS BLOB)"
    query = f"SELECT {columns} FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name"
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as whole:
        whole.create_function("file_name", 1, shown_name, deterministic=True)
        for statement in (statement for step in _STEPS for statement in step):
            whole.execute(statement)
        wanted = whole.execute(query).fetchall()
    return bool(connection.execute(query).fetchall() != wanted)


def shown_name(path: bytes) -> str:
    """The name of a file as text, whatever bytes it is made of."""
    return os.fsencode(Path(os.fsdecode(path)).name).decode("utf-8", "replace")


def _back_up(connection: sqlite3.Connection, file: Path, version: int) -> None:
    """A whole copy, renamed into its place when it is complete."""
    copy = file.with_name(f"{file.stem}.before-version-{len(_STEPS)}-{time.time_ns()}{file.suffix}")
    partial = copy.with_name(copy.name + ".part")
    try:
        with closing(sqlite3.connect(partial)) as target:
            connection.backup(target)
        partial.replace(copy)
    finally:
        partial.unlink(missing_ok=True)


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
