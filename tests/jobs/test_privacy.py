"""Nothing of a person's reaches a log: not their words, names, paths, nor what a model said about them."""

from __future__ import annotations

import logging
import sqlite3
from pathlib import Path
from typing import NoReturn

import pytest

from mmdesk.control import Control
from mmdesk.jobs.faults import log_kept
from mmdesk.jobs.ledger import Ledger
from mmdesk.jobs.state import JobState
from mmdesk.jobs.watching import Watcher
from mmdesk.library.edits import Change, Name, Note, Tag, corrected
from mmdesk.library.project import Project
from mmdesk.runtime.device import Device
from mmdesk.tasks.engine import Engine
from tests.analysis.scenes_for_tests import Scene, write_scenes, write_srt
from tests.jobs.conftest import MakeEar
from tests.packs_for_tests import colour_caption

MARKERS = ("Annabella", "Grünwald", "secretfolder", "diagnosis", "张伟", "colourless")


class Talkative(Engine):
    """Fails in the middle of the work with everything it knows in its error."""

    def packs_key(self) -> str:
        raise RuntimeError(f"cannot do {' '.join(MARKERS)} {colour_caption('red')}")


def test_markers_reach_no_log(
    make_ear: MakeEar, packs: Path, project: Project, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "secretfolder" / "Annabella"
    folder.mkdir(parents=True)
    film = write_scenes(folder / "Grünwald.mp4", [Scene("red", 2), Scene("blue", 1)])
    write_srt(folder / "Grünwald.en.srt", (0, 1, "my diagnosis is 张伟"), (1, 2, "I love this"))
    broken = folder / "Annabella.jpg"
    broken.write_bytes(b"\xff\xd8\xff colourless diagnosis")
    logs = tmp_path / "logs"
    with log_kept(logs):
        ear = make_ear()
        jobs = [ear.submit(film), ear.submit(broken)]
        ear.hear_end(*jobs)
        assert [ear.states(job)[-1] for job in jobs] == [JobState.DONE, JobState.FAILED]
        _edit(project, film)
        _faults(make_ear, packs, film, project)
        _damage(project, film)
        logging.getLogger("mmdesk").warning("The log is written.")
    caplog.clear()
    (log,) = [path for path in logs.rglob("*") if path.is_file()]
    written = log.read_bytes()
    assert written.count(b"RuntimeError") >= 3
    assert b"The log is written." in written
    words = [*MARKERS, colour_caption("red"), colour_caption("blue"), "I love", str(tmp_path), tmp_path.name]
    assert [word for word in words if word.encode() in written or ascii(word)[1:-1].encode() in written] == []


def _edit(project: Project, film: Path) -> None:
    shown = project.view_of(film)
    assert shown is not None
    change = Change(shown.findings[0], corrected(shown.findings[0], "Annabella's diagnosis"))
    project.edits.do(shown.entry.number, change, Name(1, "Annabella"), Tag("diagnosis"), Note("张伟"))


def _faults(make_ear: MakeEar, packs: Path, film: Path, project: Project) -> None:
    """Faults of our own in every thread that may meet one."""
    ear = make_ear(make_engine=lambda _: Talkative([packs], Device.CPU))
    ear.hear_end(ear.submit(film, "zh"))

    def fails(*_: object) -> NoReturn:
        raise RuntimeError(" ".join((*MARKERS, str(film))))

    watcher = Watcher([film.parent], fails, seconds=0.01)
    ear.hear(lambda: bool(watcher._taken))
    watcher.close()
    ledger = Ledger(project)
    ledger._work.put(fails)
    ledger.close()


def _damage(project: Project, film: Path) -> None:
    """A database whose rows are not what they should be."""
    project.close()
    with sqlite3.connect(project.file) as connection:
        connection.execute("UPDATE media SET name = 'Annabella'")
    connection.close()
    project.file.write_bytes(b"Annabella " * 1000)
    for side in ("-wal", "-shm"):
        project.file.with_name(project.file.name + side).unlink(missing_ok=True)
    project.results.digest(film, Control())
    assert project.notices()
