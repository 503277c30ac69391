"""Settings survive, and nothing of the person's is lost."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmdesk.config.settings import Settings, choice, number, switch, text, texts
from mmdesk.errors import NotWritable, SettingsError
from mmdesk.sentences import sentence

WORDS = sentence("A label."), sentence("A help.")
COLOUR = choice("colour", ("red", "green"), *WORDS)
LOUDNESS = number("loudness", 0.5, 0.0, 1.0, *WORDS)
ON = switch("on", True, *WORDS)
NOTE = text("note", *WORDS)
NAMES = texts("names", 3, *WORDS)


def test_defaults_when_there_is_no_file(tmp_path: Path) -> None:
    settings = Settings.load(tmp_path / "settings.json")
    assert settings.get(COLOUR) == "red"
    assert settings.get(LOUDNESS) == 0.5
    assert settings.get(ON) is True
    assert settings.get(NOTE) == ""
    assert settings.get(NAMES) == ()
    assert settings.warning is None


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "settings.json"
    settings = Settings.load(file)
    settings.set(COLOUR, "green")
    settings.set(LOUDNESS, 0.25)
    settings.set(ON, False)
    settings.set(NOTE, "中文 😀")
    settings.set(NAMES, ("a", "b"))
    settings.save()
    again = Settings.load(file)
    assert [again.get(each) for each in (COLOUR, NOTE)] == ["green", "中文 😀"]
    assert again.get(LOUDNESS) == 0.25
    assert again.get(ON) is False
    assert again.get(NAMES) == ("a", "b")


def test_impossible_values_are_refused_with_a_sentence(tmp_path: Path) -> None:
    settings = Settings.load(tmp_path / "settings.json")
    with pytest.raises(SettingsError) as caught:
        settings.set(LOUDNESS, 1.5)
    assert "1.5" in str(caught.value.message)
    assert settings.get(LOUDNESS) == 0.5


@pytest.mark.parametrize("stored", [2.0, "loud", True, None, [1], {}])
def test_a_stored_value_that_is_impossible_counts_as_not_stored(tmp_path: Path, stored: object) -> None:
    file = tmp_path / "settings.json"
    file.write_text(json.dumps({"loudness": stored}))
    assert Settings.load(file).get(LOUDNESS) == 0.5


def test_only_the_newest_texts_are_kept(tmp_path: Path) -> None:
    settings = Settings.load(tmp_path / "settings.json")
    settings.set(NAMES, ("a", "b", "c", "d"))
    assert settings.get(NAMES) == ("a", "b", "c")


def test_keys_of_a_newer_version_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text('{"of.the.future": {"deep": 1}}')
    settings = Settings.load(file)
    settings.set(ON, False)
    settings.save()
    assert json.loads(file.read_text())["of.the.future"] == {"deep": 1}


@pytest.mark.parametrize("broken", [b"{", b"", b"[1, 2]", b"\xff\xfe\x00", b'{"a": '])
def test_a_broken_file_is_set_aside_and_said(tmp_path: Path, broken: bytes) -> None:
    file = tmp_path / "settings.json"
    file.write_bytes(broken)
    settings = Settings.load(file)
    assert settings.get(COLOUR) == "red"
    aside = [path for path in tmp_path.iterdir() if "broken" in path.name]
    assert [path.read_bytes() for path in aside] == [broken]
    assert settings.warning is not None
    assert aside[0].name in str(settings.warning)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir()
    settings = Settings.load(folder / "settings.json")
    settings.set(ON, False)
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    with pytest.raises(NotWritable):
        settings.save()


def test_a_file_in_the_place_of_the_folder_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "not-a-folder").write_text("")
    settings = Settings(tmp_path / "not-a-folder" / "settings.json", {})
    settings.set(ON, False)
    with pytest.raises(NotWritable):
        settings.save()


@given(note=st.text(), names=st.lists(st.text(), max_size=3), loudness=st.floats(0, 1))
def test_any_value_survives(
    tmp_path_factory: pytest.TempPathFactory, note: str, names: list[str], loudness: float
) -> None:
    file = tmp_path_factory.mktemp("settings") / "settings.json"
    settings = Settings.load(file)
    note = note.encode("utf-8", "ignore").decode()
    names = [name.encode("utf-8", "ignore").decode() for name in names]
    settings.set(NOTE, note)
    settings.set(NAMES, tuple(names))
    settings.set(LOUDNESS, loudness)
    settings.save()
    again = Settings.load(file)
    assert (again.get(NOTE), again.get(NAMES), again.get(LOUDNESS)) == (note, tuple(names), loudness)


def test_names_that_are_no_text_survive(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    settings = Settings.load(file)
    name = os.fsdecode(b"film \xff\xfe.mp4")
    settings.set(NAMES, (name,))
    settings.save()
    assert Settings.load(file).get(NAMES) == (name,)
