"""The engine loads what is asked for, tells what runs, and lets a damaged pack hurt its own role only."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from mmdesk.errors import DeviceUnavailable, PackDamaged, PackNotFound
from mmdesk.packs.roles import Role
from mmdesk.runtime.device import Device, cuda_report
from mmdesk.tasks.engine import Engine, Running
from tests.packs_for_tests import (
    change_manifest,
    colour_caption,
    picture,
    write_packs,
    write_resting_caption_pack,
    write_vision_pack,
)
from tests.tasks.captioners_for_tests import see


def engine(folder: Path, device: Device = Device.CPU) -> Engine:
    return Engine([write_packs(folder)], device)


def test_nothing_is_loaded_before_it_is_asked_for(tmp_path: Path) -> None:
    lazy = Engine([tmp_path / "does not exist yet"], Device.CUDA)
    assert lazy.running() == ()
    lazy.close()


def test_running_tells_what_is_loaded(tmp_path: Path) -> None:
    one = engine(tmp_path)
    captioner = one.captioner("en")
    captioning = Running(Role.CAPTION, "tiny-caption", "1.0.0", "CPUExecutionProvider", "fp32")
    assert one.running() == (captioning,)
    one.text_sentiment("en")
    judging = Running(Role.TEXT_SENTIMENT, "tiny-sentiment", "1.0.0", "CPUExecutionProvider", "fp32")
    assert one.running() == (captioning, judging)
    assert captioner.caption(see(captioner, [picture("red")]), "en")[0].text == colour_caption("red")
    one.close()
    assert one.running() == ()


def test_one_pack_is_loaded_once_for_all_its_languages(tmp_path: Path) -> None:
    one = engine(tmp_path)
    assert one.captioner("en") is one.captioner("zh")
    assert len(one.running()) == 1
    one.close()


def speak(language: str, manifest: dict[str, object]) -> None:
    manifest["languages"] = [language]


def test_packs_that_rest_on_one_encoder_share_it(tmp_path: Path) -> None:
    """Two versions of a pack, one writes English and the other Chinese, on one encoder."""
    vision = write_vision_pack(tmp_path / "tiny-vision")
    for language in ("en", "zh"):
        folder = write_resting_caption_pack(tmp_path / language, vision)
        change_manifest(folder, partial(speak, language))
    one = Engine([tmp_path], Device.CPU)
    english, chinese = one.captioner("en"), one.captioner("zh")
    assert english is not chinese
    assert english.encoder is chinese.encoder
    assert [running.role for running in one.running()] == [Role.VISION, Role.CAPTION, Role.CAPTION]
    seen = see(english, [picture("red")])
    assert chinese.caption(seen, "zh")[0].text == colour_caption("red", "zh")
    one.close()


def test_a_damaged_encoder_is_the_error_of_what_rests_on_it(tmp_path: Path) -> None:
    vision = write_vision_pack(tmp_path / "tiny-vision")
    write_resting_caption_pack(tmp_path / "tiny-caption", vision)
    (vision / "vision.onnx").write_bytes(b"something else")
    with pytest.raises(PackDamaged, match="tiny-vision"):
        Engine([tmp_path], Device.CPU).captioner("en")


def test_what_was_closed_is_loaded_again(tmp_path: Path) -> None:
    one = engine(tmp_path)
    before = one.captioner("en")
    one.close()
    after = one.captioner("en")
    assert after is not before
    assert after.caption(see(after, [picture("green")]), "en")[0].text == colour_caption("green")
    one.close()


def test_a_damaged_pack_is_the_error_of_its_role_and_the_others_work(tmp_path: Path) -> None:
    packs_dir = write_packs(tmp_path)
    data = bytearray((packs_dir / "tiny-caption" / "encoder.onnx").read_bytes())
    data[100] ^= 1
    (packs_dir / "tiny-caption" / "encoder.onnx").write_bytes(data)
    one = Engine([packs_dir], Device.CPU)
    with pytest.raises(PackDamaged, match=r"encoder\.onnx"):
        one.captioner("en")
    (affect,) = one.text_sentiment("en").score(["good"], "en")
    assert affect is not None
    assert [running.role for running in one.running()] == [Role.TEXT_SENTIMENT]
    one.close()


def test_a_language_that_no_pack_has_is_an_error_with_a_hint(tmp_path: Path) -> None:
    one = engine(tmp_path)
    with pytest.raises(PackNotFound) as refused:
        one.text_sentiment("zh")
    assert "add a pack" in str(refused.value.hint)
    one.close()


def test_no_packs_at_all_is_an_error_with_a_hint(tmp_path: Path) -> None:
    with pytest.raises(PackNotFound, match="caption"):
        Engine([tmp_path], Device.CPU).captioner("en")


def test_automatic_takes_what_computes_and_cuda_never_pretends(tmp_path: Path) -> None:
    packs_dir = write_packs(tmp_path)
    automatic = Engine([packs_dir], Device.AUTO)
    provider = automatic.captioner("en").source.provider
    automatic.close()
    if cuda_report().computes:
        assert provider == "CUDAExecutionProvider"
    else:
        assert provider == "CPUExecutionProvider"
        assert automatic.choice.note
        with pytest.raises(DeviceUnavailable):
            Engine([packs_dir], Device.CUDA).captioner("en")
