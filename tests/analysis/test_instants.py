"""Which frames are chosen, told apart from how they are decoded."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from mmdesk.analysis.chunks import CHUNK_SECONDS, Chunks
from mmdesk.analysis.instants import Instant, Selector


@dataclass(frozen=True)
class Shot:
    """A frame of one brightness, or with a pattern."""

    level: float
    pattern: int | None = None

    def small(self, width: int, height: int) -> NDArray[np.uint8]:
        pixels = np.full((height, width, 3), float(self.level))
        if self.pattern is not None:
            pixels += np.random.default_rng(self.pattern).uniform(-8, 8, (height, width, 1))
        small: NDArray[np.uint8] = np.clip(pixels, 0, 255).astype(np.uint8)
        return small


def select(shots: list[tuple[float, Shot]], end: float) -> list[Instant[Shot]]:
    selector = Selector[Shot]()
    found: list[Instant[Shot]] = []
    for t, shot in shots:
        found += selector.feed(t, shot)
    return [*found, *selector.finish(end)]


def lasting(shot: Shot, t0: float, t1: float, rate: float = 25) -> list[tuple[float, Shot]]:
    return [(t0 + n / rate, shot) for n in range(round((t1 - t0) * rate))]


def test_a_dissolve_is_one_change_and_its_frame_comes_after_it() -> None:
    fade = [(2 + n / 25, Shot(20 + 8 * n)) for n in range(20)]
    found = select([*lasting(Shot(20), 0, 2), *fade, *lasting(Shot(180), 2.8, 6)], 6)
    assert len(found) == 2
    assert 2 < found[1].t0 < 2.8
    assert found[1].frame.level > 150


def test_dark_scenes_are_told_by_their_structure() -> None:
    dark, other = Shot(12, pattern=1), Shot(12, pattern=2)
    found = select([*lasting(dark, 0, 3), *lasting(other, 3, 6)], 6)
    assert [each.t0 for each in found] == [0, 3]


def test_a_film_of_one_frame_a_second() -> None:
    shots = [(float(n), Shot(80.0 * (n % 4))) for n in range(10)]
    assert [each.t0 for each in select(shots, 10)] == [float(n) for n in range(10)]


def test_flicker_does_not_flood() -> None:
    shots = [(n / 25, Shot(255.0 * (n % 2))) for n in range(250)]
    assert len(select(shots, 10)) == 1


SHOTS = st.lists(
    st.tuples(
        st.floats(0.001, 3, allow_nan=False), st.sampled_from([0.0, 10.0, 30.0, 60.0, 128.0, 200.0, 255.0])
    ),
    min_size=1,
    max_size=60,
)


@given(SHOTS)
def test_spans_cover_the_chunk_without_gap_or_overlap(steps: list[tuple[float, float]]) -> None:
    shots, t = [], 0.0
    for step, level in steps:
        shots.append((t, Shot(level)))
        t += step
    found = select(shots, t)
    assert found[0].t0 == 0
    assert found[-1].t1 == t
    assert all(one.t1 == other.t0 for one, other in pairwise(found))
    assert all(each.t0 < each.t1 for each in found)


@given(
    st.one_of(st.none(), st.floats(0.1, 5000)),
    st.lists(st.one_of(st.none(), st.floats(0, 6000)), max_size=50),
    st.integers(1, 40),
    st.integers(1, 5),
)
def test_every_chunk_is_done_once_whatever_is_watched(
    duration: float | None, places: list[float | None], real: int, cuts: int
) -> None:
    chunks, done = Chunks(duration), []
    end = real * CHUNK_SECONDS if duration is None else duration
    for focus in (*places, *[None] * 400):
        index = chunks.next(focus)
        if index is None:
            break
        begin, _ = chunks.bounds(index)
        if begin >= end:
            chunks.ended_before(index)
        else:
            chunks.done(index, not chunks.is_fresh(index) and index % cuts != 0)
            done.append(index)
    assert chunks.next(None) is None
    covered = sorted(done)
    assert covered == list(range(len(covered)))
    assert chunks.bounds(covered[-1])[1] >= end or duration is None


def test_where_a_watched_scene_began_comes_next() -> None:
    chunks = Chunks(200.0)
    order = []
    while (index := chunks.next(130.0)) is not None:
        order.append(index)
        chunks.done(index, continues=index in (5, 6))
    assert order[:4] == [6, 5, 4, 7]
    assert sorted(order) == list(range(10))


def test_a_chunk_is_left_twice_at_most() -> None:
    chunks = Chunks(100.0)
    assert [chunks.leaves(0, 50.0) for _ in range(4)] == [True, True, False, False]
    assert not chunks.leaves(0, 3.0)
    assert not chunks.leaves(0, None)
