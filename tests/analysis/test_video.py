"""Films: captions where something new is seen, with the container's times, in whatever order."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from mmdesk.analysis.analyze import analyze
from mmdesk.analysis.chunks import CHUNK_SECONDS
from mmdesk.analysis.request import AnalysisRequest
from mmdesk.control import Control
from mmdesk.errors import PackDamaged
from mmdesk.events import Failed, FindingKind, Finished, Found, MediaKind, Progress, Started
from mmdesk.runtime.device import Device
from mmdesk.tasks.engine import Engine
from tests.analysis.scenes_for_tests import (
    Scene,
    captions,
    ends,
    findings,
    run,
    warnings,
    write_pictures,
    write_scenes,
    write_srt,
)
from tests.packs_for_tests import colour_caption, picture, write_packs

LONG = [Scene(colour, 7.0, 5.0) for colour in ("red", "green", "blue", "bright", "dark", "grey") * 2]


def said(colour: str, t0: float, t1: float) -> tuple[float, float, str]:
    return t0, t1, colour_caption(colour)


def test_each_scene_has_its_caption_and_its_time(engine: Engine, tmp_path: Path) -> None:
    film = write_scenes(tmp_path / "film.mp4", [Scene("red", 3), Scene("blue", 2), Scene("green", 4)])
    events = run(engine, film)
    assert captions(events) == [said("red", 0, 3), said("blue", 3, 5), said("green", 5, 9)]
    assert isinstance(events[0], Started)
    assert (events[0].kind, round(events[0].duration or 0)) == (MediaKind.VIDEO, 9)
    (end,) = ends(events)
    assert end == events[-1]
    assert isinstance(end, Finished)
    assert end.findings == 3


def test_times_come_from_the_container_and_not_from_counting(engine: Engine, tmp_path: Path) -> None:
    scenes = [Scene("red", 2, 25), Scene("blue", 6, 2), Scene("green", 3, 12.5)]
    found = captions(run(engine, write_scenes(tmp_path / "film.mkv", scenes)))
    assert found[:2] == [said("red", 0, 2), said("blue", 2, 8)]
    t0, t1, text = found[2]
    assert (t0, text) == (8, colour_caption("green"))
    assert t1 == pytest.approx(11, abs=0.1)  # Matroska does not say how long the last picture stays


def test_evidence_is_the_frame_that_was_looked_at(engine: Engine, tmp_path: Path) -> None:
    film = write_scenes(tmp_path / "film.mp4", [Scene("red", 2), Scene("blue", 2)])
    for finding in findings(run(engine, film), FindingKind.CAPTION):
        (evidence,) = finding.evidence
        assert finding.t0 <= evidence.t0 < evidence.t1 <= finding.t1
        assert evidence.t1 - evidence.t0 == pytest.approx(0.1)
        assert finding.source.pack == "tiny-caption"
        assert finding.source.provider == "CPUExecutionProvider"
        assert len(finding.source.file_hash) == 64


def test_a_still_film_has_one_caption(engine: Engine, tmp_path: Path) -> None:
    film = write_scenes(tmp_path / "film.mp4", [Scene("grey", 15)])
    assert captions(run(engine, film)) == [said("grey", 0, 15)]


def test_a_flash_is_no_scene(engine: Engine, tmp_path: Path) -> None:
    scenes = [Scene("red", 3), Scene("bright", 0.2), Scene("red", 3)]
    assert captions(run(engine, write_scenes(tmp_path / "film.mp4", scenes))) == [said("red", 0, 6.2)]


def test_a_single_frame_is_a_film(engine: Engine, tmp_path: Path) -> None:
    film = write_scenes(tmp_path / "film.mkv", [Scene("blue", 0.1)])
    ((t0, _, text),) = captions(run(engine, film))
    assert (t0, text) == (0, colour_caption("blue"))


def test_spans_join_but_where_a_scene_goes_on_in_the_next_chunk(engine: Engine, tmp_path: Path) -> None:
    found = captions(run(engine, write_scenes(tmp_path / "film.mp4", LONG)))
    assert found[0][0] == 0
    assert found[-1][1] == pytest.approx(84, abs=0.2)
    for one, other in pairwise(found):
        assert one[1] == other[0] or (one[1] < other[0] and one[1] % CHUNK_SECONDS == 0)


def test_a_scene_that_goes_on_for_minutes_is_captioned_every_five(engine: Engine, tmp_path: Path) -> None:
    scenes = [Scene("grey", 50), Scene("red", 270)]
    found = captions(run(engine, write_scenes(tmp_path / "film.mp4", scenes)))
    assert [(t0, text) for t0, _, text in found] == [
        (0, colour_caption("grey")),
        (50, colour_caption("red")),
        (300, colour_caption("red")),
    ]


def test_a_scene_that_goes_on_is_captioned_next_where_it_began(engine: Engine, tmp_path: Path) -> None:
    scenes = [Scene("blue", 25), Scene("grey", 70), Scene("red", 25)]
    film = write_scenes(tmp_path / "film.mp4", scenes, key_frames=60)
    control = Control()
    control.look_at(85.0)
    found = findings(run(engine, film, control=control))
    assert [each.t0 for each in found] == [95, 25, 0]
    assert sorted(found, key=lambda each: each.t0) == findings(run(engine, film))


class Wanderer(Control):
    """Somebody who jumps about in the film whenever they are asked where they look."""

    def __init__(self, places: list[float | None]) -> None:
        super().__init__()
        self._places = places
        self._asked = 0

    @property
    def focus(self) -> float | None:
        self._asked += 1
        return self._places[self._asked // 23 % len(self._places)]


@pytest.mark.parametrize("container", ["mp4", "mkv", "avi"])
@pytest.mark.parametrize("places", [[70.0], [50.0, 3.0, 83.9, 200.0, 25.0], [0.0, 45.0, None]])
def test_the_order_does_not_change_the_findings(
    engine: Engine, tmp_path: Path, container: str, places: list[float | None]
) -> None:
    film = write_scenes(tmp_path / f"film.{container}", LONG, key_frames=60)
    straight = findings(run(engine, film))
    wandering = findings(run(engine, film, control=Wanderer(places)))
    assert len(straight) >= 12
    assert sorted(wandering, key=lambda each: each.t0) == straight
    assert findings(run(engine, film)) == straight


def test_where_the_person_watches_comes_first(engine: Engine, tmp_path: Path) -> None:
    film = write_scenes(tmp_path / "film.mp4", LONG)
    control = Control()
    control.look_at(50.0)
    first = findings(run(engine, film, control=control), FindingKind.CAPTION)[0]
    assert 0 < first.t0 - 50 // CHUNK_SECONDS * CHUNK_SECONDS < CHUNK_SECONDS


def test_the_focus_may_move_while_it_runs(packs: Path, tmp_path: Path) -> None:
    engine = Engine([write_packs(tmp_path, work=40)], Device.CPU, threads=1)
    film = write_scenes(tmp_path / "film.mp4", [Scene(colour, 1) for colour in ("red", "blue") * 80])
    control, seen = Control(), []
    with closing(analyze(AnalysisRequest(film), engine, control)) as events:
        for event in events:
            if isinstance(event, Found):
                seen.append(event.finding.t0)
                control.look_at(150.0)
            if len(seen) > 30:
                break
    engine.close()
    assert min(place for place, t in enumerate(seen) if t >= 140) <= 20, seen


def test_closing_the_generator_ends_every_thread(engine: Engine, tmp_path: Path) -> None:
    film = write_scenes(tmp_path / "film.mp4", LONG)
    before = threading.active_count()
    events = analyze(AnalysisRequest(film), engine, Control())
    assert any(isinstance(event, Found) for event in events)
    assert threading.active_count() > before
    events.close()
    assert threading.active_count() == before


def test_cancelling_takes_less_than_a_second_and_keeps_what_was_found(tmp_path: Path) -> None:
    engine = Engine([write_packs(tmp_path, work=200)], Device.CPU, threads=1)
    film = write_scenes(tmp_path / "film.mp4", LONG)
    control, told = Control(), []
    stopped_at = 0.0
    for event in analyze(AnalysisRequest(film), engine, control):
        told.append(event)
        if isinstance(event, Found) and not stopped_at:
            threading.Timer(0.05, control.cancel).start()
            stopped_at = time.monotonic() + 0.05
    engine.close()
    assert time.monotonic() - stopped_at < 1
    (end,) = ends(told)
    assert isinstance(end, Failed)
    assert end.cancelled
    assert findings(told)


def test_a_paused_analysis_waits(engine: Engine, tmp_path: Path) -> None:
    film = write_scenes(tmp_path / "film.mp4", LONG)
    control = Control()
    events = analyze(AnalysisRequest(film), engine, control)
    next(events)
    control.pause()
    resumed: list[float] = []

    def resume() -> None:
        resumed.append(time.monotonic())
        control.resume()

    timer = threading.Timer(0.4, resume)
    timer.start()
    assert any(isinstance(event, Finished) for event in events)
    timer.join()
    assert time.monotonic() >= resumed[0]


def test_progress_rises_to_the_end_at_a_rate_for_people(engine: Engine, tmp_path: Path) -> None:
    film = write_scenes(tmp_path / "film.mp4", LONG)
    began = time.monotonic()
    events = run(engine, film)
    told = [event for event in events if isinstance(event, Progress) and event.fraction is not None]
    fractions = [event.fraction for event in told if event.fraction is not None]
    assert fractions == sorted(fractions)
    assert all(0 <= fraction <= 1 for fraction in fractions)
    assert len(told) <= 10 * (time.monotonic() - began) + 5


def test_words_come_with_the_captions(engine: Engine, tmp_path: Path) -> None:
    film = write_scenes(tmp_path / "film.mp4", [Scene("red", 3), Scene("blue", 3)])
    write_srt(tmp_path / "film.en.srt", (0.5, 2, "I love this wonderful day"), (3, 5, "That is terrible"))
    events = run(engine, film)
    kinds = [finding.kind for finding in findings(events)]
    assert kinds == [*[FindingKind.TRANSCRIPT, FindingKind.SENTIMENT] * 2, *[FindingKind.CAPTION] * 2]
    assert warnings(events) == []


def test_a_damaged_pack_costs_its_own_findings_only(tmp_path: Path) -> None:
    packs = write_packs(tmp_path)
    weights = packs / "tiny-caption" / "encoder.onnx"
    data = bytearray(weights.read_bytes())
    data[len(data) // 2] ^= 1
    weights.write_bytes(data)
    film = write_scenes(tmp_path / "film.mp4", [Scene("red", 2)])
    write_srt(tmp_path / "film.en.srt", (0, 1, "I love this day"))
    engine = Engine([packs], Device.CPU)
    with pytest.raises(PackDamaged):
        engine.captioner("en")
    events = run(engine, film)
    engine.close()
    (end,) = ends(events)
    assert isinstance(end, Failed)
    assert "encoder.onnx" in str(end.message)
    assert [finding.kind for finding in findings(events)] == [FindingKind.TRANSCRIPT, FindingKind.SENTIMENT]


def test_a_file_that_breaks_off_keeps_what_was_found(engine: Engine, tmp_path: Path) -> None:
    film = write_scenes(tmp_path / "film.mkv", LONG)
    data = film.read_bytes()
    film.write_bytes(data[: len(data) // 2])
    events = run(engine, film)
    assert len(ends(events)) == 1
    found = captions(events)
    assert found[0] == said("red", 0, 7)
    assert 30 < found[-1][1] < 60
    assert warnings(events) or isinstance(ends(events)[0], Failed)


def noisy() -> Iterator[tuple[int, NDArray[np.uint8]]]:
    random = np.random.default_rng(0)
    for number in range(600):
        base = picture(("red", "blue", "green")[number // 20 % 3], 160, 120).astype(int)
        yield number * 100, np.clip(base + random.integers(-40, 40, base.shape), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("trouble", ["cut off", "overwritten", "deleted"])
def test_a_file_that_changes_while_it_is_read_keeps_what_was_found(
    engine: Engine, tmp_path: Path, trouble: str
) -> None:
    film = write_pictures(tmp_path / "film.mkv", noisy(), bit_rate=8_000_000)
    assert film.stat().st_size > 3_000_000
    events = []
    for event in analyze(AnalysisRequest(film), engine, Control()):
        events.append(event)
        if isinstance(event, Found) and film.exists() and len(findings(events)) == 1:
            if trouble == "cut off":
                os.truncate(film, film.stat().st_size // 2)
            elif trouble == "overwritten":
                with film.open("r+b") as file:
                    file.seek(film.stat().st_size // 2)
                    file.write(bytes(film.stat().st_size // 2))
            else:
                film.unlink()
    (end,) = ends(events)
    found = captions(events)
    assert found[0] == said("red", 0, 2)
    if trouble == "deleted":
        assert isinstance(end, Finished), "an open file stays readable"
        assert len(found) == 30
    else:
        assert isinstance(end, Failed) or warnings(events)
        assert 10 <= len(found) < 30


def drifting() -> Iterator[tuple[int, NDArray[np.uint8]]]:
    for number in range(100):
        rgb = picture("dark", 160, 120)
        rgb[:, : 1 + number] = 255
        yield number * 100, rgb


def test_a_scene_that_changes_slowly_is_captioned_again(engine: Engine, tmp_path: Path) -> None:
    found = captions(run(engine, write_pictures(tmp_path / "film.mp4", drifting())))
    assert len(found) >= 3
    assert all(t1 - t0 >= 1.9 for t0, t1, _ in found[:-1])


def test_memory_does_not_hold_the_film(engine: Engine, tmp_path: Path) -> None:
    film = write_scenes(tmp_path / "film.mp4", [Scene(colour, 1) for colour in ("red", "blue") * 60])
    control = Control()
    with closing(analyze(AnalysisRequest(film), engine, control)) as events:
        next(event for event in events if isinstance(event, Found))
        time.sleep(0.5)
        told = next(event for event in events if isinstance(event, Progress))
        assert told.fraction is not None
        assert told.fraction < 0.5, "the decoder ran on although nobody takes its pictures"
