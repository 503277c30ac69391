"""The sections of the face roles are read as a whole or refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mmdesk.errors import PackInvalid
from mmdesk.packs.manifest import parse_manifest
from mmdesk.packs.roles import Role
from tests.face_packs_for_tests import LABELS, write_face_pack
from tests.packs_for_tests import change_manifest

Change = Callable[[dict[str, Any]], object]


def test_reads_both_sections(tmp_path: Path) -> None:
    manifest = parse_manifest((write_face_pack(tmp_path) / "pack.json").read_bytes())
    assert manifest.roles == (Role.FACE_DETECT, Role.FACE_EXPRESSION)
    assert manifest.languages == ()
    assert manifest.face_detect is not None
    assert (manifest.face_detect.long_side, manifest.face_detect.multiple) == (640, 32)
    assert manifest.face_expression is not None
    assert manifest.face_expression.labels["en"] == LABELS
    assert manifest.face_expression.template[2] == (0.5, 0.55)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda m: m["face_detect"].update(threshold=1.5), "face_detect.threshold"),
        (lambda m: m["face_detect"].pop("overlap"), "face_detect.overlap"),
        (lambda m: m["face_expression"].update(valence=[0.5]), "face_expression.valence"),
        (lambda m: m["face_expression"].update(template=[0.5] * 8), "face_expression.template"),
        (lambda m: m["face_expression"].update(labels={"zh": ["一", "二"]}), "face_expression.labels"),
        (lambda m: m["face_expression"].update(sharpness=1), "face_expression.sharpness"),
        (lambda m: m.update(graphs={"other": m["graphs"]["detect"]}, known_answers=[]), "known_answers"),
        (lambda m: [m["graphs"].pop("detect"), m["known_answers"].pop(0)], "graphs"),
        (lambda m: m.pop("face_expression"), "face_expression"),
    ],
)
def test_a_wrong_field_is_named(tmp_path: Path, change: Change, place: str) -> None:
    folder = write_face_pack(tmp_path)
    change_manifest(folder, change)
    with pytest.raises(PackInvalid) as refused:
        parse_manifest((folder / "pack.json").read_bytes())
    assert place in str(refused.value)
