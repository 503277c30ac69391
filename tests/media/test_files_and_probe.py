"""What a path leads to: names, links, pipes, and the kind of a file by its content."""

from __future__ import annotations

import errno
import hashlib
import os
import random
import socket
import sys
import threading
import time
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import av
import pytest
from av.stream import Disposition
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from mmdesk.control import Control
from mmdesk.errors import Cancelled, DamagedMedia, EmptyFile, MediaError, UnreadableFile, UnsupportedMedia
from mmdesk.events import MediaKind
from mmdesk.media.container import ByteSource
from mmdesk.media.digest import content_hash
from mmdesk.media.files import opened
from mmdesk.media.picture import read_picture
from mmdesk.media.probe import probe
from mmdesk.media.sound import read_sound
from mmdesk.media.subtitles import read_sidecar
from mmdesk.media.video import VideoReader
from tests.media.films_for_tests import Film, Subtitle, as_somebody_else, steady, write_beeps, write_film

posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX files")

NAMES = [
    "采访 第一次.bin",
    "🙂🎬.bin",
    "a" * 246 + ".bin",
    "访" * 82 + ".b",
    "two\nlines.bin",
    "http:..example.org:80.bin",
    "frame%03d.bin",
    "pipe:0",
    "-i",
    "{field} {0}.bin",
    "file:x",
]


@posix
@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_any_name_is_read(tmp_path: Path, name: str) -> None:
    film = write_film(tmp_path / "film.mp4", Film(steady(5), sound=(0, 500)))
    picture = tmp_path / "picture.png"
    Image.new("RGB", (4, 4), "red").save(picture)
    words = tmp_path / "words.srt"
    words.write_text("1\n00:00:00,000 --> 00:00:01,000\nHi\n")
    for source, kind in ((film, MediaKind.VIDEO), (picture, MediaKind.PICTURE), (words, MediaKind.SUBTITLES)):
        path = source.rename(tmp_path / name)
        info = probe(path)
        assert (info.kind, info.path) == (kind, path)
        if kind is MediaKind.VIDEO:
            with VideoReader(info, Control()) as reader:
                assert len(list(reader.frames())) == 5
            assert list(read_sound(info, Control()))
        elif kind is MediaKind.PICTURE:
            assert read_picture(path).shape == (4, 4, 3)
        else:
            assert [segment.text for segment in read_sidecar(path).segments] == ["Hi"]
        assert len(content_hash(path, Control())) == 64


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_a_name_that_is_no_text_is_read(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe\xe9.mp4"))
    write_film(tmp_path / "film.mp4", Film(steady(5))).rename(path)
    with VideoReader(probe(path), Control()) as reader:
        assert len(list(reader.frames())) == 5


def test_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "empty.mp4"
    path.touch()
    with pytest.raises(EmptyFile):
        probe(path)
    with pytest.raises(EmptyFile):
        read_picture(path)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as caught:
        probe(tmp_path / "gone.mp4")
    assert caught.value.path == tmp_path / "gone.mp4"


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as caught:
        probe(tmp_path)
    assert "folder" in str(caught.value.message)


def test_a_name_that_no_file_can_have(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile):
        probe(Path(f"{tmp_path}/nul\0l"))
    with pytest.raises(UnreadableFile):
        probe(tmp_path / ("a" * 300))


@posix
@pytest.mark.timeout(10)
def test_a_pipe_is_never_opened(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.mp4"
    os.mkfifo(pipe)
    for read in (probe, read_picture, read_sidecar, lambda path: content_hash(path, Control())):
        with pytest.raises(UnreadableFile) as caught:
            read(pipe)
        assert "pipe" in str(caught.value.message)
        with pytest.raises(OSError, match=os.strerror(errno.ENXIO)):  # nobody holds it open
            os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)


@posix
@pytest.mark.timeout(10)
def test_a_file_that_becomes_a_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    write_film(path, Film(steady(5)))
    info = probe(path)
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(UnreadableFile):
        list(read_sound(info, Control()))
    with pytest.raises(UnreadableFile), VideoReader(info, Control()):
        pass


@posix
@pytest.mark.timeout(10)
def test_devices_and_sockets_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for device in ("/dev/zero", "/dev/null", "/dev/tty"):
        with pytest.raises(UnreadableFile):
            probe(Path(device))
    with socket.socket(socket.AF_UNIX) as server:
        monkeypatch.chdir(tmp_path)
        server.bind("s")
        with pytest.raises(UnreadableFile) as caught:
            probe(tmp_path / "s")
    assert "socket" in str(caught.value.message)


@posix
def test_links(tmp_path: Path) -> None:
    film = write_film(tmp_path / "film.mp4", Film(steady(5)))
    (tmp_path / "good").symlink_to(film)
    (tmp_path / "dangling").symlink_to(tmp_path / "nothing")
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    assert probe(tmp_path / "good").kind is MediaKind.VIDEO
    with pytest.raises(UnreadableFile, match="points to a file that is not there"):
        probe(tmp_path / "dangling")
    with pytest.raises(UnreadableFile, match="leads back to itself"):
        probe(tmp_path / "a")


@posix
def test_a_file_without_permission(tmp_path: Path) -> None:
    film = write_film(tmp_path / "film.mp4", Film(steady(5)))
    film.chmod(0)
    with as_somebody_else(), pytest.raises(UnreadableFile, match="not allowed"):
        probe(film)


def test_a_disk_that_fails_while_reading_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "film.bin"
    path.write_bytes(b"x" * 1000)
    with opened(path) as file:
        source = ByteSource(file, path, None)
        assert source.read(10) == b"x" * 10
        broken = os.open(tmp_path, os.O_RDONLY)
        os.dup2(broken, file.fileno())
        os.close(broken)
        file.seek(0)
        assert source.read(1 << 20) == b""
    assert isinstance(source.failure, UnreadableFile)


def test_a_file_that_vanishes_between_probe_and_reading(tmp_path: Path) -> None:
    path = write_film(tmp_path / "film.mp4", Film(steady(5), sound=(0, 500)))
    info = probe(path)
    path.unlink()
    with pytest.raises(UnreadableFile), VideoReader(info, Control()):
        pass
    with pytest.raises(UnreadableFile):
        list(read_sound(info, Control()))


def test_a_film_that_turns_into_something_else(tmp_path: Path) -> None:
    path = write_film(tmp_path / "film.mp4", Film(steady(5), sound=(0, 500)))
    info = probe(path)
    path.write_text("not a film any more\n" * 100)
    with pytest.raises(MediaError), VideoReader(info, Control()) as reader:
        list(reader.frames())


@pytest.mark.parametrize(
    ("name", "film", "kind"),
    [
        ("v.mp4", Film(steady(10), sound=(0, 1000)), MediaKind.VIDEO),
        ("v.mp4", Film(steady(10)), MediaKind.VIDEO),
        ("s.mp4", Film([], sound=(0, 1000)), MediaKind.SOUND),
        ("s.mka", Film([], sound=(0, 1000), sound_codec="libopus"), MediaKind.SOUND),
        ("s.wav", Film([], sound=(0, 1000), sound_codec="pcm_s16le"), MediaKind.SOUND),
        ("s.mp3", Film([], sound=(0, 1000), sound_codec="libmp3lame"), MediaKind.SOUND),
        ("s.flac", Film([], sound=(0, 1000), sound_codec="flac"), MediaKind.SOUND),
        ("s.ogg", Film([], sound=(0, 1000), sound_codec="libopus"), MediaKind.SOUND),
        ("s.aac", Film([], sound=(0, 1000)), MediaKind.SOUND),
    ],
)
def test_the_kind_is_in_the_content(tmp_path: Path, name: str, film: Film, kind: MediaKind) -> None:
    path = write_film(tmp_path / name, film).rename(tmp_path / "photo.jpg")
    info = probe(path)
    assert info.kind is kind
    assert (info.audio is not None) == (film.sound is not None)
    assert info.duration == pytest.approx(1.0, abs=0.15)


def test_sound_with_cover_art_is_sound(tmp_path: Path) -> None:
    path = tmp_path / "song.mp3"
    cover = tmp_path / "cover.png"
    Image.new("RGB", (64, 64), "blue").save(cover)
    with av.open(str(path), "w") as output, av.open(str(cover)) as art:
        sound = output.add_stream("libmp3lame", rate=16000)
        picture = output.add_stream_from_template(art.streams.video[0])
        picture.disposition = Disposition.attached_pic
        for packet in art.demux(video=0):
            if packet.size:
                packet.stream = picture
                output.mux(packet)
        write_beeps(output, sound, 0, 1000)
    with av.open(str(path)) as container:
        assert container.streams.video
    info = probe(path)
    assert info.kind is MediaKind.SOUND
    assert info.video is None


def test_streams_are_described(tmp_path: Path) -> None:
    film = Film(steady(30, first=2000), "libx264", sound=(2500, 5000), rotation=90,
                subtitles=(Subtitle(2500, 3000, "Hallo"),), subtitle_language="ger")  # fmt: skip
    info = probe(write_film(tmp_path / "all.mp4", film))
    assert info.video is not None
    assert (info.video.codec, info.video.width, info.video.height) == ("h264", 128, 160)
    assert (info.video.rotation, info.video.start) == (90, 0.0)
    assert info.video.frame_rate == pytest.approx(10, rel=0.05)
    assert info.audio is not None
    assert (info.audio.codec, info.audio.sample_rate, info.audio.channels) == ("aac", 16000, 1)
    assert info.audio.start == pytest.approx(0.5, abs=0.07)
    (words,) = info.subtitles
    assert (words.codec, words.language, words.is_text) == ("mov_text", "de", True)


@pytest.mark.parametrize("text", ["Dear diary,\nnothing happened.\n" * 40, "x", "Grüße\n", "日记\n" * 30])
def test_text_is_named_as_text(tmp_path: Path, text: str) -> None:
    path = tmp_path / "photo.jpg"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnsupportedMedia, match="plain text"):
        probe(path)


@pytest.mark.parametrize("seed", range(8))
def test_noise_is_unknown(tmp_path: Path, seed: int) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(random.Random(seed).randbytes(300_000))
    with pytest.raises(UnsupportedMedia):
        probe(path)


@pytest.mark.parametrize(
    ("name", "film"),
    [("f.mp4", Film(steady(30), "libx264")), ("f.mov", Film(steady(30), sound=(0, 3000)))],
)
def test_an_mp4_whose_index_is_cut_off_is_damaged(tmp_path: Path, name: str, film: Film) -> None:
    path = write_film(tmp_path / name, film)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    with pytest.raises(DamagedMedia):
        probe(path)


@pytest.mark.parametrize("name", ["f.mkv", "f.avi", "f.mp4", "f.wav", "f.webm"])
def test_a_missing_end_is_noticed_from_the_first_bytes(tmp_path: Path, name: str) -> None:
    films = {
        "f.wav": Film([], sound=(0, 2000), sound_codec="pcm_s16le"),
        "f.webm": Film(steady(20), "libvpx-vp9"),
    }
    film = films.get(
        name, Film(steady(20), container_options={"movflags": "faststart"} if "4" in name else {})
    )
    path = write_film(tmp_path / name, film)
    assert not probe(path).is_cut_off
    path.write_bytes(path.read_bytes()[:-300])
    assert probe(path).is_cut_off


def test_only_the_first_bytes_of_a_film(tmp_path: Path) -> None:
    for name, sound in (("f.mkv", None), ("f.avi", None), ("f.wav", (0, 900)), ("f.flac", (0, 900))):
        codec = {"f.wav": "pcm_s16le", "f.flac": "flac"}.get(name, "aac")
        film = Film([], sound=sound, sound_codec=codec) if sound else Film(steady(10))
        path = write_film(tmp_path / name, film)
        path.write_bytes(path.read_bytes()[:30])
        with pytest.raises(DamagedMedia):
            probe(path)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    which=st.sampled_from(["mp4", "mkv", "avi", "ts", "wav", "mp3"]),
    where=st.floats(0, 1, exclude_max=True),
    value=st.binary(min_size=1, max_size=8),
    cut=st.one_of(st.none(), st.floats(0.01, 1)),
)
def test_whatever_is_changed_it_is_read_or_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, which: str, where: float, value: bytes, cut: float | None
) -> None:
    data = bytearray(whole_file(tmp_path_factory, which))
    start = int(len(data) * where)
    data[start : start + len(value)] = value
    path = tmp_path_factory.getbasetemp() / "changed"
    path.write_bytes(data if cut is None else data[: max(1, int(len(data) * cut))])
    with suppress(MediaError):
        info = probe(path)
        if info.video is not None:
            with VideoReader(info, Control()) as reader:
                times = [(frame.t, frame.small(8, 8).shape) for frame in reader.frames()]
            assert all(a < b for a, b in pairwise(times))
        if info.audio is not None:
            for chunk in read_sound(info, Control()):
                assert len(chunk.samples) == round((chunk.t1 - chunk.t0) * 16000)


WHOLE: dict[str, bytes] = {}


def whole_file(factory: pytest.TempPathFactory, which: str) -> bytes:
    if which not in WHOLE:
        codecs = {"wav": "pcm_s16le", "mp3": "libmp3lame"}
        sound_only = which in codecs
        film = Film([] if sound_only else steady(10), sound=(0, 1000), sound_codec=codecs.get(which, "aac"))
        WHOLE[which] = write_film(factory.mktemp("whole") / f"film.{which}", film).read_bytes()
    return WHOLE[which]


def test_the_hash_is_sha_256_and_can_be_cancelled(tmp_path: Path) -> None:
    path = tmp_path / "large.bin"
    path.write_bytes(os.urandom(3 << 20))
    assert content_hash(path, Control()) == hashlib.sha256(path.read_bytes()).hexdigest()
    control = Control()
    control.cancel()
    with pytest.raises(Cancelled):
        content_hash(path, control)


def test_cancelling_ends_a_long_scan_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "zeros.bin"
    with path.open("wb") as file:
        file.write(b"ID3")
        file.truncate(2 << 30)
    control = Control()
    timer = threading.Timer(0.2, control.cancel)
    timer.start()
    start = time.monotonic()
    with suppress(Cancelled, MediaError):
        info = probe(path, control)
        list(read_sound(info, control))
    timer.join()
    assert time.monotonic() - start < 1.2
