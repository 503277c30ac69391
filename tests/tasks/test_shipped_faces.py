"""The face pack that ships is whole and small, sees nothing in nothing, and judges each face by itself."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from mmdesk.packs.pack import Pack, open_pack
from mmdesk.runtime.device import Device, choose
from mmdesk.tasks.expressions import ExpressionReader, FaceAffect
from mmdesk.tasks.faces import FaceDetector

FOLDER = Path(__file__).parents[2] / "models" / "starter-face"
CPU = choose(Device.CPU)
BUDGET = 3 * 2**20


@pytest.fixture(scope="module")
def pack() -> Pack:
    if not (FOLDER / "pack.json").exists():
        pytest.skip("starter-face is not trained yet")
    return open_pack(FOLDER)


def blobs(count: int) -> list[NDArray[np.float32]]:
    """Crops that are all unlike and nobody's face."""
    random = np.random.default_rng(8)
    coarse = random.uniform(0, 255, (count, 8, 8))
    return list(coarse.repeat(6, axis=1).repeat(6, axis=2).astype(np.float32))


def test_the_pack_is_small(pack: Pack) -> None:
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) <= BUDGET


@pytest.mark.parametrize("level", [0, 128, 255])
def test_no_face_is_found_where_nothing_is(pack: Pack, level: int) -> None:
    with closing(FaceDetector(pack, CPU)) as detector:
        assert detector.find(np.full((480, 640, 3), level, np.uint8)) == []


def test_an_expression_does_not_depend_on_the_faces_beside_it(pack: Pack) -> None:
    crops = blobs(20)
    with closing(ExpressionReader(pack, CPU)) as reader:
        together = reader.read_crops(crops)
        alone = [reader.read_crops([crop])[0] for crop in crops]
    np.testing.assert_allclose(values(together), values(alone), atol=1e-4)


def test_light_and_contrast_are_no_expression(pack: Pack) -> None:
    crops = blobs(6)
    with closing(ExpressionReader(pack, CPU)) as reader:
        plain, dim = (reader.read_crops(each) for each in (crops, [crop * 0.5 + 40 for crop in crops]))
    np.testing.assert_allclose(values(plain), values(dim), atol=0.02)


def values(affects: list[FaceAffect]) -> NDArray[np.float64]:
    return np.array([[chance for _, chance in affect.distribution] for affect in affects])
