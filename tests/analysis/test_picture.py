"""Pictures, folders and what happens without a model."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from mmdesk.control import Control
from mmdesk.events import Failed, FindingKind, Finished, MediaKind, Started
from mmdesk.runtime.device import Device
from mmdesk.tasks.engine import Engine
from tests.analysis.scenes_for_tests import ends, findings, run, warnings, write_srt
from tests.packs_for_tests import change_manifest, colour_caption, picture, write_packs


def write_picture(path: Path, colour: str = "red") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(picture(colour)).save(path)
    return path


@pytest.fixture
def english_only(tmp_path: Path) -> Engine:
    packs = write_packs(tmp_path / "english")
    change_manifest(packs / "tiny-caption", lambda manifest: manifest.update(languages=["en"]))
    return Engine([packs], Device.CPU)


def test_a_picture_has_a_caption_in_each_language(engine: Engine, tmp_path: Path) -> None:
    events = run(engine, write_picture(tmp_path / "a.png", "blue"), "zh", "en")
    assert [(f.language, f.text) for f in findings(events)] == [
        ("zh", colour_caption("blue", "zh")),
        ("en", colour_caption("blue")),
    ]
    assert isinstance(events[0], Started)
    assert (events[0].kind, events[0].duration) == (MediaKind.PICTURE, None)
    for finding in findings(events):
        assert (finding.kind, finding.t0, finding.t1) == (FindingKind.CAPTION, 0, 0)
        assert finding.evidence
        assert 0 <= (finding.confidence or -1) <= 1


def test_a_language_that_no_pack_speaks_is_a_warning_beside_one_that_is(
    english_only: Engine, tmp_path: Path
) -> None:
    events = run(english_only, write_picture(tmp_path / "a.png"), "en", "zh")
    assert isinstance(ends(events)[0], Finished)
    assert len(findings(events)) == 1
    (warning,) = warnings(events)
    assert "zh" in warning


def test_nothing_that_could_be_done_is_a_failure(english_only: Engine, tmp_path: Path) -> None:
    events = run(english_only, write_picture(tmp_path / "a.png"), "zh")
    (end,) = ends(events)
    assert isinstance(end, Failed)
    assert "zh" in str(end.message)


def test_no_pack_at_all_is_a_failure_with_a_hint(tmp_path: Path) -> None:
    (end,) = ends(run(Engine([tmp_path / "none"], Device.CPU), write_picture(tmp_path / "a.png")))
    assert isinstance(end, Failed)
    assert str(end.hint)


def test_a_folder_yields_every_entry(engine: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    paths = [write_picture(folder / name) for name in ("1.png", "sub/2.png", "sub/3.png")]
    (folder / "x.bin").write_bytes(bytes(100))
    events = run(engine, folder)
    assert {end.path: type(end) for end in ends(events)} == {
        **dict.fromkeys(paths, Finished),
        folder / "x.bin": Failed,
    }
    assert len(ends(events)) == 4


def test_an_empty_folder_fails_with_a_sentence(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (end,) = run(engine, tmp_path / "empty")
    assert isinstance(end, Failed)


def test_a_cancelled_folder_ends_every_entry(engine: Engine, tmp_path: Path) -> None:
    for name in ("1.png", "2.png"):
        write_picture(tmp_path / "folder" / name)
    control = Control()
    control.cancel()
    told = ends(run(engine, tmp_path / "folder", control=control))
    assert [isinstance(end, Failed) and end.cancelled for end in told] == [True, True]


def test_a_lone_subtitle_file_is_read_and_judged(engine: Engine, tmp_path: Path) -> None:
    path = write_srt(tmp_path / "words.en.srt", (1, 2, "I love this"), (3, 4, "a terrible pain"))
    events = run(engine, path)
    found = findings(events)
    assert [finding.kind for finding in found] == [FindingKind.TRANSCRIPT, FindingKind.SENTIMENT] * 2
    assert (found[1].value or 0) > 0 > (found[3].value or 0)
    assert isinstance(ends(events)[0], Finished)
