"""A result says whether it can still be trusted: media, packs, and computing it again."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from mmdesk.analysis.analyze import analyze
from mmdesk.analysis.request import AnalysisRequest
from mmdesk.control import Control
from mmdesk.errors import Cancelled
from mmdesk.events import Finding, Found, MediaKind
from mmdesk.export.issuing import Run, issue
from mmdesk.export.result import Result
from mmdesk.export.verify import check, rerun
from mmdesk.runtime.device import Device
from mmdesk.tasks.engine import Engine
from tests.analysis.scenes_for_tests import Scene, write_scenes, write_srt
from tests.packs_for_tests import change_manifest, write_packs, write_resting_caption_pack, write_vision_pack


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    return write_packs(tmp_path)


@pytest.fixture
def made(tmp_path: Path, packs: Path) -> Result:
    """A film of 65 s, so that it has several chunks, with its real findings."""
    colours = ["red", "blue", "green", "bright"] * 3 + ["red"]
    film = write_scenes(tmp_path / "film.mp4", [Scene(colour, 5) for colour in colours])
    write_srt(tmp_path / "film.en.srt", (0.5, 2, "I love this wonderful day"), (32.5, 33, "That is terrible"))
    with closing(Engine([packs], Device.CPU)) as engine:
        events = list(analyze(AnalysisRequest(film, ("en", "zh")), engine, Control()))
    found = tuple(each.finding for each in events if isinstance(each, Found))
    run = Run(MediaKind.VIDEO, 65.0, (("languages", "en zh"),))
    return Result(film, found, issue(film, found, run, [packs], Control()))


def checked(made: Result, packs: Path, path: Path | None = None) -> dict[str, bool]:
    return {
        str(each.message): each.good for each in check(made.passport, path or made.path, [packs], Control())
    }


def again(
    made: Result, packs: Path, count: int, seed: int = 1
) -> list[tuple[Finding, Finding | None, float]]:
    with closing(Engine([packs], Device.CPU)) as engine:
        found = rerun(made, made.path, count, seed, engine, Control())
    return [(each.before, each.after, each.difference) for each in found]


def test_what_is_as_it_was(made: Result, packs: Path) -> None:
    told = checked(made, packs)
    assert told.pop("film.mp4 is unchanged.")
    assert len(told) == 2
    assert all(told.values())
    assert all("is unchanged." in message for message in told)


def test_a_changed_recording_is_told(made: Result, packs: Path) -> None:
    with made.path.open("ab") as file:
        file.write(b"x")
    assert checked(made, packs)["film.mp4 was changed since it was analysed."] is False


def test_a_moved_recording_is_told_and_can_be_named(made: Result, packs: Path, tmp_path: Path) -> None:
    moved = made.path.rename(tmp_path / "elsewhere.mp4")
    assert checked(made, packs)["film.mp4 cannot be read: This file is not there any more."] is False
    assert checked(made, packs, moved)["elsewhere.mp4 is unchanged."]


def test_a_changed_file_of_a_pack_is_told(made: Result, packs: Path) -> None:
    with (packs / "tiny-caption" / "encoder.onnx").open("ab") as file:
        file.write(b"x")
    told = checked(made, packs)
    assert [message for message, good in told.items() if not good] == [
        "The file encoder.onnx of the model pack tiny-caption was changed or is damaged."
    ]


def test_another_version_and_a_missing_pack_are_told(made: Result, packs: Path) -> None:
    change_manifest(packs / "tiny-caption", lambda record: record.update(version="9.0.0"))
    for file in (packs / "tiny-sentiment").iterdir():
        file.unlink()
    (packs / "tiny-sentiment").rmdir()
    told = checked(made, packs)
    assert told["The model pack tiny-caption 1.0.0 is now another one, version 9.0.0."] is False
    assert told["The model pack tiny-sentiment 1.0.0 is not installed."] is False


def test_the_encoder_that_a_pack_rests_on_is_checked_too(tmp_path: Path) -> None:
    folder = tmp_path / "packs"
    vision = write_vision_pack(folder / "tiny-vision")
    write_resting_caption_pack(folder / "tiny-caption", vision)
    picture = tmp_path / "red.png"
    Image.new("RGB", (64, 64), "red").save(picture)
    with closing(Engine([folder], Device.CPU)) as engine:
        events = list(analyze(AnalysisRequest(picture), engine, Control()))
    found = tuple(each.finding for each in events if isinstance(each, Found))
    made = Result(picture, found, issue(picture, found, Run(), [folder], Control()))
    assert checked(made, folder)["The model pack tiny-vision 1.0.0 is unchanged."]
    with (folder / "tiny-vision" / "vision.onnx").open("ab") as file:
        file.write(b"x")
    told = checked(made, folder)
    assert told["The file vision.onnx of the model pack tiny-vision was changed or is damaged."] is False


def test_a_passport_without_a_hash_proves_nothing(made: Result, packs: Path) -> None:
    media = replace(made.passport.media, sha256="")
    told = checked(replace(made, passport=replace(made.passport, media=media)), packs)
    assert told["The passport does not say what film.mp4 was."] is False


def test_findings_come_out_the_same_wherever_they_are(made: Result, packs: Path) -> None:
    some = again(made, packs, 6)
    assert len(some) == 6
    assert [before for before, _, _ in some] == sorted((each[0] for each in some), key=lambda each: each.t0)
    for before, after, difference in some:
        assert after == before
        assert difference == 0.0
    assert [each[0] for each in again(made, packs, 6)] == [each[0] for each in some], "the seed chooses"
    models = [each for each in made.findings if each.source.pack.startswith("tiny")]
    assert len(again(made, packs, 1000)) == len(models), "subtitles are not computed"


def test_what_was_made_up_is_found_out(made: Result, packs: Path) -> None:
    captions = [each for each in made.findings if each.text == "A red picture of a wall."]
    assert captions[0].confidence is not None
    false = replace(captions[0], text="A cat.", confidence=captions[0].confidence / 2)
    gone = replace(captions[0], t0=captions[0].t0 + 1.0, t1=captions[0].t1 + 1.0)
    with closing(Engine([packs], Device.CPU)) as engine:
        lies = replace(made, findings=(false, gone))
        first, second = rerun(lies, made.path, 2, 1, engine, Control())
    assert not first.same_words
    assert first.difference == pytest.approx(captions[0].confidence / 2)
    assert second.after is None
    assert second.difference == float("inf")


def test_cancelling_ends_it(made: Result, packs: Path) -> None:
    control = Control()
    control.cancel()
    with closing(Engine([packs], Device.CPU)) as engine, pytest.raises(Cancelled):
        rerun(made, made.path, 3, 1, engine, control)


def test_the_passport_names_every_file_of_the_packs(made: Result, packs: Path) -> None:
    used = {each.name: dict(each.files) for each in made.passport.packs}
    for name, files in used.items():
        manifest = json.loads((packs / name / "pack.json").read_text())
        assert files == {each["path"]: each["sha256"] for each in manifest["files"]}
    assert made.passport.subtitles[0][0] == "film.en.srt"
