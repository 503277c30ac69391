"""One connection per thread to a project's database, and what happens when the database is damaged."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from mmdesk.errors import NotWritable
from mmdesk.library.database import Damaged, connect, damaged, database_failures, set_aside
from mmdesk.library.salvage import salvage
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
        except Damaged as failure:
            self.close()
            self._put_aside()
            raise NotWritable(failure.message, failure.hint) from failure

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

    def _put_aside(self) -> None:
        with self._lock:
            try:
                connect(self.file).close()
                self._check()
            except Damaged:
                self._renew()

    def _check(self) -> None:
        """Reads everything: another thread may have set the damaged one aside before."""
        with database_failures(), closing(sqlite3.connect(self.file)) as connection:
            (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            raise damaged()

    def _renew(self) -> None:
        aside = set_aside(self.file)
        self._notices.append(salvage(aside, self.file))


def _identity(file: Path) -> tuple[int, int] | None:
    """Which file lies there; None where there is none."""
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
