"""Windows stand for all of the sound, without overlap, and hold exactly its samples."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmdesk.analysis.affect.hearing import SHORTEST, Window, windows
from mmdesk.media.sound import SAMPLE_RATE, AudioChunk

SIZE = 3 * SAMPLE_RATE


def chunks(*stretches: tuple[float, float], piece: int = SAMPLE_RATE // 2) -> list[AudioChunk]:
    """Sound whose samples are their own time, in pieces; each stretch has a start and a length."""
    found = []
    for t0, seconds in stretches:
        times = (t0 + np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE).astype(np.float32)
        for at in range(0, len(times), piece):
            samples = times[at : at + piece]
            start = t0 + at / SAMPLE_RATE
            found.append(AudioChunk(start, start + len(samples) / SAMPLE_RATE, samples))
    return found


@given(seconds=st.floats(SHORTEST + 0.01, 12), start=st.floats(0, 100), piece=st.integers(100, 90_000))
def test_windows_stand_for_everything_once(seconds: float, start: float, piece: int) -> None:
    found = list(windows(chunks((start, seconds), piece=piece), SIZE))
    assert found[0].begin == pytest.approx(start)
    assert found[-1].end == pytest.approx(start + seconds, abs=1e-4)
    for one, following in itertools.pairwise(found):
        assert one.end == following.begin
        assert one.begin < one.end
        assert one.t0 <= one.begin
        assert following.end <= following.t1 + 1e-9


def test_windows_hold_the_samples_of_their_times() -> None:
    for window in windows(chunks((10.0, 7.3)), SIZE):
        assert window.samples.shape == (SIZE,)
        assert window.samples[0] == pytest.approx(window.t0, abs=1e-3)
        assert window.samples[-1] == pytest.approx(window.t1, abs=1e-3)


def test_windows_come_every_second() -> None:
    starts = [window.t0 for window in windows(chunks((0.0, 6.5)), SIZE)]
    assert starts == [0.0, 1.0, 2.0, 3.0, 3.5]


def test_a_short_stretch_stands_in_the_middle_of_zeros() -> None:
    (window,) = windows(chunks((5.0, 1.0)), SIZE)
    assert (window.t0, window.t1, window.begin, window.end) == (5.0, 6.0, 5.0, 6.0)
    assert not window.samples[:SAMPLE_RATE].any()
    assert not window.samples[-SAMPLE_RATE:].any()
    assert window.samples[SAMPLE_RATE] == 5.0


def test_no_window_crosses_a_gap_and_crumbs_have_none() -> None:
    found = list(windows(chunks((0.0, 4.0), (5.0, 0.2), (6.0, 3.0)), SIZE))
    assert [(one.begin, one.end) for one in found] == [(0.0, 2.0), (2.0, 4.0), (6.0, 9.0)]


def test_nothing() -> None:
    assert not list(windows([], SIZE))


def test_windows_do_not_share_memory() -> None:
    found: list[Window] = list(windows(chunks((0.0, 5.0)), SIZE))
    found[0].samples[:] = 0
    assert found[1].samples.all()
