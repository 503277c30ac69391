"""Databases on bad days: locked, broken, not to be written. A sentence, and nothing good is lost."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image

from mmdesk.library.listing import Query
from mmdesk.library.project import Project
from tests.end2end.command_for_tests import Done, command, environment, mmdesk
from tests.packs_for_tests import colour_caption, picture

COLOURS = ("red", "green", "blue", "grey")


@pytest.fixture
def pictures(home: Path, tmp_path: Path) -> list[Path]:
    """Pictures that were analysed, and one that was not."""
    paths = [tmp_path / "in" / f"{colour}.png" for colour in COLOURS]
    paths[0].parent.mkdir()
    for path in paths:
        Image.fromarray(picture(path.stem)).save(path)
    assert mmdesk("analyze", *paths[:3]).code == 0
    return paths


def database(home: Path) -> Path:
    return home / "data" / "results.sqlite"


def is_calm(done: Done) -> None:
    """No traceback, and every failure has a sentence with a hint."""
    assert "Traceback" not in done.err + done.out
    for failed in done.of("failed"):
        assert failed["message"]
        assert failed["hint"]


def shown(done: Done) -> set[str]:
    return {event["text"] for event in done.of("finding") if event["kind"] == "caption"}


def test_a_database_that_another_program_holds(home: Path, pictures: list[Path]) -> None:
    with closing(sqlite3.connect(database(home), isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        done = mmdesk("analyze", pictures[3], "--json", seconds=110)
    is_calm(done)
    assert done.code == 1
    assert "another program" in done.of("failed")[0]["message"]
    assert colour_caption("grey") in shown(done), "what was found is shown all the same"
    again = mmdesk("analyze", *pictures, "--json")
    assert again.code == 0
    assert shown(again) == {colour_caption(colour) for colour in COLOURS}


@pytest.mark.parametrize("seed", range(4))
def test_flipped_bytes(home: Path, pictures: list[Path], seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray(database(home).read_bytes())
    for _ in range(40):
        data[chance.randrange(100, len(data))] ^= 1 << chance.randrange(8)
    database(home).write_bytes(data)
    runs = [mmdesk("analyze", *pictures, "--json") for _ in range(3)]
    for done in runs:
        is_calm(done)
        assert {colour_caption(colour) for colour in COLOURS} <= shown(done), done.out[:3000]
    assert runs[-1].code == 0, runs[-1].out[-2000:]


def test_a_truncated_database_is_set_aside_and_said(home: Path, pictures: list[Path]) -> None:
    data = database(home).read_bytes()
    database(home).write_bytes(data[: len(data) // 2 // 4096 * 4096])
    runs = [mmdesk("analyze", *pictures, "--json") for _ in range(3)]
    for done in runs:
        is_calm(done)
    assert runs[-1].code == 0
    assert "set aside" in "".join(done.out for done in runs)
    assert list(database(home).parent.glob("results.damaged-*"))
    project = Project(database(home))
    assert len(project.library.numbers(Query())) == 4
    project.close()


@pytest.mark.skipif(sys.platform != "linux", reason="mounts")
def test_a_folder_that_cannot_be_written(home: Path, pictures: list[Path]) -> None:
    script = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'
    inside: list[str | bytes] = [
        "unshare",
        "--mount",
        "--map-root-user",
        "sh",
        "-c",
        script,
        str(home / "data"),
    ]
    if subprocess.run([*inside, "true"], capture_output=True).returncode:
        pytest.skip("may not mount here")
    ran = subprocess.run(
        [*inside, *command(["analyze", pictures[3], "--json"])],
        env=environment(),
        capture_output=True,
        timeout=100,
    )
    done = Done(ran.returncode, ran.stdout.decode(), ran.stderr.decode())
    is_calm(done)
    assert done.code == 1
    assert "cannot be kept" in done.of("failed")[0]["message"]
    assert colour_caption("grey") in shown(done)
    assert mmdesk("analyze", *pictures, "--json").code == 0, "what was good is good"
