"""The queue after a restart: it offers what did not end, goes on with it, and remembers how files went."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from PIL import Image

from mmdesk.analysis.folder import Selection
from mmdesk.analysis.request import AnalysisRequest
from mmdesk.events import Finished
from mmdesk.jobs.state import JobState
from mmdesk.jobs.watching import Watcher
from mmdesk.library.project import Project
from tests.analysis.scenes_for_tests import Scene, write_scenes
from tests.jobs.conftest import MakeEar
from tests.packs_for_tests import picture, write_packs

LONG = [Scene(colour, 1.0) for colour in ("red", "green", "blue", "bright") * 10]


def write_picture(path: Path, colour: str = "red") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(picture(colour)).save(path)
    return path


def test_what_did_not_end_is_gone_on_with_after_a_restart(
    make_ear: MakeEar, project: Project, tmp_path: Path
) -> None:
    packs = write_packs(tmp_path / "own", work=60)
    films = [write_scenes(tmp_path / f"{n}.mp4", LONG[n : n + 14]) for n in range(3)]
    ear = make_ear(packs)
    jobs = [ear.submit(film) for film in films]
    ear.hear(lambda: len(ear.findings(jobs[0])) >= 5)
    ear.queue.pause(jobs[2])
    ear.hear_state(jobs[2], JobState.PAUSED)
    ear.queue.close()
    shown = ear.findings(jobs[0])
    unfinished = project.jobs.unfinished()
    assert [(job.path, job.state) for job in unfinished] == [
        (films[0], "running"),
        (films[1], "waiting"),
        (films[2], "paused"),
    ]
    again = make_ear(packs)
    parent = again.queue.go_on(unfinished)
    again.hear_state(parent, JobState.DONE)
    first, second, third = again.children(parent)
    again.hear_end(first, second)
    assert again.states(third) == [JobState.WAITING, JobState.PAUSED]
    assert again.findings(first)[: len(shown)] == shown, "what was found is shown again, and not computed"
    assert len(again.findings(first)) == 14
    assert [job.path for job in project.jobs.unfinished()] == []
    again.queue.resume(third)
    again.hear_end(third)
    again.queue.close()
    assert [job.state for job in project.jobs.outcomes(1)] == ["done"]


def test_two_programs_share_the_queue_without_taking_the_same_job(
    make_ear: MakeEar, slow_packs: Path, project: Project, tmp_path: Path
) -> None:
    film = write_scenes(tmp_path / "film.mp4", LONG)
    ear = make_ear(slow_packs)
    ear.submit(film)
    ear.hear(lambda: bool(ear.told))
    ear.queue.close()
    unfinished = project.jobs.unfinished()
    one, other = make_ear(slow_packs), make_ear(slow_packs)
    parents = one.queue.go_on(unfinished), other.queue.go_on(unfinished)
    one.hear_state(parents[0], JobState.DONE)
    other.hear_state(parents[1], JobState.DONE)
    assert len(one.children(parents[0])) + len(other.children(parents[1])) == 1


def test_outcomes_say_done_skipped_and_failed_with_the_reason(
    make_ear: MakeEar, project: Project, tmp_path: Path
) -> None:
    folder = tmp_path / "folder"
    write_picture(folder / "a.png")
    (folder / "b.png").write_text("no picture")
    for expected in (["done", "failed"], ["skipped", "failed"]):
        ear = make_ear()
        parent = ear.queue.submit_together([folder], AnalysisRequest(folder))
        ear.hear_state(parent, JobState.DONE)
        ear.hear_end(*ear.children(parent))
        ear.queue.close()
        outcomes = project.jobs.outcomes()
        assert [job.state for job in outcomes] == expected
        assert outcomes[1].reason is not None
        assert "text" in str(outcomes[1].reason[0])
    shutil.copy(folder / "a.png", folder / "c.png")
    write_picture(folder / "a.png", "blue")
    ear = make_ear()
    parent = ear.queue.submit_together([folder], AnalysisRequest(folder))
    ear.hear_state(parent, JobState.DONE)
    ear.hear_end(*ear.children(parent))
    ends = {e.event.path.name: e.event.kept for e in ear.told if isinstance(e.event, Finished)}
    assert ends == {"a.png": False, "c.png": True}, "what changed is done again, a copy is not"


def test_a_selection_takes_what_fits(make_ear: MakeEar, tmp_path: Path) -> None:
    for name in ("a.png", "b.jpg", "draft-c.png", "deep/d.png", "skip/e.png"):
        write_picture(tmp_path / "in" / name)
    folder = tmp_path / "in"

    def taken(selection: Selection, *paths: Path) -> list[str]:
        ear = make_ear()
        parent = ear.queue.submit_together(list(paths) or [folder], AnalysisRequest(folder), selection)
        ear.hear_state(parent, JobState.DONE)
        names = [path.name for path in ear.children(parent).values()]
        ear.queue.close()
        return names

    assert taken(Selection(("*.png",), ("draft-*", "skip/*"))) == ["a.png", "d.png"]
    assert taken(Selection(recursive=False)) == ["a.png", "b.jpg", "draft-c.png"]
    assert taken(Selection(("*.gif",)), folder / "b.jpg") == ["b.jpg"], "what is named itself is wanted"


def test_stop_after_the_current_one(make_ear: MakeEar, slow_packs: Path, tmp_path: Path) -> None:
    ear = make_ear(slow_packs)
    first = ear.submit(write_scenes(tmp_path / "film.mp4", LONG[:12]))
    others = [ear.submit(write_picture(tmp_path / f"{n}.png")) for n in range(3)]
    ear.hear(lambda: bool(ear.findings(first)))
    ear.queue.stop_after_current()
    ear.hear_end(first)
    assert ear.states(first)[-1] is JobState.DONE
    assert [ear.states(job)[-1] for job in others] == [JobState.PAUSED] * 3


def test_a_watched_folder_gives_what_is_new_or_changed_and_whole(tmp_path: Path) -> None:
    taken: list[str] = []
    folder = tmp_path / "watched"
    write_picture(folder / "old.png")
    watcher = Watcher([folder], lambda paths: taken.extend(path.name for path in paths), seconds=0.2)

    def wait_for(count: int) -> None:
        deadline = time.monotonic() + 15
        while len(taken) < count:
            assert time.monotonic() < deadline, taken
            time.sleep(0.02)

    wait_for(1)
    with (folder / "growing.png").open("wb") as out:
        for _ in range(12):
            out.write(bytes(1000))
            out.flush()
            time.sleep(0.05)
        assert taken == ["old.png"], "a file that is still being copied is waited for"
    wait_for(2)
    write_picture(folder / "old.png", "blue")
    wait_for(3)
    watcher.close()
    assert taken == ["old.png", "growing.png", "old.png"]
