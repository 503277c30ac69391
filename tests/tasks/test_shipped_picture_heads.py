"""The shipped tags and joint embedding judge each picture and text by itself, and know plain words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from mmdesk.runtime.device import Device
from mmdesk.tasks.embed import Embedder
from mmdesk.tasks.engine import Engine
from mmdesk.tasks.tags import Tagger
from mmdesk.tasks.vision import Encoded, PictureEncoder

MODELS = Path(__file__).parents[2] / "models"


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    engine = Engine([MODELS], Device.CPU, threads=2)
    yield engine
    engine.close()


@pytest.fixture
def tagger(engine: Engine) -> Tagger:
    if not (MODELS / "starter-tags" / "pack.json").exists():
        pytest.skip("starter-tags is not trained yet")
    return engine.tagger("en")


@pytest.fixture
def embedder(engine: Engine) -> Embedder:
    if not (MODELS / "starter-embed" / "pack.json").exists():
        pytest.skip("starter-embed is not trained yet")
    return engine.embedder("en")


def waves(encoder: PictureEncoder) -> list[Encoded]:
    """Pictures that nobody was trained on, each seen alone."""
    y, x = np.mgrid[0:240, 0:320]
    planes = [127.5 + 127.5 * np.sin(x / period) * np.cos(y / (2 * period)) for period in (3, 9, 27, 60)]
    tints = np.random.default_rng(11).uniform(0.2, 1.0, (len(planes), 3))
    pictures = [
        (plane[:, :, None] * tint).astype(np.uint8) for plane, tint in zip(planes, tints, strict=True)
    ]
    return [encoder.encode([encoder.prepare(picture)])[0] for picture in pictures]


def test_a_pictures_tags_do_not_depend_on_the_pictures_beside_it(tagger: Tagger) -> None:
    batch = waves(tagger.encoder)
    alone = np.concatenate([tagger.probabilities([one]) for one in batch])
    np.testing.assert_allclose(tagger.probabilities(batch), alone, atol=1e-5)


def test_tags_have_names_in_both_languages(tagger: Tagger) -> None:
    for tags in tagger.top(waves(tagger.encoder), 3):
        assert all(set(tag.labels) == {"en", "zh"} for tag in tags)
        assert all(0 <= tag.probability <= 1 for tag in tags)


def test_a_pictures_vector_does_not_depend_on_the_pictures_beside_it(embedder: Embedder) -> None:
    batch = waves(embedder.encoder)
    alone = np.concatenate([embedder.pictures([one]) for one in batch])
    np.testing.assert_allclose(embedder.pictures(batch), alone, atol=1e-5)


def test_a_texts_vector_does_not_depend_on_the_texts_beside_it(embedder: Embedder) -> None:
    texts = ["a dog", "two men in red shirts are playing soccer on a green field in the rain", "海滩", ""]
    alone = np.concatenate([embedder.texts([text], "en") for text in texts])
    np.testing.assert_allclose(embedder.texts(texts, "en"), alone, atol=1e-5)


@pytest.mark.parametrize(
    ("language", "query", "near", "far"),
    [
        ("en", "a dog runs through the snow", "a puppy in winter", "a man plays the guitar on a stage"),
        ("en", "children at the beach", "kids play in the waves", "a skateboarder jumps down the stairs"),
        ("zh", "一只狗在雪地里奔跑", "雪中的小狗", "男人在舞台上弹吉他"),
        ("zh", "孩子们在海滩上", "小孩在海边玩", "滑板手跳下台阶"),
    ],
)
def test_texts_of_the_same_scene_are_nearer_than_others(
    embedder: Embedder, language: str, query: str, near: str, far: str
) -> None:
    vectors = embedder.texts([query, near, far], language)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.2


def test_both_languages_share_one_space(embedder: Embedder) -> None:
    english = embedder.texts(["a dog in the snow", "a crowded street at night", "a boy on a swing"], "en")
    chinese = embedder.texts(["雪地里的狗", "夜晚拥挤的街道", "荡秋千的男孩"], "zh")
    assert (english @ chinese.T).argmax(1).tolist() == [0, 1, 2]
