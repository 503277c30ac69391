"""Pictures reach the encoder as its training saw them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from mmdesk.models.pixels import PicturePreprocessing
from mmdesk.packs.picture_spec import Fit, PictureSpec, Resample

SPEC = PictureSpec(
    224, 224, Fit.SQUASH, Resample.BICUBIC, 1 / 255, (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
)


def noise(height: int, width: int) -> NDArray[np.uint8]:
    return np.random.default_rng(1).integers(0, 256, (height, width, 3), np.uint8)


def published(rgb: NDArray[np.uint8], spec: PictureSpec) -> NDArray[np.float64]:
    """The published recipe in plain words: Pillow's resize, scale, mean, std, channels first."""
    small = Image.fromarray(rgb).resize((spec.width, spec.height), Image.Resampling[spec.resample.name])
    scaled = np.asarray(small).astype(np.float64) * spec.scale
    normalised: NDArray[np.float64] = (scaled - np.array(spec.mean)) / np.array(spec.std)
    return normalised.transpose(2, 0, 1)


@pytest.mark.parametrize("resample", Resample)
@pytest.mark.parametrize("size", [(224, 224), (480, 640), (100, 37), (1, 1), (1000, 1300)])
def test_resizes_and_normalises_as_published(size: tuple[int, int], resample: Resample) -> None:
    spec = replace(SPEC, resample=resample)
    rgb = noise(*size)
    pixels = PicturePreprocessing(spec)(rgb)
    assert pixels.dtype == np.float32
    assert pixels.shape == (3, 224, 224)
    assert pixels.flags.c_contiguous
    np.testing.assert_allclose(pixels, published(rgb, spec), atol=1e-6)


def test_large_photos_differ_by_less_than_anyone_could_see() -> None:
    """Twelve megapixels with detail at every scale, in grey levels of 0 to 255."""
    random = np.random.default_rng(3)
    layers = [
        Image.fromarray(random.integers(0, 256, (side * 3, side * 4, 3), np.uint8)).resize((4000, 3000))
        for side in (4, 32, 250)
    ]
    photo = np.mean([np.asarray(layer, np.float64) for layer in layers], axis=0).astype(np.uint8)
    spec = replace(SPEC, scale=1.0, mean=(0.0, 0.0, 0.0), std=(1.0, 1.0, 1.0))
    difference = np.abs(PicturePreprocessing(spec)(photo) - published(photo, spec))
    assert difference.mean() < 0.25
    assert difference.max() <= 3


def test_crop_takes_the_middle_of_the_fitted_picture() -> None:
    """CLIP's way: shorter side to size, long side truncated, then the middle."""
    spec = replace(SPEC, fit=Fit.CROP, width=64, height=64)
    rgb = noise(90, 200)
    fitted = np.asarray(Image.fromarray(rgb).resize((int(64 * 200 / 90), 64), Image.Resampling.BICUBIC))
    left = (fitted.shape[1] - 64) // 2
    middle = np.ascontiguousarray(fitted[:, left : left + 64])
    np.testing.assert_allclose(PicturePreprocessing(spec)(rgb), published(middle, spec), atol=1e-6)


@pytest.mark.parametrize("size", [(64, 64), (64, 65), (65, 64), (63, 640), (1, 500), (500, 1)])
def test_crop_has_the_size_whatever_the_shape(size: tuple[int, int]) -> None:
    spec = replace(SPEC, fit=Fit.CROP, width=64, height=64)
    assert PicturePreprocessing(spec)(noise(*size)).shape == (3, 64, 64)


def test_reads_a_picture_that_is_a_view() -> None:
    rgb = noise(100, 120)
    flipped = PicturePreprocessing(SPEC)(rgb[::-1, ::-1])
    np.testing.assert_array_equal(flipped, PicturePreprocessing(SPEC)(rgb[::-1, ::-1].copy()))
