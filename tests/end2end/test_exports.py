"""Results go out, are checked, are corrected elsewhere and come back: the commands in real processes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.analysis.scenes_for_tests import Scene, write_scenes, write_srt
from tests.end2end.command_for_tests import environment, mmdesk
from tests.packs_for_tests import colour_caption

pytestmark = pytest.mark.usefixtures("home")
_ALL = {"srt", "vtt", "txt", "csv", "parquet", "jsonl", "eaf", "xmp", "html", "pdf"}


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """An analysed film with subtitles."""
    write_srt(tmp_path / "film.en.srt", (0.5, 2, "I love this wonderful day"), (2.5, 3, "That is terrible"))
    path = write_scenes(tmp_path / "film.mp4", [Scene("red", 2), Scene("blue", 2)])
    assert mmdesk("analyze", path).code == 0
    return path


def test_every_format_of_a_recording_with_its_passport(film: Path, tmp_path: Path) -> None:
    done = mmdesk("export", film, "--format", "all", "--to", tmp_path / "out", "--language", "zh")
    assert (done.code, done.err) == (0, "")
    assert {Path(line).suffix[1:] for line in done.out.splitlines()} == _ALL
    for name in ("srt", "vtt", "pdf"):  # tests/export/test_readers.py has them all
        told = mmdesk("verify", tmp_path / "out" / f"film.{name}")
        assert told.code == 0, (name, told)
        assert told.out.count("ok: ") == 3
    second = mmdesk("export", film, "--format", "srt,vtt", "--to", tmp_path / "out")
    assert second.code == 1
    assert second.err.count("is there already") == 2
    assert mmdesk("export", film, "--format", "srt", "--to", tmp_path / "out", "--replace").code == 0


def test_verify_computes_findings_again(film: Path, tmp_path: Path) -> None:
    mmdesk("export", film, "--format", "jsonl", "--to", tmp_path)
    for source in (film, tmp_path / "film.jsonl"):
        done = mmdesk("verify", source, "--rerun", "3", "--seed", "7")
        assert done.code == 0, done
        assert "3 of " in done.out
        assert "words and classes the same in 3" in done.out
        assert "largest difference of a number 0." in done.out
    text = (tmp_path / "film.jsonl").read_text().replace(colour_caption("red"), "A cat.")
    (tmp_path / "film.jsonl").write_text(text)
    lie = mmdesk("verify", tmp_path / "film.jsonl", "--rerun", "100")
    assert lie.code == 1
    assert "DIFFERENT: 0:00:00.0 caption: A cat." in lie.out
    film.rename(tmp_path / "away.mp4")
    missing = mmdesk("verify", tmp_path / "film.jsonl")
    assert missing.code == 1
    assert "CHANGED: film.mp4 cannot be read" in missing.out
    assert mmdesk("verify", tmp_path / "film.jsonl", "--media", tmp_path / "away.mp4").code == 0


def test_corrections_are_shown_then_taken_over_and_exported(film: Path, tmp_path: Path) -> None:
    mmdesk("export", film, "--format", "eaf", "--to", tmp_path)
    edited = tmp_path / "film.eaf"
    edited.write_text(edited.read_text().replace("That is terrible", "That is fine 好"))
    shown = mmdesk("import", edited)
    assert shown.code == 0
    assert "changed: 0:00:02.5 – 0:00:03.0  transcript" in shown.out
    assert "  - That is terrible\n  + That is fine 好\n" in shown.out
    assert "Nothing was changed." in shown.out
    assert "Taken over" in mmdesk("import", edited, "--into", film, "--apply").out
    assert "0 differences." in mmdesk("import", edited).out
    mmdesk("export", film, "--format", "jsonl,srt", "--to", tmp_path / "after")
    assert "That is fine 好" in (tmp_path / "after" / "film.srt").read_text(encoding="utf-8")
    lines = (tmp_path / "after" / "film.jsonl").read_text(encoding="utf-8").splitlines()
    passport, findings = json.loads(lines[0]), [json.loads(line) for line in lines[1:]]
    (edit,) = passport["edits"]
    assert (edit["before"], edit["after"]) == ("That is terrible", "That is fine 好")
    assert [each["source"]["origin"] for each in findings if each.get("text") == "That is fine 好"] == [
        "person"
    ]


def test_a_table_is_corrected_by_its_sidecar(film: Path, tmp_path: Path) -> None:
    mmdesk("export", film, "--format", "csv", "--to", tmp_path)
    table = tmp_path / "film.csv"
    table.write_text(table.read_text(encoding="utf-8-sig").replace(colour_caption("blue"), "The sea."))
    done = mmdesk("import", table, "--apply")
    assert "  + The sea." in done.out
    assert done.code == 0


def test_what_was_never_analysed_is_a_sentence(tmp_path: Path) -> None:
    film = write_scenes(tmp_path / "new.mp4", [Scene("red", 1)])
    export: list[str | Path] = ["export", film, "--format", "srt", "--to", tmp_path]
    loose = tmp_path / "loose.srt"
    loose.write_text("1\n00:00:01,000 --> 00:00:02,000\nHello\n")
    assert "does not say which recording it belongs to" in mmdesk("import", loose).err
    for command in (export, ["verify", film], ["import", loose, "--into", film]):
        done = mmdesk(*command)
        assert (done.code, done.out) == (1, "")
        assert "There are no results for new.mp4. Analyse it first" in done.err
    unknown = mmdesk("export", film, "--format", "docx", "--to", tmp_path)
    assert unknown.code == 2
    assert "known are srt, vtt" in unknown.err


@pytest.mark.skipif(sys.platform == "win32", reason="no limits on file size there")
def test_a_full_disk_and_a_wrong_folder_are_sentences(film: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    wrong = mmdesk("export", film, "--format", "all", "--to", tmp_path / "file")
    assert wrong.code == 1
    assert wrong.err.count("could not be saved") == len(_ALL)
    assert "Traceback" not in wrong.err
    limited = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (60, 60));"
        "from mmdesk.control import Control; from mmdesk.errors import NoSpace;"
        "from mmdesk.export.formats import Choices, Format, export;"
        "from tests.export.results_for_tests import SAMPLE; from pathlib import Path\n"
        "for kind in ('srt', 'vtt', 'csv', 'jsonl', 'eaf', 'xmp', 'html', 'pdf', 'parquet'):\n"
        "    try: export(SAMPLE, Format(kind), Path(sys.argv[1]) / f'x.{kind}', Choices(), Control())\n"
        "    except NoSpace: print(kind)\n"
    )
    (tmp_path / "full").mkdir()
    command = [sys.executable, "-c", limited, str(tmp_path / "full")]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True)
    assert done.stdout.split() == ["srt", "vtt", "csv", "jsonl", "eaf", "xmp", "html", "pdf", "parquet"], done
    assert list((tmp_path / "full").iterdir()) == []
