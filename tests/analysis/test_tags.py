"""Tags under a picture: classes with their probabilities, words by the joint embedding."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from mmdesk.analysis.records import finding_from, finding_record
from mmdesk.events import Failed, Finding, FindingKind, Finished
from mmdesk.runtime.device import Device
from mmdesk.tasks.engine import Engine
from tests.analysis.scenes_for_tests import ends, findings, run, warnings
from tests.packs_for_tests import (
    picture,
    write_embed_pack,
    write_packs,
    write_tags_pack,
    write_vision_pack,
)


@pytest.fixture
def tagging(tmp_path: Path) -> Engine:
    packs = write_packs(tmp_path)
    vision = write_vision_pack(packs / "tiny-vision")
    write_tags_pack(packs / "tiny-tags", vision)
    write_embed_pack(packs / "tiny-embed", vision)
    return Engine([packs], Device.CPU)


def tags(found: list[Finding]) -> list[Finding]:
    return [finding for finding in found if finding.kind is FindingKind.TAGS]


def saved(path: Path, colour: str) -> Path:
    Image.fromarray(picture(colour)).save(path)
    return path


def test_a_picture_has_tags_in_each_language_with_their_source(tagging: Engine, tmp_path: Path) -> None:
    found = findings(run(tagging, saved(tmp_path / "a.png", "red"), "en", "zh"))
    classes = {f.language: f for f in tags(found) if f.source.pack == "tiny-tags"}
    words = {f.language: f for f in tags(found) if f.source.pack == "tiny-embed"}
    assert set(classes) == {"en", "zh"}
    assert "red" in (classes["en"].text or "")
    assert "红" in (classes["zh"].text or "")
    assert dict(classes["en"].distribution)["red"] == classes["en"].confidence
    assert 0.5 < (classes["en"].confidence or 0) <= 1
    assert set(words) == {"en", "zh"}
    assert words["en"].confidence is None
    assert not words["en"].distribution


def test_tags_survive_being_written_down(tagging: Engine, tmp_path: Path) -> None:
    for finding in tags(findings(run(tagging, saved(tmp_path / "a.png", "blue"), "en"))):
        assert finding_from(finding_record(finding)) == finding


def test_nobody_is_warned_of_tags_that_were_never_installed(engine: Engine, tmp_path: Path) -> None:
    events = run(engine, saved(tmp_path / "a.png", "red"), "en")
    assert warnings(events) == []
    assert tags(findings(events)) == []
    assert isinstance(ends(events)[0], Finished)


def test_a_damaged_tags_pack_leaves_the_caption_and_says_so(tagging: Engine, tmp_path: Path) -> None:
    graph = tmp_path / "packs" / "tiny-tags" / "tags.onnx"
    graph.write_bytes(graph.read_bytes() + b"x")
    events = run(tagging, saved(tmp_path / "a.png", "red"), "en")
    kinds = [finding.kind for finding in findings(events)]
    assert FindingKind.CAPTION in kinds
    assert any("tiny-tags" in warning for warning in warnings(events))
    assert isinstance(ends(events)[0], Failed)
