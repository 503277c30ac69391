"""Batches on the command line: selections, what was done before, outcomes, going on after a kill."""

from __future__ import annotations

import csv
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from mmdesk.library.project import Project
from tests.analysis.scenes_for_tests import Scene, write_scenes
from tests.end2end.command_for_tests import command, environment, mmdesk
from tests.packs_for_tests import picture, write_packs

pytestmark = pytest.mark.usefixtures("home")


def write_folder(folder: Path) -> Path:
    for name in ("a.png", "b.png", "draft-c.png", "deep/d.png"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(picture("red" if name == "a.png" else "blue")).save(folder / name)
    (folder / "e.png").write_text("no picture")
    return folder


def outcomes(table: Path) -> dict[str, tuple[str, str]]:
    with table.open(encoding="utf-8-sig", newline="") as file:
        return {Path(row["path"]).name: (row["outcome"], row["reason"]) for row in csv.DictReader(file)}


def test_a_batch_skips_what_is_done_and_tells_how_each_file_went(tmp_path: Path) -> None:
    folder, table = write_folder(tmp_path / "in"), tmp_path / "table.csv"
    options: list[str | Path] = ["--exclude", "draft-*", "--no-recursive", "--outcomes", table]
    first = mmdesk("analyze", folder, *options)
    assert first.code == 1
    assert {name: outcome for name, (outcome, _) in outcomes(table).items()} == {
        "a.png": "done",
        "b.png": "done",
        "e.png": "failed",
    }
    assert "text" in outcomes(table)["e.png"][1]
    again = mmdesk("analyze", folder, *options)
    assert again.out.splitlines()[-1] == "2 done (2 of them before), 1 failed."
    assert outcomes(table)["a.png"] == ("skipped", "")
    Image.fromarray(picture("green")).save(folder / "e.png")
    retried = mmdesk("analyze", "--retry-failed")
    assert (retried.code, retried.out.splitlines()[-1]) == (0, "1 done.")


def test_nothing_to_do_is_wrong_usage() -> None:
    done = mmdesk("analyze")
    assert done.code == 2
    assert "name a file" in done.err


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_continue_does_what_a_killed_program_left(home: Path, tmp_path: Path) -> None:
    write_packs(tmp_path / "slow", work=200)
    (home / "data" / "packs" / "tiny-caption").rename(tmp_path / "fast")
    (tmp_path / "slow" / "packs" / "tiny-caption").rename(home / "data" / "packs" / "tiny-caption")
    films = [
        write_scenes(tmp_path / f"{n}.mp4", [Scene(c, 1) for c in ("red", "blue", "grey") * 4])
        for n in range(2)
    ]
    process = subprocess.Popen(
        command(["analyze", *films, "--json"]), env=environment(), stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    with process.stdout:
        while b'"finding"' not in process.stdout.readline():
            assert process.poll() is None
        time.sleep(0.2)
        process.send_signal(signal.SIGKILL)
    process.wait()
    done = mmdesk("analyze", "--continue", "--json")
    assert done.code == 0
    assert done.ends() == {str(film): ["finished"] for film in films}
    project = Project(home / "data" / "results.sqlite")
    assert project.jobs.unfinished() == []
    assert len({tuple(kept.findings) for film in films if (kept := project.results.latest(film))}) == 1
    project.close()
