"""A project with 10,000 files and 5 million findings: opening, filtering, paging, against a tenth of it.

python -m bench.library [FILES] [FINDINGS PER FILE]
"""

from __future__ import annotations

import json
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain, repeat
from pathlib import Path

from bench.figures import milliseconds, tell
from mmdesk.events import MediaKind
from mmdesk.library.database import connect, transaction
from mmdesk.library.listing import Query, Sort
from mmdesk.library.project import Project
from mmdesk.library.words import index_medium

_FILES, _FINDINGS = 10_000, 500
_TURNS = 7
_WORDS = (
    "a",
    "dog",
    "cat",
    "man",
    "woman",
    "runs",
    "sits",
    "plays",
    "with",
    "in",
    "on",
    "the",
    "red",
    "grass",
)
_CHINESE = "我今天很高兴因为天气好他们在公园里散步"
_TAGS = ("interview", "pilot", "to check", "good", "第一组")
_OPEN = """
import sys, time
from pathlib import Path
began = time.perf_counter()
from mmdesk.library.listing import Query
from mmdesk.library.project import Project
loaded = time.perf_counter()
project = Project(Path(sys.argv[1]))
numbers = project.library.numbers(Query())
project.library.entries(numbers[:50])
project.library.tags()
print(loaded - began, time.perf_counter() - loaded)
"""


def fill(file: Path, files: int, findings: int) -> None:
    """Writes a project straight into its tables."""
    chance = random.Random(files)
    connection = connect(file)
    source = json.dumps(
        {
            "origin": "model",
            "pack": "p",
            "version": "1.0.0",
            "file_hash": "0" * 64,
            "precision": "fp32",
            "provider": "CPUExecutionProvider",
        }
    )
    connection.execute("INSERT INTO sources VALUES (1, ?)", (source,))
    for first in range(0, files, 100):
        with transaction(connection):
            for number in range(first + 1, min(files, first + 100) + 1):
                _file(connection, number, findings, chance)
    connection.close()


def _file(connection: sqlite3.Connection, number: int, findings: int, chance: random.Random) -> None:
    name, kind = f"recording {number:05}.mp4", "video" if number % 3 else "picture"
    path = f"/somewhere/{name}".encode()
    connection.execute(
        "INSERT INTO runs (id, media_hash, request_key, path, kind, duration, began, outcome, seconds, found)"
        " VALUES (?, ?, 'k', ?, ?, 60.0, ?, 'finished', 1.0, ?)",
        (number, f"{number:064}", path, kind, float(number), findings),
    )
    connection.executemany(
        "INSERT INTO findings VALUES (?, ?, 1, ?)",
        ((number, at, body) for at, body in enumerate(_bodies(findings, chance))),
    )
    connection.execute(
        "INSERT INTO media (id, hash, path, name, kind, duration, bytes, added, changed, run, outcome,"
        " findings, valence) VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?, ?, 'finished', ?, ?)",
        (
            number,
            f"{number:064}",
            path,
            name,
            kind,
            chance.uniform(1, 9999),
            number,
            chance.uniform(0, 1e9),
            number,
            findings,
            chance.uniform(-1, 1),
        ),
    )
    tags = {(chance.choice(_TAGS), number) for _ in range(chance.randrange(3))}
    connection.executemany("INSERT INTO tags VALUES (?, ?)", tags)
    index_medium(connection, number)


def _bodies(findings: int, chance: random.Random) -> Iterator[str]:
    for at in range(findings):
        kind = ("caption", "transcript", "sentiment")[at % 3]
        text = " ".join(chance.choices(_WORDS, k=8)) if at % 5 else "".join(chance.choices(_CHINESE, k=9))
        if chance.random() < 1e-4:
            text += " zebra"
        yield json.dumps(
            {
                "kind": kind,
                "t0": at * 0.4,
                "t1": at * 0.4 + 0.4,
                "text": text,
                "value": chance.uniform(-1, 1),
                "language": "en",
                "confidence": 0.7,
                "modality": "scene",
                "evidence": [{"modality": "scene", "t0": at * 0.4, "t1": at * 0.4 + 0.4}],
            },
            separators=(",", ":"),
        )


def opening(file: Path) -> tuple[list[float], list[float]]:
    """Seconds of importing and of opening, each in a process of its own."""
    pairs = []
    for _ in range(_TURNS):
        out = subprocess.run([sys.executable, "-c", _OPEN, str(file)], capture_output=True, check=True).stdout
        pairs.append(tuple(map(float, out.split())))
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def timed(work: Callable[[], object]) -> list[float]:
    """Seconds of each turn after a first one."""
    seconds = []
    work()
    for _ in range(_TURNS):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return seconds


def reading(file: Path) -> dict[str, str]:
    """Filters, pages and one file's results."""
    project = Project(file)
    library = project.library
    queries = {
        "filter: a word that all have": Query("dog"),
        "filter: two words, one rare": Query("zebra dog"),
        "filter: Chinese": Query("今天"),
        "filter: kind and tag": Query(kinds=frozenset({MediaKind.PICTURE}), tags=frozenset({"to check"})),
        "sort by valence": Query(sort=Sort.VALENCE),
        "all, by name": Query(sort=Sort.NAME),
    }
    figures = {name: milliseconds(timed(partial(library.numbers, query))) for name, query in queries.items()}
    numbers = library.numbers(Query())
    pages = chain.from_iterable(repeat(range(0, len(numbers), 40)))
    figures["a page of 40 rows"] = milliseconds(timed(lambda: library.entries(numbers[next(pages) :][:40])))
    figures["results of one file"] = milliseconds(timed(lambda: project.view(f"{len(numbers) // 2:064}")))
    project.close()
    return figures


def main(files: int, findings: int) -> None:
    """Prints everything for the whole and for a tenth of it."""
    with tempfile.TemporaryDirectory() as folder:
        opened = []
        for count in (files // 10, files):
            file = Path(folder) / str(count) / "results.sqlite"
            fill(file, count, findings)
            imports, opens = opening(file)
            opened.append(sorted(opens)[len(opens) // 2])
            size = f"{file.stat().st_size / 2**20:.0f} MiB"
            figures = {"size": size, "imports": milliseconds(imports), "opening": milliseconds(opens)}
            tell(f"Library of {count} files, {count * findings} findings", figures | reading(file))
        tell("Growth", {"opening, ten times the files": f"{opened[1] / opened[0]:.2f} times the time"})


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:]] + [_FILES, _FINDINGS][len(sys.argv) - 1 :]
    main(*given)
