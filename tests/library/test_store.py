"""Kept results: what was found is found again, and no state of the disk loses it or hides the trouble."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mmdesk.control import Control
from mmdesk.errors import Cancelled, EmptyFile, NoSpace, NotWritable, UnreadableFile
from mmdesk.events import Finding, Found, MediaKind, Started, Warned
from mmdesk.library.connections import Connections
from mmdesk.library.database import database_failures
from mmdesk.library.run import Run
from mmdesk.library.store import Asked, Outcome, ResultStore
from mmdesk.sentences import sentence
from tests.analysis.findings_for_tests import FINDINGS, caption

KEY = "k" * 64
FOUND = [caption(f"Line {n}.", n, n + 1) for n in range(5)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "results.sqlite"


@pytest.fixture
def store(file: Path) -> Iterator[ResultStore]:
    store = ResultStore(Connections(file))
    yield store
    store.close()


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.mp4"
    path.write_bytes(b"content of a film")
    return path


def begin(store: ResultStore, film: Path, key: str = KEY) -> Run:
    started = Started(film, MediaKind.VIDEO, 12.5)
    return store.begin(film, store.digest(film, Control()), Asked(key), started)


def keep(store: ResultStore, film: Path, found: list[Finding], outcome: Outcome = Outcome.FINISHED) -> Run:
    run = begin(store, film)
    run.add([Found(film, finding) for finding in found])
    run.end(outcome, 3.5)
    return run


def test_nothing_is_touched_before_it_is_used(file: Path) -> None:
    ResultStore(Connections(file))
    assert not file.parent.exists()


def test_results_come_back_with_everything(store: ResultStore, film: Path) -> None:
    run = begin(store, film)
    warning = Warned(film, sentence("{name} is odd.", name="x"), sentence("Look at it."))
    run.add([Found(film, FOUND[0]), warning])
    run.add([Found(film, finding) for finding in FOUND[1:]])
    run.end(Outcome.FINISHED, 3.5)
    kept = store.latest(film)
    assert kept is not None
    assert (kept.path, kept.kind, kept.duration) == (film, MediaKind.VIDEO, 12.5)
    assert (kept.outcome, kept.seconds) == (Outcome.FINISHED, 3.5)
    assert list(kept.findings) == FOUND
    assert kept.warnings == ((warning.message, warning.hint),)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(found=st.lists(FINDINGS, max_size=5))
def test_any_finding_survives(store: ResultStore, film: Path, found: list[Finding]) -> None:
    keep(store, film, found)
    kept = store.latest(film)
    assert kept is not None
    assert list(kept.findings) == found


def test_a_file_is_known_by_its_content(store: ResultStore, film: Path, tmp_path: Path) -> None:
    keep(store, film, FOUND)
    moved = film.rename(tmp_path / "another name.mkv")
    kept = store.latest(moved)
    assert kept is not None
    assert list(kept.findings) == FOUND
    moved.write_bytes(b"other content")
    assert store.latest(moved) is None


def test_a_name_that_is_no_text(store: ResultStore, tmp_path: Path) -> None:
    film = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe.mp4"))
    film.write_bytes(b"content")
    keep(store, film, FOUND)
    kept = store.latest(film)
    assert kept is not None
    assert kept.path == film


def test_only_complete_results_of_the_same_request_count_as_finished(store: ResultStore, film: Path) -> None:
    digest = store.digest(film, Control())
    keep(store, film, FOUND[:2], Outcome.CANCELLED)
    assert store.finished(digest, KEY) is None
    partial = store.latest(film)
    assert partial is not None
    assert (partial.outcome, len(partial.findings)) == (Outcome.CANCELLED, 2)
    keep(store, film, FOUND)
    assert store.finished(digest, "another key") is None
    keep(store, film, FOUND[:1], Outcome.FAILED)
    complete = store.latest(film)
    assert complete is not None
    assert complete.outcome is Outcome.FINISHED


def test_a_finished_run_takes_the_place_of_older_ones(store: ResultStore, film: Path, file: Path) -> None:
    for _ in range(3):
        keep(store, film, FOUND)
    with sqlite3.connect(file) as connection:
        counts = [connection.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in ("runs", "findings")]
    connection.close()
    assert counts == [1, len(FOUND)]


def test_a_killed_program_loses_nothing_that_was_added(file: Path, film: Path) -> None:
    script = f"""
import os, signal
from pathlib import Path
from mmdesk.control import Control
from mmdesk.events import Found, MediaKind, Started
from mmdesk.library.connections import Connections
from mmdesk.library.store import Asked, ResultStore
from tests.analysis.findings_for_tests import caption
film = Path({str(film)!r})
store = ResultStore(Connections(Path({str(file)!r})))
run = store.begin(film, store.digest(film, Control()), Asked("key"), Started(film, MediaKind.VIDEO))
for n in range(100):
    run.add([Found(film, caption(str(n), n, n + 1))])
os.kill(os.getpid(), signal.SIGKILL)
"""
    root = str(Path(__file__).parents[2])
    done = subprocess.run([sys.executable, "-c", script], cwd=root, env={**os.environ, "PYTHONPATH": root})
    assert done.returncode != 0
    store = ResultStore(Connections(file))
    kept = store.latest(film)
    store.close()
    assert kept is not None
    assert (kept.outcome, len(kept.findings)) == (Outcome.RUNNING, 100)


def test_threads_write_beside_each_other(store: ResultStore, tmp_path: Path) -> None:
    films = [tmp_path / f"{n}.mp4" for n in range(4)]
    failures: list[BaseException] = []

    def work(film: Path) -> None:
        try:
            film.write_bytes(film.name.encode())
            run = begin(store, film)
            for finding in FOUND * 20:
                run.add([Found(film, finding)])
            run.end(Outcome.FINISHED, 1)
        except BaseException as failure:
            failures.append(failure)
            raise
        finally:
            store.close()

    threads = [threading.Thread(target=work, args=(film,)) for film in films]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    for film in films:
        kept = store.latest(film)
        assert kept is not None
        assert len(kept.findings) == 100


def test_a_digest_is_remembered_until_the_file_changes(store: ResultStore, film: Path) -> None:
    first = store.digest(film, Control())
    stopped = Control()
    stopped.cancel()
    assert store.digest(film, stopped) == first, "an unchanged file is not read again"
    film.write_bytes(b"something longer than before")
    with pytest.raises(Cancelled):
        store.digest(film, stopped)
    assert store.digest(film, Control()) != first


def test_files_that_cannot_be_read_have_their_own_errors(store: ResultStore, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile):
        store.latest(tmp_path / "missing")
    (tmp_path / "empty").touch()
    with pytest.raises(EmptyFile):
        store.latest(tmp_path / "empty")


@pytest.mark.parametrize(
    "damage", [b"no database at all" * 100, bytes(4096), b"SQLite format 3\0" + bytes(4080)]
)
def test_a_damaged_database_is_set_aside_and_told(file: Path, film: Path, damage: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(damage)
    store = ResultStore(Connections(file))
    keep(store, film, FOUND)
    (notice,) = store.notices()
    store.close()
    (aside,) = [path for path in file.parent.iterdir() if ".damaged-" in path.name]
    assert aside.read_bytes() == damage
    assert aside.name in str(notice)
    assert store.notices() == []


def test_of_a_database_that_breaks_in_the_middle_the_rest_is_rescued(file: Path, tmp_path: Path) -> None:
    store = ResultStore(Connections(file))
    films = [tmp_path / f"{n}.mp4" for n in range(60)]
    for film in films:
        film.write_bytes(film.name.encode())
        keep(store, film, FOUND * 20)
    store.close()
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    data = bytearray(file.read_bytes())
    third = len(data) // 4096 // 3 * 4096
    data[third : third + 8 * 4096] = bytes(8 * 4096)
    file.write_bytes(data)
    whole = 0
    for film in films:
        try:
            kept = store.latest(film)
        except NotWritable:
            kept = store.latest(film)
        whole += kept is not None and list(kept.findings) == FOUND * 20
        assert kept is None or kept.outcome is not Outcome.FINISHED or list(kept.findings) == FOUND * 20
    (notice,) = store.notices()
    store.close()
    assert "rescued" in str(notice)
    assert whole >= 50, f"{whole} of 60 are whole: {notice}"
    assert any(".damaged-" in path.name for path in file.parent.iterdir())


def test_a_truncated_database_loses_no_new_results(file: Path, film: Path) -> None:
    store = ResultStore(Connections(file))
    keep(store, film, FOUND * 100)
    store.close()
    file.write_bytes(file.read_bytes()[:5000])
    for side in ("-wal", "-shm"):
        file.with_name(file.name + side).unlink(missing_ok=True)
    for _ in range(2):
        try:
            keep(store, film, FOUND)
            break
        except NotWritable:
            pass
    kept = store.latest(film)
    store.close()
    assert kept is not None
    assert list(kept.findings) == FOUND


def test_a_newer_database_is_left_alone(file: Path, film: Path, store: ResultStore) -> None:
    keep(store, film, FOUND)
    store.close()
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(NotWritable, match="newer version"):
        store.latest(film)
    assert file.exists()
    assert list(file.parent.glob("*.damaged-*")) == []


def test_a_locked_database_is_a_sentence(
    file: Path, film: Path, store: ResultStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mmdesk.library.database._BUSY_SECONDS", 0.1)
    keep(store, film, FOUND)
    store.close()
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(NotWritable, match="another program"):
        begin(store, film)
    other.close()
    keep(store, film, FOUND)


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path, film: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(NotWritable, match="cannot be kept"):
        ResultStore(Connections(tmp_path / "data" / "results.sqlite")).latest(film)


def test_a_full_disk_is_no_space(file: Path) -> None:
    file.parent.mkdir()
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE t (x)")
    connection.execute("PRAGMA max_page_count = 3")
    with pytest.raises(NoSpace), database_failures():
        connection.execute("INSERT INTO t VALUES (zeroblob(100000))")
    connection.close()
