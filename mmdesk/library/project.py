"""A project: one database and a folder of artefacts beside it. The default one needs no set-up.

Everything that reads or writes kept results goes through here: the parts (`results`, `library`,
`edits`, `jobs`, `sessions`) share one connection per thread.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

from mmdesk.analysis.marks import Mark
from mmdesk.analysis.passport import MediaUsed, Passport, packs_used, subtitles_used
from mmdesk.control import Control
from mmdesk.events import Finding
from mmdesk.library.connections import Connections
from mmdesk.library.editing import Edits
from mmdesk.library.edits import Human, Line
from mmdesk.library.kept_jobs import KeptJob, KeptJobs
from mmdesk.library.listing import Entry, Library
from mmdesk.library.sessions import Sessions
from mmdesk.library.store import Kept, ResultStore
from mmdesk.sentences import Sentence


@dataclass(frozen=True, slots=True)
class View:
    """All that is known of a file.

    Attributes:
        entry: The file in the library.
        kept: The newest complete run, else the newest; None when all were lost.
        human: What people say about it.
        lines: What is to be shown and exported: the run's findings with people's laid over them.
        passport: Where it comes from.
    """

    entry: Entry
    kept: Kept | None
    human: Human
    lines: tuple[Line, ...]
    passport: Passport

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is to be shown and exported, without what it stands in the place of."""
        return tuple(line.finding for line in self.lines)

    @property
    def marks(self) -> tuple[Mark, ...]:
        """Moments that people marked, by time."""
        return tuple(sorted(self.human.marks))

    @property
    def people(self) -> tuple[tuple[int, str], ...]:
        """Number and name of those people in the picture that somebody named."""
        return tuple(sorted(self.human.names.items()))


class Project:
    """Any thread; each thread has its own connection, and calls `close` before it ends.

    Several windows and command lines may have the same project open at the same time. Nothing is
    touched before the first call of a method.

    Attributes:
        file: The database.
        artefacts: Folder of what belongs to it and can be made again, such as thumbnails.
        results: Runs of the models.
        library: Searching, sorting, filtering.
        edits: What people changed.
        jobs: The queue, as it was when the program ended.
        sessions: The programs that have it open.
    """

    def __init__(self, file: Path) -> None:
        """Uses this database, which need not exist yet."""
        self._connections = Connections(file)
        self.file = file
        self.artefacts = file.with_suffix(".artefacts")
        self.results = ResultStore(self._connections)
        self.library = Library(self._connections)
        self.edits = Edits(self._connections)
        self.jobs = KeptJobs(self._connections)
        self.sessions = Sessions(self._connections, self.artefacts)

    def view(self, media_hash: str) -> View | None:
        """All that is known of the file with this content; None when it was never analysed.

        Raises:
            StoreError: The project cannot be read.
        """
        entry = self.library.entry(media_hash)
        if entry is None:
            return None
        kept = self.results.latest_of(media_hash)
        human = self.edits.of(entry.number)
        findings = kept.findings if kept else ()
        lines = tuple(human.laid_over(findings))
        return View(entry, kept, human, lines, self._passport(entry, kept, human))

    def view_of(self, path: Path, control: Control | None = None) -> View | None:
        """As `view`, for the file at a place; its content is what counts, not its name.

        Raises:
            MediaError: The file cannot be read.
            StoreError: The project cannot be read or written.
            Cancelled: The person stopped the work.
        """
        return self.view(self.results.digest(path, control or Control()))

    def unfinished(self) -> list[KeptJob]:
        """Jobs that did not end and that no program works on, those of killed programs included.

        Raises:
            StoreError: The project cannot be read or written.
        """
        self.sessions.begin().end()  # sets free what programs that died were working on
        return self.jobs.unfinished()

    def notices(self) -> list[Sentence]:
        """Takes what the person must know about the database (it was damaged and set aside)."""
        return self._connections.notices()

    def close(self) -> None:
        """Closes the calling thread's connection; the next call of a method opens one again."""
        self._connections.close()

    def _passport(self, entry: Entry, kept: Kept | None, human: Human) -> Passport:
        size = self._size(entry)
        media = MediaUsed(entry.name, entry.media_hash, size, str(entry.kind), entry.duration)
        if kept is None:
            return Passport("", media, edits=tuple(human.history))
        files = self._files()
        packs = tuple(
            replace(used, files=files.get(used.manifest_sha256, ())) for used in packs_used(kept.findings, ())
        )
        return Passport(
            version=kept.program,
            media=media,
            packs=packs,
            subtitles=subtitles_used(kept.findings),
            settings=kept.settings,
            began=kept.began,
            seconds=kept.seconds,
            edits=tuple(human.history),
        )

    def _size(self, entry: Entry) -> int:
        with self._connections.use() as connection:
            row = connection.execute("SELECT bytes FROM media WHERE id = ?", (entry.number,)).fetchone()
        return 0 if row is None else int(row[0])

    def _files(self) -> dict[str, tuple[tuple[str, str], ...]]:
        """Files of every pack that was ever used, by the hash of its manifest."""
        with self._connections.use() as connection:
            rows = connection.execute("SELECT manifest_hash, files FROM packs").fetchall()
        return {manifest: tuple(sorted(json.loads(files).items())) for manifest, files in rows}
