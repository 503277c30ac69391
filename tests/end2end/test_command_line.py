"""The command line as people and programs use it."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from tests.analysis.scenes_for_tests import Scene, write_scenes, write_srt
from tests.end2end.command_for_tests import Done, command, environment, mmdesk
from tests.packs_for_tests import colour_caption, picture, write_packs

FINDING = {
    "type",
    "path",
    "kind",
    "t0",
    "t1",
    "text",
    "language",
    "confidence",
    "modality",
    "source",
    "evidence",
}
SOURCE = {"origin", "pack", "version", "file_hash", "precision", "provider"}
pytestmark = pytest.mark.usefixtures("home")


def write_picture(path: Path, colour: str = "red") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(picture(colour)).save(path)
    return path


def write_film(folder: Path, name: str = "film") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    write_srt(folder / f"{name}.en.srt", (0.5, 2, "I love this wonderful day"), (2.5, 3, "That is terrible"))
    return write_scenes(folder / f"{name}.mp4", [Scene("red", 2), Scene("blue", 2)])


def results(out: Path) -> list[Path]:
    """The files of results, without the passports beside those formats that have no place for one."""
    return [path for path in out.iterdir() if not path.name.endswith(".passport.json")]


def test_json_has_one_object_a_line_with_exactly_these_keys(tmp_path: Path) -> None:
    film = write_film(tmp_path)
    done = mmdesk("analyze", film, "--json")
    assert (done.code, done.err) == (0, "")
    assert done.events[0] == {"type": "started", "path": str(film), "kind": "video", "duration": 4.0}
    assert [event["kind"] for event in done.of("finding")].count("caption") == 2
    for finding in done.of("finding"):
        extra = {"value", "distribution"} if finding["kind"] == "sentiment" else set()
        assert set(finding) == FINDING | extra
        assert set(finding["source"]) == SOURCE
        assert finding["evidence"]
        assert finding["t0"] <= finding["t1"]
    assert done.events[-1]["type"] == "finished"
    assert set(done.events[-1]) == {"type", "path", "findings", "seconds"}
    for progress in done.of("progress"):
        assert set(progress) == {"type", "path", "stage", "fraction", "speed", "remaining"}


def test_the_same_file_gives_the_same_findings_computed_kept_or_renamed(home: Path, tmp_path: Path) -> None:
    film = write_film(tmp_path)
    first = mmdesk("analyze", film, "--json").of("finding")
    kept = mmdesk("analyze", film, "--json").of("finding")
    (home / "data" / "results.sqlite").unlink()
    anew = mmdesk("analyze", film, "--json").of("finding")
    assert first == kept == anew
    assert len(first) == 6


def test_failed_has_a_sentence_and_a_hint_and_the_rest_goes_on(tmp_path: Path) -> None:
    good, missing = write_picture(tmp_path / "good.png"), tmp_path / "missing.png"
    done = mmdesk("analyze", missing, good, "--json")
    assert done.code == 1
    assert done.ends() == {str(missing): ["failed"], str(good): ["finished"]}
    (failed,) = done.of("failed")
    assert set(failed) == {"type", "path", "message", "hint"}
    assert failed["message"].endswith(".")
    assert failed["hint"].endswith(".")


def test_a_folder_ends_every_entry_once(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    paths = [write_picture(folder / name) for name in ("a.png", "b/c.png", "b/d.jpg")]
    (folder / "note.txt").write_text("shopping list")
    done = mmdesk("analyze", folder, "--json")
    expected = {str(path): ["finished"] for path in paths} | {str(folder / "note.txt"): ["failed"]}
    assert (done.code, done.ends()) == (1, expected)


def test_an_empty_folder_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    good = write_picture(tmp_path / "good.png")
    done = mmdesk("analyze", tmp_path / "empty", good, "--json")
    assert done.code == 1
    (failed,) = done.of("failed")
    assert failed["path"] == str(tmp_path / "empty")
    assert "no file" in failed["message"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["analyze"],
        ["analyze", "x", "--device", "abacus"],
        ["analyze", "x", "--language", "tlh"],
        ["analyze", ""],
        ["caption"],
        ["caption", "a", "b"],
        ["doctor", "x"],
        ["--nonsense"],
    ],
)
def test_wrong_usage_is_2_and_says_how(arguments: list[str]) -> None:
    done = mmdesk(*arguments)
    assert (done.code, done.out) == (2, "")
    assert "usage: mmdesk" in done.err


def test_help_and_version() -> None:
    assert "exit codes" in mmdesk("analyze", "--help").out
    assert mmdesk("--version").out.startswith("mmdesk ")


def test_people_get_lines_and_the_folder_of_results(tmp_path: Path) -> None:
    film = write_film(tmp_path / "in")
    out = tmp_path / "out"
    done = mmdesk("analyze", film, "--out", out)
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0] == f"{film} (video, 0:04.0)"
    assert f"  0:02.0 - 0:04.0  caption: {colour_caption('blue')}" in lines
    assert lines[-1] == f"Results are in {out}"
    assert sorted(path.name for path in results(out)) == ["film.csv", "film.jsonl", "film.srt", "film.vtt"]


def test_out_holds_the_findings_that_were_streamed(tmp_path: Path) -> None:
    film = write_film(tmp_path / "in")
    done = mmdesk("analyze", film, "--json", "--out", tmp_path / "out")
    with (tmp_path / "out" / "film.jsonl").open(encoding="utf-8") as lines:
        passport, *findings = [json.loads(line) for line in lines]
    assert passport["type"] == "passport"
    assert findings == done.of("finding")
    with (tmp_path / "out" / "film.csv").open(encoding="utf-8-sig", newline="") as table:
        assert len(list(csv.DictReader(table))) == len(done.of("finding"))


def test_files_of_the_same_name_do_not_overwrite_each_other(tmp_path: Path) -> None:
    paths = [write_picture(tmp_path / "in" / name) for name in ("1/a.png", "1/a.jpg", "2/a.png", "3/A.png")]
    done = mmdesk("analyze", *paths, "--out", tmp_path / "out")
    assert done.code == 0
    assert len({path.name.casefold() for path in results(tmp_path / "out")}) == 16


def test_results_that_cannot_be_saved_are_a_failure_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file where the folder should be")
    done = mmdesk("analyze", write_picture(tmp_path / "a.png"), "--json", "--out", tmp_path / "out")
    assert done.code == 1
    assert len(done.captions()) == 1
    assert "could not be saved" in done.of("failed")[0]["message"]


def test_caption_prints_the_caption_and_nothing_else(tmp_path: Path) -> None:
    path = write_picture(tmp_path / "a.png", "green")
    done = mmdesk("caption", path)
    assert done == Done(0, colour_caption("green") + "\n", "")
    chinese = mmdesk("caption", path, "--language", "zh")
    assert chinese.out == colour_caption("green", "zh") + "\n"
    both = mmdesk("caption", path, "--language", "all")
    assert both.out == done.out + chinese.out


def test_caption_of_what_is_no_picture_fails(tmp_path: Path) -> None:
    done = mmdesk("caption", write_film(tmp_path))
    assert (done.code, done.out) == (1, "")
    assert "not a picture" in done.err
    assert mmdesk("caption", tmp_path / "missing.png").code == 1


def test_a_name_may_be_anything_the_system_allows(tmp_path: Path) -> None:
    names = ["图片.png", "🙂🎬.png", "new\nline.png", "x" * 246 + ".png", " -v.png", "-", "\x1b[31m.png"]
    paths = [tmp_path / name for name in names]
    for path in paths:
        Image.fromarray(picture("red")).save(path, format="PNG")
    undecodable = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe.png"))
    undecodable.write_bytes(paths[0].read_bytes())
    done = mmdesk("analyze", *paths, undecodable, "--json", "--out", tmp_path / "out")
    assert done.code == 0, done.err
    assert done.ends() == {str(path): ["finished"] for path in (*paths, undecodable)}
    assert len(results(tmp_path / "out")) == 4 * (len(paths) + 1)
    plain = mmdesk("analyze", *paths, undecodable)
    lines = 2 * (len(paths) + 1) + len(done.of("finding")) + 1
    assert (plain.code, len(plain.out.splitlines())) == (0, lines)
    assert "\x1b" not in plain.out


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "latin-1", "utf-16"])
def test_any_encoding_of_the_terminal(tmp_path: Path, encoding: str) -> None:
    path = write_picture(tmp_path / "图片🙂é.png")
    for more in (["--json"], []):
        done = subprocess.run(
            command(["analyze", path, "--language", "all", *more]),
            env=environment({"PYTHONIOENCODING": encoding}),
            capture_output=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        text = done.stdout.decode(encoding)
        assert "finished" in text if more else "1 done (1 of them before)." in text


def test_a_reader_that_goes_away_ends_it_quietly(tmp_path: Path) -> None:
    film = write_scenes(tmp_path / "film.mp4", [Scene(colour, 1) for colour in ("red", "blue") * 10])
    process = subprocess.Popen(
        command(["analyze", film, "--json"]),
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.wait(20) == 1
    assert process.stderr.read() == b""
    process.stderr.close()


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT to a child there")
@pytest.mark.parametrize("more", [["--json"], []])
def test_ctrl_c_stops_within_a_second_and_ends_every_file(
    home: Path, tmp_path: Path, more: list[str]
) -> None:
    for part in (home / "data" / "packs" / "tiny-caption").iterdir():
        part.unlink()
    write_packs(tmp_path / "slow", work=200)
    (home / "data" / "packs" / "tiny-caption").rmdir()
    (tmp_path / "slow" / "packs" / "tiny-caption").rename(home / "data" / "packs" / "tiny-caption")
    films = [
        write_scenes(tmp_path / f"{n}.mp4", [Scene(c, 1) for c in ("red", "blue") * 20]) for n in range(3)
    ]
    process = subprocess.Popen(
        command(["analyze", *films, *more]), env=environment(), stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    lines: list[str] = []
    while "caption" not in (lines[-1] if lines else ""):
        lines.append(process.stdout.readline())
    process.send_signal(signal.SIGINT)
    began = time.monotonic()
    lines += process.stdout.readlines()
    assert process.wait(20) == 130
    assert time.monotonic() - began < 1.5  # a second for the work, the rest for Python to leave
    process.stdout.close()
    if more:
        done = Done(130, "".join(lines), "")
        assert done.ends() == {str(film): ["failed"] for film in films}
        assert all(event["cancelled"] for event in done.of("failed"))
        again = mmdesk("analyze", films[0], "--json", seconds=100)
        assert again.code == 0
    else:
        assert sum("Stopped on request" in line for line in lines) == 3


def test_doctor_tells_what_works_and_no_names(home: Path) -> None:
    done = mmdesk("doctor", env={"HOME": str(home)})
    for word in ("mmdesk", "Python", "numpy", "Device cpu: computes", "tiny-caption 1.0.0", "known answers"):
        assert word in done.out
    assert str(home) not in done.out
    assert done.err == ""


def test_doctor_finds_a_flipped_byte(home: Path) -> None:
    weights = home / "data" / "packs" / "tiny-sentiment" / "model.onnx"
    data = bytearray(weights.read_bytes())
    data[len(data) // 2] ^= 1
    weights.write_bytes(data)
    done = mmdesk("doctor")
    assert done.code == 1
    assert "model.onnx" in done.out
    assert "tiny-caption 1.0.0" in done.out


def test_a_file_called_like_a_command_can_be_analysed(tmp_path: Path) -> None:
    Image.fromarray(picture("red")).save(tmp_path / "doctor", format="PNG")
    done = mmdesk("analyze", "doctor", "--json", cwd=tmp_path)
    assert done.ends() == {"doctor": ["finished"]}


def test_sidecars_end_with_their_film(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    film = write_film(folder)
    words = folder / "film.en.srt"
    done = mmdesk("analyze", folder, "--json")
    assert done.ends() == {str(film): ["finished"], str(words): ["finished"]}
    assert [event["path"] for event in done.of("finding")] == [str(film)] * 6
    assert mmdesk("analyze", film, "--json").ends() == {str(film): ["finished"]}


def test_sidecars_of_a_broken_film_are_read_by_themselves(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    film = write_film(folder)
    film.write_bytes(film.read_bytes()[:300])
    words = folder / "film.en.srt"
    done = mmdesk("analyze", film, words, "--json")
    assert done.ends() == {str(film): ["failed"], str(words): ["finished"]}
    assert len(done.of("finding", words)) == 4
