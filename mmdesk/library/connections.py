"""One connection per thread to a project's database, and what happens when the database is damaged."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mmdesk.errors import NotWritable, StoreError
from mmdesk.library.database import Damaged, connect, damaged, database_failures, set_aside
from mmdesk.library.salvage import salvage
from mmdesk.library.schema import is_broken
from mmdesk.sentences import Sentence


class Connections:
    """Any thread; nothing is touched before the first `use`. A thread that ends calls `close` first."""

    def __init__(self, file: Path) -> None:
        """Uses this database, which need not exist yet."""
        self.file = file
        self._local = threading.local()
        self._lock = threading.Lock()
        self._notices: list[Sentence] = []

    @contextmanager
    def use(self) -> Iterator[sqlite3.Connection]:
        """This thread's connection, in autocommit mode.

        A damaged database is set aside and what can be read of it is taken into a new one. When it is
        found out on opening, the call goes on with the new one, otherwise it fails and the next goes on.

        Raises:
            StoreError: The database cannot be read or written.
        """
        connection = self._mine() or self._open()
        self._local.connection = connection
        try:
            with database_failures():
                yield connection
        except StoreError as failure:
            if not isinstance(failure, Damaged) and not _is_of_damage(connection, failure):
                raise
            identity = self._local.identity
            self.close()
            self._put_aside(identity)
            broken = damaged()
            raise NotWritable(broken.message, broken.hint) from failure

    def notices(self) -> list[Sentence]:
        """Takes what the person must know about the database (it was damaged and set aside)."""
        with self._lock:
            notices, self._notices = self._notices, []
        return notices

    def close(self) -> None:
        """Closes the calling thread's connection; the next `use` opens one again."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        self._local.connection = None
        if connection is not None:
            connection.close()

    def _mine(self) -> sqlite3.Connection | None:
        """This thread's connection, unless somebody has put another file into the place of its own."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is not None and self._local.identity != _identity(self.file):
            self.close()
            return None
        return connection

    def _open(self) -> sqlite3.Connection:
        with self._lock:
            try:
                connection = connect(self.file)
            except Damaged:
                self._renew()
                connection = connect(self.file)
            self._local.identity = _identity(self.file)
            return connection

    def _put_aside(self, identity: tuple[int, int] | None) -> None:
        """Sets a damaged file aside, unless another thread or program has done so before."""
        with self._lock:
            if _identity(self.file) == identity:
                self._renew()

    def _renew(self) -> None:
        aside = set_aside(self.file)
        self._notices.append(salvage(aside, self.file))


def _is_of_damage(connection: sqlite3.Connection, failure: StoreError) -> bool:
    """Whether a statement failed because the tables are not what they were made to be."""
    code = getattr(failure.__cause__, "sqlite_errorcode", 0)
    try:
        return code == sqlite3.SQLITE_ERROR and is_broken(connection)
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        return True


def _identity(file: Path) -> tuple[int, int] | None:
    """Which file lies there; None where there is none."""
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
