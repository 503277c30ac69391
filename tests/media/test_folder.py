"""What a dropped folder is made of, in which order, and what cannot be looked at."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PIL import Image

from mmdesk.errors import MediaError, UnreadableFile
from mmdesk.media.folder import entries
from tests.media.films_for_tests import Film, as_somebody_else, steady, write_film


def names(paths: list[Path], root: Path) -> list[str]:
    return [
        str(item.relative_to(root)) if isinstance(item, Path) else f"! {item.path.name}"
        for item in entries(paths)
    ]


def touched(root: Path, *files: str) -> None:
    for name in files:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x")


def test_people_count_and_so_does_the_order(tmp_path: Path) -> None:
    touched(tmp_path, "take 10.jpg", "take 2.jpg", "Take 1.jpg", "b/1.png", "a/2.png", "a/10.png", "z.png")
    expected = ["a/2.png", "a/10.png", "b/1.png", "Take 1.jpg", "take 2.jpg", "take 10.jpg", "z.png"]
    assert names([tmp_path], tmp_path) == expected


def test_files_come_in_the_order_given_and_once(tmp_path: Path) -> None:
    touched(tmp_path, "b", "a")
    assert names([tmp_path / "b", tmp_path / "a", tmp_path / "b"], tmp_path) == ["b", "a"]


def test_hidden_files_are_skipped_unless_named(tmp_path: Path) -> None:
    touched(tmp_path, ".DS_Store", "._photo.jpg", ".git/config", "photo.jpg")
    assert names([tmp_path], tmp_path) == ["photo.jpg"]
    assert names([tmp_path / "._photo.jpg"], tmp_path) == ["._photo.jpg"]


def test_links_in_circles_end_and_say_so(tmp_path: Path) -> None:
    touched(tmp_path, "a/b/photo.jpg")
    (tmp_path / "a" / "b" / "up").symlink_to(tmp_path / "a")
    (tmp_path / "x").symlink_to(tmp_path / "y")
    (tmp_path / "y").symlink_to(tmp_path / "x")
    (tmp_path / "dangling").symlink_to(tmp_path / "nothing")
    found = list(entries([tmp_path]))
    errors = [item for item in found if isinstance(item, MediaError)]
    assert [item for item in found if isinstance(item, Path)] == [tmp_path / "a" / "b" / "photo.jpg"]
    assert [error.path.name for error in errors] == ["up", "dangling", "x", "y"]
    assert {str(error.message) for error in errors} == {
        "This link leads back to a folder that it lies in.",
        "This link points to a file that is not there.",
        "This link leads back to itself.",
    }


def test_a_folder_that_is_linked_twice_comes_once(tmp_path: Path) -> None:
    touched(tmp_path, "a/photo.jpg")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    (tmp_path / "again.jpg").symlink_to(tmp_path / "a" / "photo.jpg")
    assert names([tmp_path, tmp_path / "a"], tmp_path) == ["a/photo.jpg", "again.jpg"]


def test_a_missing_path_does_not_stop_the_others(tmp_path: Path) -> None:
    touched(tmp_path, "a")
    assert names([tmp_path / "gone", tmp_path / "a"], tmp_path) == ["! gone", "a"]


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX files")
def test_pipes_come_as_they_are_and_are_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "film.mp4")
    touched(tmp_path, "film.srt")
    assert names([tmp_path], tmp_path) == ["film.mp4", "film.srt"]


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX files")
def test_a_folder_without_permission_is_reported(tmp_path: Path) -> None:
    touched(tmp_path, "closed/a.jpg", "open/b.jpg")
    (tmp_path / "closed").chmod(0)
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    with as_somebody_else():
        found = list(entries([tmp_path]))
    (tmp_path / "closed").chmod(0o700)
    assert isinstance(found[0], UnreadableFile)
    assert found[1:] == [tmp_path / "open" / "b.jpg"]


def test_subtitles_of_a_film_or_sound_belong_to_it(tmp_path: Path) -> None:
    write_film(tmp_path / "film.mp4", Film(steady(3)))
    write_film(tmp_path / "talk.wav", Film([], sound=(0, 200), sound_codec="pcm_s16le"))
    Image.new("RGB", (4, 4)).save(tmp_path / "photo.png")
    touched(tmp_path, "film.srt", "film.zh.ass", "talk.en.vtt", "photo.srt", "alone.srt", "film 2.srt")
    expected = ["alone.srt", "film.mp4", "film 2.srt", "photo.png", "photo.srt", "talk.wav"]
    assert sorted(names([tmp_path], tmp_path)) == sorted(expected)
    assert names([tmp_path / "film.srt", tmp_path / "film.mp4"], tmp_path) == ["film.mp4"]
    assert names([tmp_path / "film.srt"], tmp_path) == ["film.srt"]


def test_no_depth_is_too_deep(tmp_path: Path) -> None:
    folder = tmp_path
    for _ in range(600):
        folder = folder / "d"
    folder.mkdir(parents=True)
    (folder / "photo.jpg").write_text("x")
    assert list(entries([tmp_path])) == [folder / "photo.jpg"]


def test_names_that_are_no_text_and_odd_digits_are_sorted(tmp_path: Path) -> None:
    touched(tmp_path, "²", "3", "٣", "a\nb", "🙂")
    assert len(names([tmp_path], tmp_path)) == 5
