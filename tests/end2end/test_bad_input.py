"""Whatever a person drops: a clear sentence for what cannot be read, and nothing else is lost."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.analysis.scenes_for_tests import Scene, write_scenes, write_srt
from tests.end2end.bad_files_for_tests import (
    write_bomb,
    write_halves,
    write_noise,
    write_odd_films,
    write_odd_pictures,
)
from tests.end2end.command_for_tests import Done, command, environment, mmdesk
from tests.media.films_for_tests import Film, steady, write_film
from tests.packs_for_tests import colour_caption, picture

pytestmark = pytest.mark.usefixtures("home")
GIB = 2**30


def write_good(folder: Path) -> Path:
    path = folder / "good.png"
    Image.fromarray(picture("green")).save(path)
    return path


def the_rest_went_on(done: Done, good: Path) -> None:
    assert done.of("finished", good)
    assert [caption["text"] for caption in done.captions(good)] == [colour_caption("green")]


def refused(done: Done, path: Path, *words: str) -> None:
    assert done.ends()[str(path)] == ["failed"], done.out
    (failed,) = done.of("failed", path)
    said = f"{failed['message']} {failed['hint']}"
    assert failed["message"]
    assert failed["hint"]
    assert not [word for word in ("Error", "Traceback", "Exception", "Errno", "0x") if word in said], said
    for word in words:
        assert word in said, said


def test_files_that_are_nothing_or_not_what_they_say(tmp_path: Path) -> None:
    good = write_good(tmp_path)
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "letter.jpg").write_text("Dear Anna,\nthis is a letter.\n" * 20)
    (tmp_path / "noise.mkv").write_bytes(os.urandom(5000))
    (tmp_path / "zeros.wav").write_bytes(bytes(5000))
    Image.fromarray(picture("blue")).save(tmp_path / "picture.mp4", format="PNG")
    done = mmdesk("analyze", tmp_path, "--json")
    assert done.code == 1
    refused(done, tmp_path / "empty.mp4", "empty")
    refused(done, tmp_path / "letter.jpg", "text")
    refused(done, tmp_path / "noise.mkv")
    refused(done, tmp_path / "zeros.wav")
    assert done.of("started", tmp_path / "picture.mp4")[0]["kind"] == "picture"
    the_rest_went_on(done, good)


def test_halves_of_pictures_are_refused_and_halves_of_films_give_their_half(tmp_path: Path) -> None:
    good = write_good(tmp_path)
    whole = tmp_path / "whole"
    whole.mkdir()
    film = [Scene(colour, 2) for colour in ("red", "blue", "green", "bright") * 3]
    halves = write_halves(
        tmp_path,
        write_noise(whole / "a.jpg"),
        write_noise(whole / "b.png"),
        write_scenes(whole / "c.mp4", film),
        write_scenes(whole / "d.mkv", film),
        write_film(whole / "e.wav", Film([], sound=(0, 4000), sound_codec="pcm_s16le")),
    )
    done = mmdesk("analyze", good, *halves, "--json")
    jpeg, png, mp4, mkv, wav = halves
    refused(done, jpeg, "damaged or incomplete")
    refused(done, png, "damaged or incomplete")
    refused(done, mp4)
    assert len(done.of("finding", mkv)) >= 4
    assert done.ends()[str(mkv)] == ["finished"]
    assert done.of("warning", mkv)
    assert len(done.ends()[str(wav)]) == 1
    the_rest_went_on(done, good)


def test_odd_pictures_are_read_correctly(tmp_path: Path) -> None:
    colours = write_odd_pictures(tmp_path)
    done = mmdesk("analyze", *colours, "--json")
    assert done.code == 0
    said = {caption["path"]: caption["text"] for caption in done.captions()}
    assert said == {str(path): colour_caption(colour) for path, colour in colours.items()}


def test_odd_films_are_watched_to_their_end(tmp_path: Path) -> None:
    films = write_odd_films(tmp_path)
    done = mmdesk("analyze", *films, "--json")
    assert done.code == 0, done.out
    for film in films:
        spans = [(finding["t0"], finding["t1"]) for finding in done.of("finding", film)]
        assert min(spans)[0] == 0
        assert max(t1 for _, t1 in spans) >= 2.9, film
    restarted = done.of("finding", tmp_path / "clock-restarts.ts")
    assert [finding["text"] for finding in restarted] == [colour_caption("red"), colour_caption("blue")]
    assert done.of("warning", tmp_path / "clock-restarts.ts")


def test_sound_without_a_picture_in_a_film_container(tmp_path: Path) -> None:
    path = write_film(tmp_path / "talk.mp4", Film([], sound=(0, 2000)))
    done = mmdesk("analyze", path, "--json")
    assert (done.code, done.of("started")[0]["kind"]) == (0, "sound")
    assert "speech recogniser" in done.of("warning")[0]["message"]


@pytest.mark.skipif(sys.platform != "linux", reason="the limit on memory is Linux's")
def test_a_decompression_bomb_is_refused_within_two_gigabytes(tmp_path: Path) -> None:
    good, bomb = write_good(tmp_path), write_bomb(tmp_path / "bomb.png", 30_000)
    limited = subprocess.run(
        command(["analyze", bomb, good, "--json"]),
        env=environment(),
        capture_output=True,
        timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, (2 * GIB, 2 * GIB)),
    )
    done = Done(limited.returncode, limited.stdout.decode(), limited.stderr.decode())
    refused(done, bomb, "memory")
    the_rest_went_on(done, good)


@pytest.mark.skipif(sys.platform == "win32", reason="no such files there")
def test_pipes_links_and_devices(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    good = write_good(folder)
    os.mkfifo(folder / "pipe.mp4")
    (folder / "dangling.png").symlink_to(tmp_path / "nowhere")
    (folder / "one.png").symlink_to(folder / "two.png")
    (folder / "two.png").symlink_to(folder / "one.png")
    (folder / "up").symlink_to(folder)
    (folder / "zero.png").symlink_to("/dev/zero")
    done = mmdesk("analyze", folder, "--json")
    refused(done, folder / "pipe.mp4", "pipe")
    refused(done, folder / "dangling.png", "link")
    refused(done, folder / "one.png", "link")
    refused(done, folder / "two.png", "link")
    refused(done, folder / "zero.png", "device")
    the_rest_went_on(done, good)
    assert set(done.ends()) == {str(path) for path in folder.iterdir()}


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are other there")
def test_what_one_may_not_read(tmp_path: Path) -> None:
    good = write_good(tmp_path)
    secret, closed = tmp_path / "secret.png", tmp_path / "closed"
    shutil.copy(good, secret)
    secret.chmod(0)
    closed.mkdir(mode=0)
    if os.access(secret, os.R_OK):
        pytest.skip("a process of this user may read anything")
    done = mmdesk("analyze", good, secret, closed, "--json")
    refused(done, secret, "not allowed")
    refused(done, closed)
    the_rest_went_on(done, good)


SRT = "1\n00:00:00,500 --> 00:00:01,500\n{}\n\n2\n00:00:01,000 --> 00:00:02,000\nand I love it\n"


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("gbk", "我今天真的非常高兴，因为天气很好。"),
        ("utf-16", "我很高兴。"),
        ("utf-8-sig", "good"),
    ],
)
def test_subtitles_in_any_encoding_with_overlaps(tmp_path: Path, encoding: str, words: str) -> None:
    path = tmp_path / "words.srt"
    path.write_bytes(SRT.format(words).encode(encoding))
    done = mmdesk("analyze", path, "--json")
    assert done.code == 0
    lines = [event for event in done.of("finding") if event["kind"] == "transcript"]
    assert [line["text"] for line in lines] == [words, "and I love it"]
    assert [(line["t0"], line["t1"]) for line in lines] == [(0.5, 1.5), (1.0, 2.0)]


def test_subtitles_with_reversed_times(tmp_path: Path) -> None:
    path = write_srt(tmp_path / "words.srt", (3, 1, "I love this good day and you"), (4, 5, "it is sad"))
    done = mmdesk("analyze", path, "--json")
    assert done.code == 0
    lines = [event for event in done.of("finding") if event["kind"] == "transcript"]
    assert [line["text"] for line in lines] == ["I love this good day and you", "it is sad"]
    assert all(line["t0"] <= line["t1"] for line in lines)


def test_a_flipped_byte_in_a_pack_is_named_and_costs_only_its_findings(home: Path, tmp_path: Path) -> None:
    weights = home / "data" / "packs" / "tiny-caption" / "decoder.onnx"
    data = bytearray(weights.read_bytes())
    data[len(data) // 2] ^= 0x10
    weights.write_bytes(data)
    words = write_srt(tmp_path / "words.en.srt", (0, 1, "I love this"))
    done = mmdesk("analyze", write_good(tmp_path), words, "--json")
    # A shipped pack may write the caption in its place; what is damaged is never used.
    for finding in done.of("finding"):
        assert finding["source"]["pack"] != "tiny-caption"
    assert done.ends()[str(words)] == ["finished"]
    report = mmdesk("doctor")
    assert "decoder.onnx" in report.out


def test_a_store_that_cannot_be_written_loses_no_finding(home: Path, tmp_path: Path) -> None:
    good = write_good(tmp_path)
    (home / "data" / "results.sqlite").mkdir()
    done = mmdesk("analyze", good, "--json", "--out", tmp_path / "out")
    refused(done, good, "cannot be kept")
    assert len(done.captions()) == 1
    assert (tmp_path / "out" / "good.jsonl").read_text().strip()


@pytest.mark.skipif(sys.platform != "linux", reason="uses a file system of its own")
def test_a_full_disk_is_told_and_what_was_found_is_printed(home: Path, tmp_path: Path) -> None:
    """A real file system without space: tmpfs in a mount namespace, where this is allowed."""
    film = write_film(tmp_path / "film.mp4", Film(steady(30)))
    lines = [(n, n + 0.5, f"this is line {n} and I love it " + "very " * 200) for n in range(400)]
    write_srt(tmp_path / "film.en.srt", *lines)
    small = tmp_path / "small"
    small.mkdir()
    script = 'mount -t tmpfs -o size=400k none "$0" && exec "$@"'
    inside: list[str | bytes] = ["unshare", "--mount", "--map-root-user", "sh", "-c", script, str(small)]
    if subprocess.run([*inside, "true"], capture_output=True).returncode:
        pytest.skip("may not mount here")
    packs = home / "data" / "packs"
    run = f'mkdir -p "{small}/data" && ln -s "{packs}" "{small}/data/packs" && exec "$@"'
    limited = subprocess.run(
        [*inside, "sh", "-c", run, "sh", *command(["analyze", film, "--json", "--out", small / "out"])],
        env=environment({"MMDESK_HOME": str(small)}),
        capture_output=True,
        timeout=100,
    )
    done = Done(limited.returncode, limited.stdout.decode(), limited.stderr.decode())
    assert (done.code, done.err) == (1, "")
    refused(done, film, "space")
    assert len(done.of("finding")) == 801
    assert any("disk is full" in event["message"] for event in done.of("warning"))
