"""Tags with a tiny real pack: the classes are colours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from mmdesk.errors import PackDamaged, PackNotFound
from mmdesk.packs.pack import find_packs, open_pack
from mmdesk.runtime.device import Device
from mmdesk.tasks.engine import Engine
from mmdesk.tasks.tags import Tagger, tags_encoder
from mmdesk.tasks.vision import Encoded
from tests.packs_for_tests import (
    change_manifest,
    picture,
    write_sentiment_pack,
    write_tags_pack,
    write_vision_pack,
)


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    write_tags_pack(tmp_path / "packs" / "tiny-tags", write_vision_pack(tmp_path / "packs" / "tiny-vision"))
    return tmp_path / "packs"


@pytest.fixture
def engine(packs: Path) -> Iterator[Engine]:
    engine = Engine([packs], Device.CPU)
    yield engine
    engine.close()


def seen(tagger: Tagger, *colours: str) -> list[Encoded]:
    return tagger.encoder.encode([tagger.encoder.prepare(picture(colour)) for colour in colours])


def test_pictures_get_the_classes_that_they_show_in_both_languages(engine: Engine) -> None:
    tagger = engine.tagger("zh")
    red, blue = tagger.tag(seen(tagger, "red", "blue"))
    assert [tag.labels for tag in red] == [{"en": "red", "zh": "红色"}]
    assert [tag.labels["en"] for tag in blue] == ["blue"]
    assert 0.5 <= red[0].probability <= 1


def test_the_strongest_classes_come_first_and_probabilities_add_up(engine: Engine) -> None:
    tagger = engine.tagger("en")
    (top,) = tagger.top(seen(tagger, "red"), 6)
    probabilities = [tag.probability for tag in top]
    assert probabilities == sorted(probabilities, reverse=True)
    assert sum(probabilities) == pytest.approx(1)


def test_what_is_not_clear_gets_no_tag(packs: Path) -> None:
    def flat(manifest: dict[str, dict[str, float]]) -> None:
        manifest["tags"]["temperature"] = 100.0

    change_manifest(packs / "tiny-tags", flat)
    engine = Engine([packs], Device.CPU)
    tagger = engine.tagger("en")
    assert tagger.tag(seen(tagger, "red")) == [[]]
    engine.close()


def test_no_picture_no_tags(engine: Engine) -> None:
    assert engine.tagger("en").tag([]) == []


def test_tagging_costs_no_second_look_at_the_picture(packs: Path) -> None:
    """Both packs rest on the same encoder, so the engine gives both the same one."""
    write_tags_pack(packs / "z-tags", packs / "tiny-vision")

    def rename(manifest: dict[str, object]) -> None:
        manifest["name"] = "z-tags"
        manifest["languages"] = ["en"]

    change_manifest(packs / "z-tags", rename)
    engine = Engine([packs], Device.CPU)
    assert engine.tagger("en").source.pack != engine.tagger("zh").source.pack
    assert engine.tagger("en").encoder is engine.tagger("zh").encoder
    engine.close()


def test_without_its_encoder_the_pack_says_which_one_is_missing(packs: Path) -> None:
    pack = open_pack(packs / "tiny-tags")
    with pytest.raises(PackNotFound, match="tiny-vision"):
        tags_encoder(pack, [pack])


def test_another_encoder_is_refused(packs: Path) -> None:
    for file in (packs / "tiny-vision").iterdir():
        file.unlink()
    write_vision_pack(packs / "tiny-vision", "2.0.0")
    pack = open_pack(packs / "tiny-tags")
    with pytest.raises(PackDamaged, match="another version"):
        tags_encoder(pack, find_packs([packs]))


def test_a_pack_of_another_role_does_not_tag(tmp_path: Path) -> None:
    pack = open_pack(write_sentiment_pack(tmp_path / "tiny-sentiment"))
    with pytest.raises(PackNotFound, match="does not tag"):
        tags_encoder(pack, [pack])


def test_a_pictures_tags_do_not_depend_on_its_neighbours(engine: Engine) -> None:
    tagger = engine.tagger("en")
    batch = seen(tagger, "red", "green", "dark")
    together = tagger.probabilities(batch)
    alone = np.concatenate([tagger.probabilities([one]) for one in batch])
    np.testing.assert_allclose(together, alone, atol=1e-6)
