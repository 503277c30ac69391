"""The shipped packs of voice and fusion: what holds for any sound and any observations."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from mmdesk.events import Modality
from mmdesk.packs.pack import Pack, open_pack
from mmdesk.runtime.device import Device, choose
from mmdesk.tasks import fusion
from mmdesk.tasks.fusion import Fuser, Head
from mmdesk.tasks.moments import Observation
from mmdesk.tasks.voice import VoiceAffect, VoiceGap, VoiceReader

MODELS = Path(__file__).parents[2] / "models"
CPU = choose(Device.CPU)
VOICE_BUDGET, FUSION_BUDGET = 2 * 2**20, 2**19


def shipped(name: str) -> Pack:
    if not (MODELS / name / "pack.json").exists():
        pytest.skip(f"{name} is not trained yet")
    return open_pack(MODELS / name)


def size(name: str) -> int:
    return sum(file.stat().st_size for file in (MODELS / name).rglob("*") if file.is_file())


def hums(window: int) -> NDArray[np.float32]:
    """Buzzing of several pitches that swells, in a little noise."""
    rng = np.random.default_rng(4)
    t = np.arange(window) / 16_000
    sounds = [
        (0.5 + 0.5 * np.sin(2 * np.pi * 3 * t)) * np.sign(np.sin(2 * np.pi * pitch * t))
        for pitch in (90, 140, 210, 330)
    ]
    noisy: NDArray[np.float32] = (0.05 * np.stack(sounds)).astype(np.float32)
    return noisy + 0.002 * rng.standard_normal(noisy.shape).astype(np.float32)


def told(read: list[VoiceAffect | VoiceGap]) -> list[float]:
    """All numbers of some answers."""
    numbers = []
    for one in read:
        numbers.append(one.speech)
        if isinstance(one, VoiceAffect):
            numbers += [one.valence, one.arousal, *(p for _, p in one.distribution)]
    return numbers


def recording(seconds: float) -> list[Observation]:
    """Faces, voices and words at their own times, with gaps, that change their mind."""
    rng = np.random.default_rng(8)

    def said(modality: Modality, t0: float, t1: float) -> Observation:
        happy = float(rng.random())
        named = (("happy", happy), ("sad", 1 - happy))
        return Observation(modality, t0, t1, 2 * happy - 1, max(happy, 1 - happy), named)

    faces = [said(Modality.FACE, t, t) for t in np.arange(0, seconds, 0.2).tolist() if t % 20 < 15]
    voices = [said(Modality.VOICE, t, t + 3) for t in np.arange(0, seconds - 3, 1).tolist() if t % 30 < 20]
    words = [said(Modality.WORDS, t, t + 2) for t in np.arange(1, seconds - 4, 4).tolist()]
    return faces + voices + words


def test_the_voice_pack_is_small_and_judges_each_window_by_itself() -> None:
    reader = VoiceReader(shipped("starter-voice"), CPU, threads=2)
    windows = hums(reader.window)
    together = reader.read(windows)
    alone = [reader.read(window[None])[0] for window in windows]
    assert [type(one) for one in together] == [type(one) for one in alone]
    np.testing.assert_allclose(told(together), told(alone), atol=1e-3)
    assert size("starter-voice") <= VOICE_BUDGET
    reader.close()


def test_level_and_offset_of_a_voice_play_no_part_and_silence_is_a_gap() -> None:
    reader = VoiceReader(shipped("starter-voice"), CPU, threads=2)
    windows = hums(reader.window)
    plain = told(reader.read(windows))
    for other in (10 * windows, 0.1 * windows, windows + 0.2):
        np.testing.assert_allclose(told(reader.read(other.astype(np.float32))), plain, atol=0.02)
    assert isinstance(reader.read(np.zeros((1, reader.window), np.float32))[0], VoiceGap)
    reader.close()


@pytest.mark.parametrize("head", list(Head))
def test_a_long_recording_in_windows_equals_one_pass(head: Head, monkeypatch: pytest.MonkeyPatch) -> None:
    fuser = Fuser(shipped("starter-fusion"), CPU, threads=2)
    arranged = fuser.arrange(recording(240))
    whole = fuser.fuse(arranged, head)
    monkeypatch.setattr(fusion, "WINDOW", 200)
    parts = fuser.fuse(arranged, head)
    np.testing.assert_allclose([m.valence for m in parts], [m.valence for m in whole], atol=1e-4)
    np.testing.assert_allclose([m.band for m in parts], [m.band for m in whole], atol=1e-4)
    assert size("starter-fusion") <= FUSION_BUDGET
    fuser.close()


@pytest.mark.parametrize("head", list(Head))
def test_contributions_of_the_shipped_heads_add_up(head: Head) -> None:
    fuser = Fuser(shipped("starter-fusion"), CPU, threads=2)
    observations = recording(60)
    fused = {round(moment.t0, 3): moment.valence for moment in fuser.fuse(observations, head)}
    shares = fuser.shapley(observations, 20, 24, head)
    assert shares
    for share in shares:
        total = share.baseline + sum(value for _, value in share.contributions)
        assert total == pytest.approx(fused[round(share.t0, 3)], abs=1e-4)
    fuser.close()
