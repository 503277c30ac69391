"""Watches folders: what is new in them, or has changed, goes to the queue once it is whole.

Looks every few seconds at names, sizes and times. Notifications of the operating system would come
earlier, but not from network drives and cards, and a file that is still being copied has to be
waited for in any case.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from mmdesk.analysis.folder import EVERYTHING, Selection, selected
from mmdesk.errors import MediaError
from mmdesk.events import Failed
from mmdesk.media.files import file_status

LOG = logging.getLogger(__name__)
_SECONDS = 2.0


class Watcher:
    """A thread that looks; `close` ends it."""

    def __init__(
        self,
        folders: Sequence[Path],
        submit: Callable[[Sequence[Path]], object],
        selection: Selection = EVERYTHING,
        seconds: float = _SECONDS,
    ) -> None:
        """Begins to watch; what lies there already comes first.

        Args:
            folders: Where to look.
            submit: Gets the files of one look that are new or changed and have come to rest.
            selection: Which files are wanted.
            seconds: Between two looks. A file that is the same in both is whole.
        """
        self._folders = tuple(folders)
        self._submit = submit
        self._selection = selection
        self._seconds = seconds
        self._seen: dict[Path, tuple[int, int]] = {}
        self._taken: dict[Path, tuple[int, int]] = {}
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="mmdesk-watcher", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Watches no more."""
        self._closing.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                whole = list(self._look())
                if whole:
                    self._submit(whole)
            except Exception:
                LOG.exception("Watching a folder failed unexpectedly")
            self._closing.wait(self._seconds)

    def _look(self) -> list[Path]:
        """Files that are as they were at the last look, and not as they were when they were taken."""
        before, self._seen = self._seen, {}
        whole: list[Path] = []
        for entry in selected(self._folders, self._selection):
            if isinstance(entry, Failed):
                continue  # an empty folder, or something that may become readable
            try:
                status = file_status(entry)
            except MediaError:
                continue
            now = status.st_size, status.st_mtime_ns
            self._seen[entry] = now
            if before.get(entry) == now and self._taken.get(entry) != now and now[0] > 0:
                self._taken[entry] = now
                whole.append(entry)
        return whole
