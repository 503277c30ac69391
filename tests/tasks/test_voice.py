"""Voices judged by a real (tiny) model; what cannot be judged says why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from mmdesk.control import Control
from mmdesk.errors import Cancelled, PackInvalid, PackNotFound
from mmdesk.packs.pack import open_pack
from mmdesk.runtime.device import Device, choose
from mmdesk.tasks.voice import BATCH, VoiceAffect, VoiceGap, VoiceReader
from tests.affect_packs_for_tests import WINDOW, write_fusion_pack, write_voice_pack
from tests.packs_for_tests import change_manifest

CPU = choose(Device.CPU)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VoiceReader]:
    reader = VoiceReader(open_pack(write_voice_pack(tmp_path_factory.mktemp("packs") / "tiny-voice")), CPU)
    yield reader
    reader.close()


def humming(mean: float, level: float = 0.1) -> np.ndarray:
    wave: np.ndarray = level * np.sin(np.arange(WINDOW) * 0.3) + mean
    return wave.astype(np.float32)


def test_a_voice_gets_emotions_valence_and_confidence(reader: VoiceReader) -> None:
    happy, sad = reader.read(np.stack([humming(0.05), humming(-0.05)]))
    assert isinstance(happy, VoiceAffect)
    assert isinstance(sad, VoiceAffect)
    assert max(happy.distribution, key=lambda named: named[1])[0] == "happy"
    assert max(sad.distribution, key=lambda named: named[1])[0] == "sad"
    assert happy.valence == pytest.approx(0.5, abs=0.01)
    assert sad.valence == pytest.approx(-0.5, abs=0.01)
    assert happy.confidence == max(p for _, p in happy.distribution)
    assert sum(p for _, p in happy.distribution) == pytest.approx(1)
    assert happy.speech > 0.5


def test_silence_and_sound_without_speech_are_gaps_with_a_reason(reader: VoiceReader) -> None:
    silent, offset, quiet = reader.read(
        np.stack([np.zeros(WINDOW, np.float32), humming(0.3, 0), humming(0, 0.005)])
    )
    assert isinstance(silent, VoiceGap)
    assert isinstance(offset, VoiceGap)
    assert isinstance(quiet, VoiceGap)
    assert "silence" in silent.reason.template
    assert "silence" in offset.reason.template
    assert "Nobody speaks" in quiet.reason.template
    assert quiet.speech < 0.5


def test_what_stands_beside_a_window_changes_nothing(reader: VoiceReader) -> None:
    windows = np.stack([humming(0.01 * n, 0.02 * n) for n in range(2 * BATCH + 3)])
    assert reader.read(windows) == [reader.read(window[None])[0] for window in windows]
    assert reader.read(windows[:0]) == []


@pytest.mark.parametrize("windows", [np.zeros((1, 5), np.float32), np.full((1, WINDOW), np.nan, np.float32)])
def test_other_shapes_and_numbers_that_are_none_are_refused(reader: VoiceReader, windows: np.ndarray) -> None:
    with pytest.raises(ValueError, match="windows"):
        reader.read(windows)


def test_cancelling_stops(reader: VoiceReader) -> None:
    control = Control()
    control.cancel()
    with pytest.raises(Cancelled):
        reader.read(humming(0.1)[None], control)


def test_a_pack_of_another_role_is_no_voice(tmp_path: Path) -> None:
    with pytest.raises(PackNotFound) as raised:
        VoiceReader(open_pack(write_fusion_pack(tmp_path / "tiny-fusion")), CPU)
    assert "does not judge voices" in raised.value.message.template


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("labels", {"zh": ["悲伤", "高兴", "平静"]}),
        ("labels", {"en": ["sad", "happy"], "zh": ["悲伤", "高兴", "平静"]}),
        ("labels", {"en": ["sad", "sad", "happy"]}),
        ("temperature", 0),
        ("window", 2.5),
        ("speech_threshold", 1.5),
        ("volume", 11),
    ],
)
def test_an_impossible_section_is_refused(tmp_path: Path, field: str, value: object) -> None:
    folder = write_voice_pack(tmp_path / "tiny-voice")
    change_manifest(folder, lambda manifest: manifest["voice"].update({field: value}))
    with pytest.raises(PackInvalid):
        open_pack(folder)
