"""Joint embedding with a tiny real pack: texts name colours, pictures have them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from mmdesk.control import Control
from mmdesk.errors import Cancelled, PackNotFound
from mmdesk.packs.pack import open_pack
from mmdesk.runtime.device import Device
from mmdesk.tasks.embed import BATCH, Embedder, Vectors, embed_encoder
from mmdesk.tasks.engine import Engine
from tests.packs_for_tests import picture, write_embed_pack, write_sentiment_pack, write_vision_pack

COLOURS = ("red", "green", "blue", "bright")


@pytest.fixture
def embedder(tmp_path: Path) -> Iterator[Embedder]:
    write_embed_pack(tmp_path / "packs" / "tiny-embed", write_vision_pack(tmp_path / "packs" / "tiny-vision"))
    engine = Engine([tmp_path / "packs"], Device.CPU)
    yield engine.embedder("en")
    engine.close()


def pictures(embedder: Embedder, *colours: str) -> Vectors:
    prepared = [embedder.encoder.prepare(picture(colour)) for colour in colours]
    return embedder.pictures(embedder.encoder.encode(prepared))


@pytest.mark.parametrize(("language", "texts"), [("en", COLOURS), ("zh", ("红", "绿", "蓝", "白"))])
def test_a_text_finds_its_picture_in_both_languages(
    embedder: Embedder, language: str, texts: tuple[str, ...]
) -> None:
    scores = embedder.texts(texts, language) @ pictures(embedder, *COLOURS).T
    assert scores.argmax(1).tolist() == [0, 1, 2, 3]


def test_vectors_are_of_unit_length_and_float32(embedder: Embedder) -> None:
    for vectors in (embedder.texts(["red", "no such word", ""], "en"), pictures(embedder, "red", "grey")):
        assert vectors.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_a_texts_vector_does_not_depend_on_its_neighbours(embedder: Embedder) -> None:
    texts = ["red", "a very long text about blue and green and red things", "blue"] * BATCH
    together = embedder.texts(texts, "en")
    alone = np.concatenate([embedder.texts([text], "en") for text in texts[:3]])
    np.testing.assert_allclose(together[-3:], alone, atol=1e-6)


def test_nothing_in_gives_nothing_of_the_right_width(embedder: Embedder) -> None:
    assert embedder.texts([], "en").shape == embedder.pictures([]).shape == (0, 4)


def test_words_of_the_pack_are_seen_where_they_are_clear(embedder: Embedder) -> None:
    red, green, blue = embedder.words(pictures(embedder, "red", "green", "blue"))
    assert [word.labels for word in red] == [{"en": "red", "zh": "红"}]
    assert [word.labels["en"] for word in blue] == ["blue"]
    assert green == []
    assert 0.9 <= red[0].similarity <= 1


def test_an_unknown_language_is_refused(embedder: Embedder) -> None:
    with pytest.raises(PackNotFound, match="language fr"):
        embedder.texts(["rouge"], "fr")


def test_a_cancelled_search_stops(embedder: Embedder) -> None:
    control = Control()
    control.cancel()
    with pytest.raises(Cancelled):
        embedder.texts(["red"], "en", control)


def test_a_pack_of_another_role_has_no_space(tmp_path: Path) -> None:
    pack = open_pack(write_sentiment_pack(tmp_path / "tiny-sentiment"))
    with pytest.raises(PackNotFound, match="no space"):
        embed_encoder(pack, [pack])
