"""Faces are judged one by one, or there is a reason why not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from mmdesk.control import Control
from mmdesk.errors import Cancelled, PackNotFound
from mmdesk.packs.pack import open_pack
from mmdesk.runtime.device import Device, choose
from mmdesk.tasks.expressions import ExpressionReader, FaceAffect, FaceGap
from mmdesk.tasks.faces import Face
from tests.face_packs_for_tests import LABELS, SIDE, write_face_pack
from tests.packs_for_tests import write_sentiment_pack

CPU = choose(Device.CPU)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ExpressionReader]:
    pack = open_pack(write_face_pack(tmp_path_factory.mktemp("packs") / "tiny-face"))
    with closing(ExpressionReader(pack, CPU)) as opened:
        yield opened


def face_at(x: float, y: float, size: float = 100.0) -> Face:
    """A face whose points lie exactly as the pack's template wants."""
    template = ((0.3, 0.35), (0.7, 0.35), (0.5, 0.55), (0.35, 0.75), (0.65, 0.75))
    first, second, third, fourth, fifth = ((x + a * size, y + b * size) for a, b in template)
    return Face((x, y, x + size, y + size), (first, second, third, fourth, fifth), 1.0)


def scene() -> NDArray[np.uint8]:
    """Left a face with a bright lower half, in the middle a bright upper half, right nothing but grey."""
    picture = np.random.default_rng(5).integers(90, 110, (120, 360, 1)).repeat(3, axis=2).astype(np.uint8)
    picture[60:110, 10:110] += 100
    picture[10:60, 130:230] += 100
    picture[:, 240:] = 100
    return picture


HAPPY, ANGRY, FLAT = face_at(10, 10), face_at(130, 10), face_at(250, 10)


def test_faces_are_judged_in_their_order(reader: ExpressionReader) -> None:
    happy, angry = reader.read(scene(), [HAPPY, ANGRY])
    assert isinstance(happy, FaceAffect)
    assert isinstance(angry, FaceAffect)
    assert [label for label, _ in happy.distribution] == list(LABELS)
    assert dict(happy.distribution)["happy"] == happy.confidence > 0.9
    assert sum(chance for _, chance in happy.distribution) == pytest.approx(1)
    assert happy.valence > 0.7
    assert angry.valence < -0.4


def test_no_face_no_judgement(reader: ExpressionReader) -> None:
    assert reader.read(scene(), []) == []


def test_a_gap_keeps_its_place_and_says_why(reader: ExpressionReader) -> None:
    small = face_at(20, 20, 15)
    first, second, third, fourth = reader.read(scene(), [FLAT, HAPPY, small, ANGRY])
    assert isinstance(first, FaceGap)
    assert str(first.reason) == "The face is too blurred to judge."
    assert isinstance(third, FaceGap)
    assert str(third.reason) == "The face is too small to judge (15 pixels; 20 are needed)."
    assert isinstance(second, FaceAffect)
    assert isinstance(fourth, FaceAffect)
    assert second.valence > 0 > fourth.valence


def test_neighbours_do_not_change_a_judgement(reader: ExpressionReader) -> None:
    together = reader.read(scene(), [HAPPY, ANGRY] * 10)
    (alone,) = reader.read(scene(), [HAPPY])
    assert len(together) == 20
    assert isinstance(alone, FaceAffect)
    for judged in together[::2]:
        assert isinstance(judged, FaceAffect)
        assert judged.valence == pytest.approx(alone.valence, abs=1e-6)


def test_points_in_one_place_are_a_gap_and_no_crash(reader: ExpressionReader) -> None:
    point = (50.0, 50.0)
    (gap,) = reader.read(scene(), [Face((0, 0, 100, 100), (point,) * 5, 1.0)])
    assert isinstance(gap, FaceGap)


def test_saliency_is_where_the_judgement_comes_from(reader: ExpressionReader) -> None:
    picture = np.full((120, 120, 3), 100, np.uint8)
    picture[80:100, 40:80] = 220
    saliency = reader.saliency(picture, HAPPY)
    assert saliency.shape == (SIDE, SIDE)
    assert saliency.max() == pytest.approx(1)
    assert saliency.min() >= 0
    # The bright mouth makes "happy": covering it costs, covering the brow hardly does.
    assert saliency[34:43, 15:33].mean() > 3 * saliency[:12].max()


def test_judging_can_be_cancelled(reader: ExpressionReader) -> None:
    control = Control()
    control.cancel()
    with pytest.raises(Cancelled):
        reader.read(scene(), [HAPPY], control)


def test_a_pack_that_judges_no_faces_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackNotFound, match="does not judge faces"):
        ExpressionReader(open_pack(write_sentiment_pack(tmp_path / "tiny-sentiment")), CPU)
