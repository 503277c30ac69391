"""What people read: one safe line for everything that happens."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from mmdesk.cli.outcomes import Outcomes
from mmdesk.cli.printing import CaptionPrinter, JsonPrinter, LinePrinter, printable
from mmdesk.events import (
    Event,
    Failed,
    Finished,
    Found,
    MediaKind,
    Progress,
    Stage,
    Started,
    Warned,
)
from mmdesk.sentences import sentence
from tests.analysis.findings_for_tests import caption, transcript
from tests.analysis.scenes_for_tests import Scene, write_scenes
from tests.end2end.command_for_tests import command, environment
from tests.packs_for_tests import write_packs

PATH = Path("a\x1b[31m\nb.mp4")
EVENTS: list[Event] = [
    Started(PATH, MediaKind.VIDEO, 3725.25),
    Progress(PATH, Stage.WATCHING, 0.5, 12.0, 61.0),
    Found(PATH, caption("A dog\nruns.", 3600, 3605.5)),
    Found(PATH, transcript("bell\x07", 1, 1)),
    Warned(PATH, sentence("Odd."), sentence("Look.")),
    Failed(PATH, sentence("Bad."), sentence("Again.")),
    Finished(PATH, 2, 1.25),
]


def test_every_event_is_one_line_without_control_characters(capsys: pytest.CaptureFixture[str]) -> None:
    printer = LinePrinter()
    for event in EVENTS:
        printer.event(event)
    printer.end(Outcomes(done=1, failed=1), Path("out"))
    told = capsys.readouterr()
    assert told.out.splitlines() == [
        "a\\x1b[31m\\nb.mp4 (video, 1:02:05.2)",
        "  1:00:00.0 - 1:00:05.5  caption: A dog / runs.",
        "  transcript: bell\\x07",
        "  note: Odd. Look.",
        "a\\x1b[31m\\nb.mp4: failed: Bad. Again.",
        "  2 findings in 1.2 s",
        "1 done, 1 failed.",
        f"Results are in {Path('out').absolute()}",
    ]
    assert told.err == "", "progress is for terminals"


def test_a_caption_that_may_be_wrong_is_told_so(capsys: pytest.CaptureFixture[str]) -> None:
    doubtful = Found(PATH, replace(caption("A dog.", 0, 2), confidence=0.123))
    LinePrinter().event(doubtful)
    assert capsys.readouterr().out == "  0:00.0 - 0:02.0  caption: A dog. (unsure, 12%)\n"
    CaptionPrinter().event(doubtful)
    told = capsys.readouterr()
    assert told.out == "A dog.\n"
    assert told.err == "The model is unsure, 12%: this caption may well be wrong.\n"


def test_json_is_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    printer = JsonPrinter()
    for event in EVENTS:
        printer.event(event)
    printer.end(Outcomes(done=1, failed=1), None)
    assert len(capsys.readouterr().out.splitlines()) == len(EVENTS)


def test_printable_leaves_letters_of_all_languages_alone() -> None:
    assert printable("图片 🙂 é — “x”") == "图片 🙂 é — “x”"
    assert printable("\x00\x9b\r\t") == "\\x00\\x9b\\r\\t"


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals there")
def test_a_terminal_sees_progress_that_is_wiped_away(own_home: Path, tmp_path: Path) -> None:
    write_packs(tmp_path, work=100)
    (own_home / "data").mkdir()
    (tmp_path / "packs").rename(own_home / "data" / "packs")
    film = write_scenes(tmp_path / "film.mp4", [Scene(colour, 1) for colour in ("red", "blue") * 10])
    ours, theirs = os.openpty()
    seen: list[bytes] = []

    def read() -> None:
        try:
            while data := os.read(ours, 4096):
                seen.append(data)
        except OSError:
            return  # the other end is closed

    reader = threading.Thread(target=read)
    reader.start()
    done = subprocess.run(
        command(["analyze", film]), env=environment(), stdout=subprocess.PIPE, stderr=theirs, timeout=60
    )
    os.close(theirs)
    reader.join()
    os.close(ours)
    progress = b"".join(seen).decode()
    assert done.returncode == 0
    assert "film.mp4  watching  " in progress
    assert " left" in progress
    assert progress.endswith("\r\x1b[K")
    assert b"\x1b" not in done.stdout
