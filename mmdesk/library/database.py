"""Connections to the SQLite file; the one place where SQLite's errors become sentences."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mmdesk.errors import NoSpace, NotWritable, StoreError
from mmdesk.library.schema import migrate
from mmdesk.library.words import index_medium
from mmdesk.sentences import sentence

_BUSY_SECONDS = 5.0
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_SIDE_FILES = ("", "-wal", "-shm")


class Damaged(StoreError):
    """The file is no database any more; inside this room only."""


def connect(file: Path) -> sqlite3.Connection:
    """Opens the database, made or migrated where necessary; the connection is this thread's.

    Autocommit, WAL: readers never wait for the writer, and what was committed survives a killed
    program.

    Raises:
        Damaged: The file is no database, or broken.
        NoSpace: The disk is full.
        NotWritable: The folder or file cannot be written, or belongs to a newer version.
    """
    with database_failures():
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as failure:
            raise not_writable(failure.strerror or type(failure).__name__) from failure
        connection = sqlite3.connect(file, timeout=_BUSY_SECONDS, isolation_level=None)
        try:
            _prepare(connection, file)
        except BaseException:
            connection.close()
            raise
    return connection


def _prepare(connection: sqlite3.Connection, file: Path) -> None:
    connection.execute("PRAGMA journal_mode = WAL").close()
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    try:
        older = migrate(connection, file)
    except OSError as failure:
        raise not_writable(failure.strerror or type(failure).__name__) from failure
    if older:
        with transaction(connection):
            for (medium,) in connection.execute("SELECT id FROM media").fetchall():
                index_medium(connection, medium)


@contextmanager
def transaction(connection: sqlite3.Connection, begin: str = "BEGIN IMMEDIATE") -> Iterator[None]:
    """All or nothing.

    Args:
        connection: In autocommit mode.
        begin: How to begin; "BEGIN" for reads that must see one state.

    Raises:
        sqlite3.Error: Nothing was written.
    """
    connection.execute(begin)
    try:
        yield
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


@contextmanager
def database_failures() -> Iterator[None]:
    """Turns SQLite's errors inside the block into ours.

    Raises:
        Damaged: The file is no database, or broken.
        NoSpace: The disk is full.
        NotWritable: Anything else that keeps results from being read or written.
    """
    try:
        yield
    except sqlite3.Error as failure:
        raise _translated(failure) from failure
    except UnicodeDecodeError as failure:
        # SQLite quotes what it cannot read, and Python cannot read the quotation.
        raise damaged() from failure


def _translated(failure: sqlite3.Error) -> StoreError:
    code = getattr(failure, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return NoSpace(
            sentence("The disk is full, so results cannot be kept."),
            sentence("Free some space, or save the results to another disk."),
        )
    undecodable = isinstance(failure, sqlite3.OperationalError) and not hasattr(failure, "sqlite_errorcode")
    if code in _DAMAGED or undecodable:
        return damaged()
    if code in _BUSY:
        return not_writable("another program is using the database")
    return not_writable(str(failure))


def damaged() -> Damaged:
    """The sentence for a database that is broken."""
    return Damaged(
        sentence("The database of kept results is damaged."),
        sentence("It is set aside, and what can be read is taken into a new one. Do it again."),
    )


def not_writable(reason: str) -> NotWritable:
    """The sentence for results that cannot be kept or read."""
    return NotWritable(
        sentence("Results cannot be kept or read: {reason}.", reason=reason),
        sentence("Check that the folder for results can be written, or save the results elsewhere."),
    )


def set_aside(file: Path) -> Path:
    """Renames a damaged database, so that a new one can be made and the old one be rescued.

    Returns:
        Where it lies now.

    Raises:
        NotWritable: It could not be renamed.
    """
    aside = file.with_name(
        f"{file.stem}.damaged-{time.strftime('%Y%m%d-%H%M%S')}-{time.monotonic_ns()}{file.suffix}"
    )
    try:
        for suffix in _SIDE_FILES:
            part = file.with_name(file.name + suffix)
            if part.exists():
                part.rename(aside.with_name(aside.name + suffix))
    except OSError as failure:
        raise not_writable(failure.strerror or type(failure).__name__) from failure
    return aside
