"""Fusion by a real (tiny) head whose reach is one moment on either side."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from mmdesk.control import Control
from mmdesk.errors import Cancelled, PackInvalid, PackNotFound
from mmdesk.events import Modality
from mmdesk.packs.pack import open_pack
from mmdesk.runtime.device import Device, choose
from mmdesk.tasks import fusion
from mmdesk.tasks.fusion import Fuser, Head
from mmdesk.tasks.moments import Observation
from tests.affect_packs_for_tests import write_fusion_pack, write_voice_pack
from tests.packs_for_tests import change_manifest

CPU = choose(Device.CPU)
FACE, VOICE, WORDS = Modality.FACE, Modality.VOICE, Modality.WORDS


@pytest.fixture(scope="module")
def fuser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fuser]:
    fuser = Fuser(open_pack(write_fusion_pack(tmp_path_factory.mktemp("packs") / "tiny-fusion")), CPU)
    yield fuser
    fuser.close()


def said(modality: Modality, t0: float, t1: float, valence: float) -> Observation:
    return Observation(modality, t0, t1, valence, 0.9, (("happy", 0.9), ("sad", 0.1)))


def recording(seconds: float) -> list[Observation]:
    rng = np.random.default_rng(3)
    faces = [said(FACE, t, t, float(rng.uniform(-0.3, 0.3))) for t in np.arange(0, seconds, 0.2).tolist()]
    voices = [
        said(VOICE, t, t + 3, float(rng.uniform(-0.3, 0.3))) for t in np.arange(0, seconds - 3, 1).tolist()
    ]
    words = [
        said(WORDS, t, t + 2, float(rng.uniform(-0.3, 0.3))) for t in np.arange(1, seconds - 4, 5).tolist()
    ]
    return faces + voices + words


def test_moments_have_a_band_classes_and_who_was_there(fuser: Fuser) -> None:
    moments = fuser.fuse([said(VOICE, 0, 3, 0.4), said(WORDS, 1, 2, 0.2)])
    assert moments[0].t0 == 0
    assert [m.t1 - m.t0 for m in moments] == pytest.approx([0.2] * len(moments))
    inside = next(moment for moment in moments if moment.t0 == pytest.approx(1.4))
    assert inside.present == (VOICE, WORDS)
    assert inside.valence == pytest.approx(0.6, abs=1e-5)
    assert inside.band == pytest.approx((0.3, 0.9), abs=1e-5)
    assert dict(inside.distribution)["positive"] == inside.confidence
    assert moments[0].present == (VOICE,)
    assert moments[0].contradiction == 0


def test_opposite_modalities_contradict_each_other(fuser: Fuser) -> None:
    moments = fuser.fuse([said(VOICE, 0, 3, 0.9), said(WORDS, 0, 3, -0.9)])
    assert all(moment.contradicts and moment.contradiction > 0.99 for moment in moments)
    agreeing = fuser.fuse([said(VOICE, 0, 3, 0.4), said(WORDS, 0, 3, 0.4)])
    assert not any(moment.contradicts for moment in agreeing)


def test_a_frame_stands_for_its_surroundings_and_no_longer(fuser: Fuser) -> None:
    moments = fuser.fuse([said(FACE, 10.0, 10.0, 0.5)])
    assert moments[0].t0 >= 9.39
    assert moments[-1].t1 <= 10.61


def test_the_nearest_observation_counts(fuser: Fuser) -> None:
    overlapping = [said(VOICE, 0, 3, -0.5), said(VOICE, 1, 4, 0.5)]
    found = {round(moment.t0, 1): moment.valence for moment in fuser.fuse(overlapping)}
    assert found[1.4] == pytest.approx(-0.5)
    assert found[2.6] == pytest.approx(0.5)


def test_moments_without_anything_are_left_out(fuser: Fuser) -> None:
    moments = fuser.fuse([said(WORDS, 0, 1, 0.5), said(WORDS, 5, 6, 0.5)])
    assert not [moment for moment in moments if 1.01 < moment.t0 < 4.8]
    assert fuser.fuse([]) == []
    assert fuser.fuse([said(Modality.SCENE, 0, 1, 0.5)]) == []


def test_leaving_a_modality_out_equals_never_having_heard_it(fuser: Fuser) -> None:
    everything = recording(30)
    silent = [one for one in everything if one.modality is not VOICE]
    left_out = fuser.fuse(everything, without=frozenset({VOICE}))
    heard = {round(moment.t0, 3): moment for moment in fuser.fuse(silent)}
    assert len(left_out) == len(heard)
    for moment in left_out:
        assert moment.valence == pytest.approx(heard[round(moment.t0, 3)].valence, abs=1e-6)
        assert VOICE not in moment.present


def test_windows_give_what_one_pass_gives(fuser: Fuser, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = fuser.fuse(recording(60))
    monkeypatch.setattr(fusion, "WINDOW", 37)
    parts = fuser.fuse(recording(60))
    assert [moment.present for moment in parts] == [moment.present for moment in whole]
    assert [moment.valence for moment in parts] == pytest.approx(
        [moment.valence for moment in whole], abs=1e-6
    )


@pytest.mark.parametrize("head", list(Head))
def test_shares_add_up_to_the_fused_valence(fuser: Fuser, head: Head) -> None:
    everything = recording(20)
    fused = {round(moment.t0, 3): moment for moment in fuser.fuse(everything, head)}
    shares = fuser.shapley(everything, 6.0, 9.0, head)
    assert len(shares) == 15
    for share in shares:
        assert share.valence == pytest.approx(fused[round(share.t0, 3)].valence, abs=1e-5)
        total = share.baseline + sum(value for _, value in share.contributions)
        assert total == pytest.approx(share.valence, abs=1e-5)


def test_each_modality_brings_what_it_says(fuser: Fuser) -> None:
    (share,) = fuser.shapley([said(VOICE, 0, 3, 0.4), said(WORDS, 0, 3, -0.1)], 1.4, 1.6)
    assert dict(share.contributions) == pytest.approx({VOICE: 0.4, WORDS: -0.1}, abs=1e-5)
    assert share.baseline == pytest.approx(0, abs=1e-6)
    assert fuser.shapley([said(VOICE, 0, 3, 0.4)], 90, 91) == []


def test_cancelling_stops(fuser: Fuser) -> None:
    control = Control()
    control.cancel()
    with pytest.raises(Cancelled):
        fuser.fuse(recording(10), control=control)


def test_a_pack_of_another_role_does_not_fuse(tmp_path: Path) -> None:
    with pytest.raises(PackNotFound) as raised:
        Fuser(open_pack(write_voice_pack(tmp_path / "tiny-voice")), CPU)
    assert "does not fuse" in raised.value.message.template


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("modalities", ["face", "face"]),
        ("modalities", ["face", "smell"]),
        ("aliases", {"glad": "joyful"}),
        ("classes", ["bad", "good"]),
        ("reach", {"graph": 1}),
        ("rate", 0),
        ("disagreement", 2),
        ("mood", "good"),
    ],
)
def test_an_impossible_section_is_refused(tmp_path: Path, field: str, value: object) -> None:
    folder = write_fusion_pack(tmp_path / "tiny-fusion")
    change_manifest(folder, lambda manifest: manifest["fusion"].update({field: value}))
    with pytest.raises(PackInvalid):
        open_pack(folder)
