"""One set-up at a time, also between processes."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from workshop.problem import say

if sys.platform == "win32":
    import msvcrt

    def _taken(file: IO[bytes]) -> bool:
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _taken(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Waits until no other process holds the lock, and holds it; the system frees it when we die.

    Args:
        path: A file that stays; it is only locked, never read.
    """
    with path.open("ab") as file:
        if not _taken(file):
            say("Another set-up of this checkout is running; waiting for it.")
            while not _taken(file):
                time.sleep(0.2)
        yield
