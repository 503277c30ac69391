"""How each file of a batch went, as a table."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from mmdesk.errors import NotWritable
from mmdesk.events import Failed, Finished
from mmdesk.sentences import sentence

_COLUMNS = ("path", "outcome", "reason", "what to do", "findings", "seconds")


@dataclass
class Outcomes:
    """Ends of files, in the order in which they came.

    Attributes:
        done: How many are done, those that were done before included.
        before: How many of them were done before with the same models and settings.
        failed: How many failed.
    """

    done: int = 0
    before: int = 0
    failed: int = 0

    def __post_init__(self) -> None:
        self._rows: list[tuple[str, ...]] = []

    def take(self, event: Finished | Failed) -> None:
        """Notes an end."""
        path = str(event.path).encode("utf-8", "backslashreplace").decode("utf-8")
        if isinstance(event, Finished):
            self.done += 1
            self.before += event.kept
            outcome = "skipped" if event.kept else "done"
            self._rows.append((path, outcome, "", "", str(event.findings), f"{event.seconds:.1f}"))
        else:
            self.failed += 1
            outcome = "stopped" if event.cancelled else "failed"
            self._rows.append((path, outcome, str(event.message), str(event.hint), "", ""))

    def write(self, target: Path) -> None:
        """Writes the table as CSV, with a byte order mark so that spreadsheets know the encoding.

        Raises:
            NotWritable: It could not be written.
        """
        partial = target.with_name(f"{target.name}.part")
        try:
            with partial.open("w", encoding="utf-8-sig", newline="") as out:
                csv.writer(out).writerows([_COLUMNS, *self._rows])
            partial.replace(target)
        except OSError as failure:
            raise NotWritable(
                sentence("The table could not be written: {reason}.", reason=failure.strerror or "unknown"),
                sentence("Choose another file with --outcomes; the results themselves are kept."),
            ) from failure
