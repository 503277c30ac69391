"""Captions of real (tiny) models, from pixels to sentence."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from mmdesk.control import Control
from mmdesk.errors import Cancelled, ModelFailed, PackDamaged, PackNotFound
from mmdesk.events import Origin
from mmdesk.packs.caption_spec import CaptionText
from mmdesk.packs.pack import open_pack
from mmdesk.tasks.caption import Captioner, worded
from tests.graphs_for_tests import COLOURS
from tests.packs_for_tests import (
    change_manifest,
    colour_caption,
    picture,
    write_caption_pack,
    write_merged_caption_pack,
    write_resting_caption_pack,
    write_sentiment_pack,
    write_vision_pack,
)
from tests.tasks.captioners_for_tests import close_captioner, open_captioner, see


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_caption_pack(tmp_path_factory.mktemp("packs") / "tiny-caption")


@pytest.fixture(scope="module")
def captioner(folder: Path) -> Iterator[Captioner]:
    captioner = open_captioner(folder)
    yield captioner
    close_captioner(captioner)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_says_what_the_picture_shows(captioner: Captioner, language: str) -> None:
    batch = see(captioner, [picture(colour) for colour in COLOURS])
    captions = captioner.caption(batch, language)
    assert [caption.text for caption in captions] == [colour_caption(colour, language) for colour in COLOURS]
    assert {caption.language for caption in captions} == {language}
    assert all(0 < caption.confidence <= 1 for caption in captions)


def test_what_stands_beside_a_picture_does_not_change_its_caption(captioner: Captioner) -> None:
    prepared = see(captioner, [picture(colour) for colour in COLOURS])
    together = captioner.caption(prepared, "en")
    alone = [captioner.caption([one], "en")[0] for one in prepared]
    assert [caption.text for caption in together] == [caption.text for caption in alone]
    np.testing.assert_allclose([c.confidence for c in together], [c.confidence for c in alone], rtol=1e-5)


def test_confidence_is_the_geometric_mean_of_the_tokens_probabilities(
    captioner: Captioner, tmp_path: Path
) -> None:
    """An unclear picture gets less confidence than a clear one, and a temperature spreads it."""
    clear, unclear = see(captioner, [picture("red"), picture("grey")])
    sure, unsure = captioner.caption([clear, unclear], "en")
    assert unsure.confidence < sure.confidence
    folder = write_caption_pack(tmp_path)
    change_manifest(folder, lambda manifest: manifest["caption"]["confidence"].update(temperature=2.0))
    spread = open_captioner(folder)
    assert captioner.source.file_hash != spread.source.file_hash
    assert spread.caption([unclear], "en")[0].confidence == pytest.approx(unsure.confidence**0.5)
    close_captioner(spread)


def test_a_calibrated_confidence_is_a_logistic_function_of_the_mean(
    captioner: Captioner, tmp_path: Path
) -> None:
    (grey,) = see(captioner, [picture("grey")])
    mean = math.log(captioner.caption([grey], "en")[0].confidence)
    folder = write_caption_pack(tmp_path)
    fitted = {"en": {"scale": 3.0, "offset": -1.0}}
    change_manifest(folder, lambda manifest: manifest["caption"]["confidence"].update(calibration=fitted))
    calibrated = open_captioner(folder)
    english, chinese = (calibrated.caption([grey], language)[0] for language in ("en", "zh"))
    assert english.confidence == pytest.approx(1 / (1 + math.exp(1.0 - 3.0 * mean)))
    assert chinese.confidence == pytest.approx(captioner.caption([grey], "zh")[0].confidence)
    close_captioner(calibrated)


def test_greedy_search_is_one_beam(folder: Path) -> None:
    greedy = open_captioner(folder, beams=1)
    assert greedy.caption(see(greedy, [picture("blue")]), "en")[0].text == colour_caption("blue")
    close_captioner(greedy)


@pytest.mark.parametrize("cached_cross", [True, False])
def test_a_pack_in_the_published_layout_says_the_same(tmp_path: Path, cached_cross: bool) -> None:
    captioner = open_captioner(write_merged_caption_pack(tmp_path, cached_cross))
    batch = see(captioner, [picture(colour) for colour in COLOURS])
    assert [caption.text for caption in captioner.caption(batch, "en")] == list(map(colour_caption, COLOURS))
    close_captioner(captioner)


def test_a_pack_that_rests_on_another_says_the_same(tmp_path: Path) -> None:
    vision = write_vision_pack(tmp_path / "vision")
    folder = write_resting_caption_pack(tmp_path / "caption", vision)
    captioner = open_captioner(folder, [open_pack(vision)])
    seen = see(captioner, [picture(colour) for colour in COLOURS])
    assert [caption.text for caption in captioner.caption(seen, "en")] == list(map(colour_caption, COLOURS))
    assert captioner.encoder.pack.manifest.name == "tiny-vision"
    close_captioner(captioner)


def test_a_pack_whose_encoder_is_missing_or_another_is_refused(tmp_path: Path) -> None:
    vision = write_vision_pack(tmp_path / "vision")
    folder = write_resting_caption_pack(tmp_path / "caption", vision)
    with pytest.raises(PackNotFound, match="tiny-vision, which is not here"):
        open_captioner(folder)
    newer = write_vision_pack(tmp_path / "newer", "2.0.0")
    with pytest.raises(PackDamaged, match="another version of the pack tiny-vision"):
        open_captioner(folder, [open_pack(newer)])


def test_findings_can_name_what_produced_them(captioner: Captioner) -> None:
    source = captioner.source
    assert (source.origin, source.pack, source.version) == (Origin.MODEL, "tiny-caption", "1.0.0")
    assert (source.precision, source.provider) == ("fp32", "CPUExecutionProvider")
    assert len(source.file_hash) == 64


def test_no_pictures_have_no_captions(captioner: Captioner) -> None:
    assert captioner.caption([], "en") == []


def test_a_language_that_the_pack_does_not_write_is_refused(captioner: Captioner) -> None:
    with pytest.raises(PackNotFound, match="fr"):
        captioner.caption([], "fr")


def test_a_pack_without_captions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackNotFound, match="tiny-sentiment"):
        open_captioner(write_sentiment_pack(tmp_path))


def test_a_wrong_known_answer_is_found_before_the_first_caption(tmp_path: Path) -> None:
    folder = write_caption_pack(tmp_path)

    def change(manifest: dict[str, list[dict[str, dict[str, dict[str, float]]]]]) -> None:
        manifest["known_answers"][1]["outputs"]["present.0.encoder.value"]["mean"] += 0.01

    change_manifest(folder, change)
    with pytest.raises(
        ModelFailed, match=r"tiny-caption encoder.*CPUExecutionProvider.*present\.0\.encoder\.value"
    ):
        open_captioner(folder)


def test_a_file_that_is_swapped_after_opening_is_not_loaded(tmp_path: Path) -> None:
    pack = open_pack(write_caption_pack(tmp_path))
    (tmp_path / "decoder.onnx").write_bytes(b"something else")
    with pytest.raises(PackDamaged, match=r"decoder\.onnx"):
        open_captioner(pack)


def test_cancelling_stops_a_batch_within_a_second(tmp_path: Path) -> None:
    captioner = open_captioner(write_caption_pack(tmp_path, work=50_000))
    control = Control()
    timer = threading.Timer(0.2, control.cancel)
    timer.start()
    with pytest.raises(Cancelled):
        captioner.caption(see(captioner, [picture("red")], control), "en", control)
    timer.join()
    close_captioner(captioner)


@pytest.mark.parametrize(
    ("decoded", "language", "sentence"),
    [
        ("a dog runs", "en", "A dog runs."),
        ("a dog , a cat and a  man .", "en", "A dog, a cat and a man."),
        ("what is this ?", "en", "What is this?"),
        ("一 只 狗", "zh", "一只狗。"),
        ("一 只 狗 。", "zh", "一只狗。"),
        ("", "en", ""),
    ],
)
def test_tokens_become_a_sentence(decoded: str, language: str, sentence: str) -> None:
    spec = CaptionText(capitalise=True, full_stop=True, join={"en": " ", "zh": ""})
    assert worded(decoded, language, spec) == sentence


def test_tokens_stay_as_they_are_where_the_manifest_says_so() -> None:
    assert worded("a dog", "en", CaptionText(False, False, {})) == "a dog"
