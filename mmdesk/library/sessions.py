"""Which programs have a project open: each holds a lock on a file, which the system lets go when it dies.

A heartbeat by the clock would take work away from a program that only slept with the computer, and
would leave that of a killed one lying for a while. The lock is exact: a lock that can be taken
belongs to nobody any more.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
import sys
import time
from pathlib import Path

from mmdesk.library.connections import Connections
from mmdesk.library.database import not_writable, transaction

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


class Sessions:
    """The programs on one project. Any thread."""

    def __init__(self, connections: Connections, folder: Path) -> None:
        """Touches nothing yet.

        Args:
            connections: Of the project.
            folder: Where the lock files lie.
        """
        self._connections = connections
        self._folder = folder

    def begin(self) -> Session:
        """Opens a session, and sets free what programs that died were working on.

        Raises:
            StoreError: The project cannot be written.
        """
        token = secrets.token_hex(8)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            lock = os.open(self._file(token), os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as failure:
            raise not_writable(failure.strerror or type(failure).__name__) from failure
        _take(lock)
        session = Session(self._connections, token, self._file(token), lock)
        try:
            with self._connections.use() as connection, transaction(connection):
                self._bury(connection)
                connection.execute("INSERT INTO sessions VALUES (?, ?)", (token, time.time()))
        except BaseException:
            session.release()
            raise
        return session

    def _bury(self, connection: sqlite3.Connection) -> None:
        """Takes out the sessions whose program has died; their runs and jobs are free."""
        for (token,) in connection.execute("SELECT token FROM sessions").fetchall():
            if self._is_dead(token):
                _free(connection, token)
                self._file(token).unlink(missing_ok=True)

    def _is_dead(self, token: str) -> bool:
        try:
            lock = os.open(self._file(token), os.O_RDWR)
        except FileNotFoundError:
            return True
        except OSError:
            return False
        try:
            return _take(lock)
        finally:
            os.close(lock)

    def _file(self, token: str) -> Path:
        return self._folder / f"session-{token}.lock"


class Session:
    """One program that has a project open.

    Attributes:
        token: Its name in the database.
    """

    def __init__(self, connections: Connections, token: str, file: Path, lock: int) -> None:
        """Made by `Sessions.begin`."""
        self.token = token
        self._connections = connections
        self._file = file
        self._lock = lock

    def end(self) -> None:
        """Gives everything back; what it did not end can be gone on with by others.

        Raises:
            StoreError: The project cannot be written; the next program to open it sees to the rest.
        """
        try:
            with self._connections.use() as connection, transaction(connection):
                _free(connection, self.token)
        finally:
            self.release()

    def release(self) -> None:
        """Lets the lock go."""
        os.close(self._lock)
        self._file.unlink(missing_ok=True)


def _free(connection: sqlite3.Connection, token: str) -> None:
    connection.execute("UPDATE runs SET session = NULL WHERE session = ?", (token,))
    connection.execute("UPDATE jobs SET session = NULL WHERE session = ?", (token,))
    connection.execute("DELETE FROM sessions WHERE token = ?", (token,))


def _take(lock: int) -> bool:
    """Locks a file for as long as this process lives; False when another one has it."""
    try:
        if sys.platform == "win32":
            msvcrt.locking(lock, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
