"""Kills `mmdesk analyze` with SIGKILL at random moments, goes on, and compares with an undisturbed run.

python -m tests.end2end.killing --runs 50 [--seed 1]

Each run has a home of its own, is killed several times and then left to end. Printed in the end:

- whether the final findings of every run equal those of the undisturbed one, and whether everything
  that a killed program had shown is among them;
- computed twice: seconds of media whose findings were on disk when the program was killed and were
  computed again all the same (findings of a step of work that was not complete);
- decoded twice: seconds of media from where the next program went on decoding to where the killed
  one had got to; a chunk of film is decoded from its start, its complete batches skip the models;
- lost: wall-clock seconds from the last finding on disk to the kill.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sqlite3
import subprocess
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mmdesk.analysis.records import finding_record
from mmdesk.library.listing import Query
from mmdesk.library.project import Project
from tests.analysis.scenes_for_tests import Scene, write_scenes, write_srt
from tests.end2end.command_for_tests import command, environment
from tests.packs_for_tests import write_packs

_COLOURS = ("red", "green", "blue", "bright", "grey")
_KILLS = 3


@dataclass
class Killed:
    """What the runs showed.

    Attributes:
        kills: How many programs were killed before they ended.
        unequal: Numbers of the runs whose findings differ.
        vanished: How many findings were shown and are not among the final ones.
        computed_twice: For each kill, seconds of media.
        decoded_twice: For each kill, seconds of media.
        lost: For each kill, seconds from the last finding on disk to the kill.
    """

    kills: int = 0
    unequal: list[int] = field(default_factory=list)
    vanished: int = 0
    computed_twice: list[float] = field(default_factory=list)
    decoded_twice: list[float] = field(default_factory=list)
    lost: list[float] = field(default_factory=list)


@dataclass
class _Bench:
    """Media and packs that all runs share."""

    media: Path
    packs: Path
    duration: float
    random: random.Random
    killed: Killed = field(default_factory=Killed)

    def undisturbed(self, home: Path) -> tuple[list[str], float]:
        """The findings, and how long the program took."""
        began = time.monotonic()
        if self.ended(home, None)[0]:
            raise RuntimeError("the undisturbed run failed")
        return findings(home), time.monotonic() - began

    def ended(self, home: Path, after: float | None) -> tuple[int, list[dict[str, Any]]]:
        """Lets the program work on the folder, killed after some seconds; its code, and what it told."""
        data = home / "data"
        if not data.exists():
            data.mkdir(parents=True)
            shutil.copytree(self.packs, data / "packs")
        told = home / "told.jsonl"
        with told.open("wb") as out:
            work = command(["analyze", self.media, "--json"])
            process = subprocess.Popen(work, env=environment({"MMDESK_HOME": str(home)}), stdout=out)
            try:
                process.wait(after)
            except subprocess.TimeoutExpired:
                process.kill()
            code = process.wait()
        return code, _events(told.read_text())

    def run(self, number: int, home: Path, wanted: list[str], seconds: float) -> None:
        """One run: killed again and again, then left to end."""
        shown: list[str] = []
        reached = 0.0
        for left in range(_KILLS, -1, -1):
            code, lines = self.ended(home, self.random.uniform(0.5, seconds) if left else None)
            killed_at = time.time()
            if reached:
                self.killed.decoded_twice.append(max(0.0, reached - _begins(lines, self.duration)))
            shown += [_key(line) for line in lines if line["type"] == "finding"]
            if code == 0:
                break
            if code != -9:
                raise RuntimeError(f"the program ended with {code}")
            self._note(home, killed_at)
            reached = _reached(lines, self.duration)
        found = findings(home)
        self.killed.vanished += len(set(shown) - set(found))
        if found != wanted:
            self.killed.unequal.append(number)

    def _note(self, home: Path, killed_at: float) -> None:
        self.killed.kills += 1
        database = home / "data" / "results.sqlite"
        if not database.exists():
            return
        files = [database, *database.parent.glob("results.sqlite-wal")]
        self.killed.lost.append(max(0.0, killed_at - max(file.stat().st_mtime for file in files)))
        self.killed.computed_twice.append(_incomplete(database))


def findings(home: Path) -> list[str]:
    """All kept findings, as text, sorted."""
    project = Project(home / "data" / "results.sqlite")
    try:
        found: list[str] = []
        for entry in project.library.entries(project.library.numbers(Query())):
            kept = project.results.latest_of(entry.media_hash)
            if kept is None or str(kept.outcome) != "finished":
                found.append(f"{entry.name}: not finished")
                continue
            found += [_key({"path": entry.name, **finding_record(each)}) for each in kept.findings]
        return sorted(found)
    finally:
        project.close()


def _key(record: dict[str, Any]) -> str:
    known = {name: value for name, value in record.items() if name != "type"}
    return json.dumps({**known, "path": Path(record["path"]).name}, sort_keys=True)


def _events(out: str) -> list[dict[str, Any]]:
    """Whole lines; the last one of a killed program may be broken."""
    return [json.loads(line) for line in out.splitlines(keepends=True) if line.endswith("\n")]


def _watching(lines: list[dict[str, Any]]) -> list[float]:
    return [
        line["fraction"]
        for line in lines
        if line["type"] == "progress" and line["stage"] == "watching" and line["fraction"] is not None
    ]


def _reached(lines: list[dict[str, Any]], duration: float) -> float:
    return duration * max(_watching(lines), default=0.0)


def _begins(lines: list[dict[str, Any]], duration: float) -> float:
    return duration * next(iter(_watching(lines)), 1.0)


def _incomplete(database: Path) -> float:
    """Seconds of media of findings on disk that belong to no complete step."""
    with closing(sqlite3.connect(database)) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'parts'").fetchone():
            return 0.0
        rows = connection.execute(
            "SELECT json_extract(body, '$.t0'), json_extract(body, '$.t1') FROM findings JOIN runs"
            " ON runs.id = findings.run WHERE outcome = 'running' AND NOT EXISTS (SELECT 1 FROM parts WHERE"
            " parts.run = findings.run AND number >= first AND number < first + count)"
        ).fetchall()
    return float(sum(end - begin for begin, end in set(rows)))


def write_media(folder: Path, seconds: int) -> float:
    """A film of many scenes with subtitles; returns its seconds."""
    folder.mkdir()
    scenes = [Scene(_COLOURS[n % 5], 0.7 + 0.3 * (n % 4)) for n in range(seconds)]
    length = sum(scene.seconds for scene in scenes)
    lines = [(n * 0.9, n * 0.9 + 0.6, f"line {n}, and I love it") for n in range(int(length / 0.9))]
    write_srt(folder / "film.en.srt", *lines)
    write_scenes(folder / "film.mp4", scenes)
    return length


def kill(runs: int, seed: int, folder: Path, scenes: int = 120, work: int = 250) -> Killed:
    """Kills programs.

    Args:
        runs: How many runs, each killed up to three times.
        seed: Of the moments.
        folder: An empty folder to work in.
        scenes: How many scenes the film has.
        work: How slow the captions are (see `write_packs`).
    """
    duration = write_media(folder / "media", scenes)
    packs = write_packs(folder / "made", work=work)
    bench = _Bench(folder / "media", packs, duration, random.Random(seed))
    wanted, seconds = bench.undisturbed(folder / "undisturbed")
    for number in range(runs):
        home = folder / f"home-{number}"
        bench.run(number, home, wanted, seconds)
        shutil.rmtree(home)
    return bench.killed


def main() -> None:
    """Runs it and prints what it showed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        killed = kill(options.runs, options.seed, Path(folder))
    say = print  # a script for developers
    say(f"{options.runs} runs, {killed.kills} kills")
    say(f"runs with other findings than the undisturbed one: {len(killed.unequal)} {killed.unequal}")
    say(f"findings that were shown and then lost: {killed.vanished}")
    say(f"computed twice, most: {max(killed.computed_twice, default=0):.2f} s of media")
    say(f"decoded twice, most: {max(killed.decoded_twice, default=0):.2f} s of media")
    say(f"from the last commit to the kill, most: {max(killed.lost, default=0):.2f} s")


if __name__ == "__main__":
    main()
