"""Databases of older versions: copied first, then brought up to date, or left as they were."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from mmdesk.errors import NotWritable
from mmdesk.library import schema
from mmdesk.library.listing import Query
from mmdesk.library.project import Project


def write_version_1(file: Path, film: Path) -> None:
    """A database as the first version of the program made it."""
    file.parent.mkdir(parents=True)
    with closing(sqlite3.connect(file)) as connection, connection:
        for statement in schema._STEPS[0]:
            connection.execute(statement)
        connection.execute("PRAGMA user_version = 1")
        connection.execute(
            "INSERT INTO runs VALUES (1, 'h', 'k', ?, 'video', 2.0, 5.0, 'finished', 1.0)",
            (os.fsencode(film),),
        )
        body = (
            '{"kind":"caption","t0":0.1,"t1":2,"text":"A dog \\ud83d\\ude00","language":"en",'
            '"confidence":0.5,'
            '"modality":"scene","source":{"origin":"model","pack":"p","version":"1.0.0","file_hash":"f",'
            '"precision":"fp32","provider":"CPU"},"evidence":[{"modality":"scene","t0":0.1,"t1":2}]}'
        )
        connection.executemany("INSERT INTO findings VALUES (1, ?, ?)", [(n, body) for n in range(3)])


def test_an_older_database_is_copied_and_brought_up_to_date(tmp_path: Path, film: Path) -> None:
    file = tmp_path / "data" / "results.sqlite"
    write_version_1(file, film)
    project = Project(file)
    shown = project.view("h")
    assert shown is not None
    assert [finding.text for finding in shown.findings] == ["A dog 😀"] * 3
    assert {finding.source.pack for finding in shown.findings} == {"p"}
    assert shown.entry.name == "film.mp4"
    assert len(project.library.numbers(Query("dog"))) == 1
    project.close()
    (copy,) = file.parent.glob("results.before-version-*.sqlite")
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT count(*) FROM findings").fetchone() == (3,)
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)


def test_a_migration_that_fails_leaves_everything_as_it_was(
    tmp_path: Path, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "data" / "results.sqlite"
    write_version_1(file, film)
    first, second = schema._STEPS
    monkeypatch.setattr(schema, "_STEPS", (first, (*second, "INSERT INTO nowhere VALUES (1)")))
    project = Project(file)
    with pytest.raises(NotWritable):
        project.view("h")
    project.close()
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        assert connection.execute("SELECT count(*) FROM findings").fetchone() == (3,)
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    assert "media" not in tables
