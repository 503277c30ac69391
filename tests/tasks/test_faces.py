"""Faces are found in pixels of the picture, whatever its size."""

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
from mmdesk.tasks.engine import Engine
from mmdesk.tasks.faces import FaceDetector
from tests.face_packs_for_tests import POINTS, portrait, write_face_pack
from tests.packs_for_tests import write_sentiment_pack

CPU = choose(Device.CPU)


@pytest.fixture(scope="module")
def detector(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaceDetector]:
    pack = open_pack(write_face_pack(tmp_path_factory.mktemp("packs") / "tiny-face"))
    with closing(FaceDetector(pack, CPU)) as opened:
        yield opened


def test_a_face_has_its_box_and_points_in_pixels(detector: FaceDetector) -> None:
    (face,) = detector.find(portrait([(100, 68)]))
    assert face.box == (84.0, 52.0, 116.0, 84.0)
    assert list(face.points) == [(100 + x, 68 + y) for x, y in POINTS]
    assert face.score == pytest.approx(1.0)
    assert face.size == 32


def test_all_faces_are_found_once(detector: FaceDetector) -> None:
    places = [(28, 28), (100, 68), (260, 180)]
    found = detector.find(portrait(places))
    middles = sorted(((f.box[0] + f.box[2]) / 2, (f.box[1] + f.box[3]) / 2) for f in found)
    assert middles == sorted(places)


def test_of_boxes_on_each_other_the_better_one_stays(detector: FaceDetector) -> None:
    picture = portrait([(100, 68), (108, 68)])
    picture[64:72, 104:112, 1] = 20
    (face,) = detector.find(picture)
    assert face.box == (84, 52, 116, 84)


def test_large_pictures_are_searched_shrunk_and_told_in_their_own_pixels(detector: FaceDetector) -> None:
    big = portrait([(100, 68)], 640, 480).repeat(3, axis=0).repeat(3, axis=1)
    (face,) = detector.find(big)
    assert face.box == pytest.approx((252, 156, 348, 252))
    assert face.points[2] == pytest.approx((300, 204))


@pytest.mark.parametrize("size", [(1, 1), (17, 33), (31, 640), (2000, 3)])
def test_pictures_of_any_size_are_searched(detector: FaceDetector, size: tuple[int, int]) -> None:
    assert detector.find(np.zeros((*size, 3), np.uint8)) == []


@pytest.mark.parametrize(
    "picture",
    [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 4), np.uint8), np.zeros((0, 4, 3), np.uint8)],
)
def test_what_is_no_picture_is_refused(detector: FaceDetector, picture: NDArray[np.uint8]) -> None:
    with pytest.raises(ValueError, match="a picture is uint8"):
        detector.find(picture)


def test_finding_can_be_cancelled(detector: FaceDetector) -> None:
    control = Control()
    control.cancel()
    with pytest.raises(Cancelled):
        detector.find(portrait([(100, 68)]), control)


def test_a_pack_that_finds_no_faces_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackNotFound, match="does not find faces"):
        FaceDetector(open_pack(write_sentiment_pack(tmp_path / "tiny-sentiment")), CPU)


def test_the_engine_loads_both_face_tasks_once_and_says_so(tmp_path: Path) -> None:
    write_face_pack(tmp_path / "tiny-face")
    with closing(Engine([tmp_path], Device.CPU)) as engine:
        assert engine.face_detector() is engine.face_detector()
        assert engine.expression_reader() is engine.expression_reader()
        assert [str(running.role) for running in engine.running()] == ["face-detect", "face-expression"]


def test_without_a_pack_the_engine_says_what_is_missing(tmp_path: Path) -> None:
    with closing(Engine([tmp_path], Device.CPU)) as engine, pytest.raises(PackNotFound, match="face-detect"):
        engine.face_detector()
