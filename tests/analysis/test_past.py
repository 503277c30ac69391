"""An analysis that was interrupted anywhere goes on and ends with the same findings."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from mmdesk.analysis.analyze import analyze
from mmdesk.analysis.past import Past
from mmdesk.analysis.request import AnalysisRequest
from mmdesk.control import Control
from mmdesk.events import Finding, Finished, Found, Passed
from mmdesk.runtime.device import Device
from mmdesk.tasks.engine import Engine
from tests.analysis.scenes_for_tests import Scene, run, write_scenes, write_srt
from tests.packs_for_tests import write_packs

COLOURS = ("red", "green", "blue", "bright", "grey")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return Engine([write_packs(tmp_path_factory.mktemp("tiny"))], Device.CPU, threads=1)


def write_film(folder: Path) -> Path:
    lines = [(n * 0.7, n * 0.7 + 0.5, f"line {n} and I love it") for n in range(70)]
    write_srt(folder / "film.en.srt", *lines)
    long = [Scene("grey", 25)]  # goes on from one chunk into the next
    return write_scenes(folder / "film.mp4", [Scene(c, 1.3) for c in COLOURS * 3] + long)


def key(finding: Finding) -> tuple[object, ...]:
    return finding.t0, finding.kind, finding.modality, finding.t1, repr(finding)


def until(engine: Engine, film: Path, past: Past, count: int) -> tuple[list[Finding], Past, bool]:
    """Findings of passed steps until so many events were told, what has passed, and whether it ended."""
    kept: list[Finding] = []
    step: list[Finding] = []
    passed = list(past.passed)
    ended = False
    with closing(analyze(AnalysisRequest(film), engine, Control(), past)) as events:
        for number, event in enumerate(events):
            if isinstance(event, Found):
                step.append(event.finding)
            elif isinstance(event, Passed):
                assert event.findings == len(step)
                kept, step = kept + step, []
                passed.append(event)
            ended = isinstance(event, Finished)
            if number == count:
                break
    assert not (ended and step), "every finding of a film belongs to a step"
    return kept, Past(tuple(passed), past.findings + len(kept)), ended


@pytest.mark.parametrize("every", [3, 8, 21])
def test_interrupted_again_and_again_it_finds_the_same(engine: Engine, tmp_path: Path, every: int) -> None:
    film = write_film(tmp_path)
    whole = [event.finding for event in run(engine, film) if isinstance(event, Found)]
    found: list[Finding] = []
    past, ended, tries = Past(), False, 0
    while not ended:
        tries += 1
        more, past, ended = until(engine, film, past, every + 7 * tries)
        found += more
        assert tries < 60
    assert tries > 2
    assert sorted(found, key=key) == sorted(whole, key=key)


def test_the_end_counts_what_was_found_before(engine: Engine, tmp_path: Path) -> None:
    film = write_film(tmp_path)
    _, past, _ = until(engine, film, Past(), 60)
    events = list(analyze(AnalysisRequest(film), engine, Control(), past))
    end = events[-1]
    assert isinstance(end, Finished)
    assert end.findings == sum(isinstance(event, Found) for event in run(engine, film))
