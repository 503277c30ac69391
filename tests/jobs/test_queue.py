"""The queue as a front end knows it: order, states, cancelling, pausing, kept results, faults."""

from __future__ import annotations

import logging
import os
import shutil
import sys
import threading
import time
from pathlib import Path

import pytest
from PIL import Image

from mmdesk.analysis.request import AnalysisRequest
from mmdesk.events import Failed, Finished, Started, Warned
from mmdesk.jobs.state import JobAdded, JobState
from mmdesk.library.store import Outcome, ResultStore
from mmdesk.runtime.device import Device
from mmdesk.tasks.caption import Captioner
from mmdesk.tasks.engine import Engine
from tests.analysis.scenes_for_tests import Scene, write_scenes, write_srt
from tests.jobs.conftest import MakeEar
from tests.packs_for_tests import colour_caption, picture

LONG = [Scene(colour, 1.0) for colour in ("red", "green", "blue", "bright") * 15]


def write_picture(path: Path, colour: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(picture(colour)).save(path)
    return path


def test_a_job_is_added_waits_runs_and_is_done(make_ear: MakeEar, tmp_path: Path) -> None:
    ear = make_ear()
    path = write_picture(tmp_path / "red.png", "red")
    job = ear.submit(path)
    ear.hear_end(job)
    assert ear.told[0].event == JobAdded(path)
    assert ear.states(job) == [JobState.WAITING, JobState.RUNNING, JobState.DONE]
    (finding,) = ear.findings(job)
    assert finding.text == colour_caption("red")
    assert isinstance(ear.events(job)[-1], Finished)


def test_jobs_are_done_in_the_order_of_submission(make_ear: MakeEar, tmp_path: Path) -> None:
    ear = make_ear()
    colours = ["red", "green", "blue", "grey"]
    jobs = [ear.submit(write_picture(tmp_path / f"{colour}.png", colour)) for colour in colours]
    ear.hear_end(*jobs)
    done = [each.job for each in ear.told if each.event is JobState.DONE]
    assert done == jobs
    assert [ear.findings(job)[0].text for job in jobs] == [colour_caption(colour) for colour in colours]


def test_a_folder_becomes_one_job_for_each_entry(make_ear: MakeEar, tmp_path: Path) -> None:
    ear = make_ear()
    folder = tmp_path / "folder"
    write_picture(folder / "1.png", "red")
    write_picture(folder / "deep" / "2.png", "blue")
    (folder / "3.txt").write_text("no picture")
    (folder / "4.png").symlink_to("nowhere")
    parent = ear.submit(folder)
    ear.hear_end(parent)
    children = ear.children(parent)
    ear.hear_end(*children)
    ends = {path.name: ear.states(job)[-1] for job, path in children.items()}
    assert ends == {
        "1.png": JobState.DONE,
        "2.png": JobState.DONE,
        "3.txt": JobState.FAILED,
        "4.png": JobState.FAILED,
    }
    assert all(sum(isinstance(e, Finished | Failed) for e in ear.events(job)) == 1 for job in children)


def test_an_empty_folder_is_told(make_ear: MakeEar, tmp_path: Path) -> None:
    ear = make_ear()
    (tmp_path / "empty").mkdir()
    job = ear.submit(tmp_path / "empty")
    ear.hear_end(job)
    (failed,) = ear.events(job)
    assert isinstance(failed, Failed)
    assert "no file" in str(failed.message)


def test_what_is_dropped_together_belongs_together(make_ear: MakeEar, tmp_path: Path) -> None:
    ear = make_ear()
    film = write_scenes(tmp_path / "film.mp4", [Scene("red", 2)])
    words = write_srt(tmp_path / "film.srt", (0, 1, "I love this good day"))
    drop = ear.queue.submit_together([words, film], AnalysisRequest(film))
    ear.hear_state(drop, JobState.DONE)
    assert list(ear.children(drop).values()) == [film]
    ear.hear_end(*ear.children(drop))


def test_cancelling_a_running_job_takes_less_than_a_second(
    make_ear: MakeEar, slow_packs: Path, tmp_path: Path, store: ResultStore
) -> None:
    ear = make_ear(slow_packs)
    film = write_scenes(tmp_path / "film.mp4", LONG)
    job = ear.submit(film)
    ear.hear(lambda: bool(ear.findings(job)))
    began = time.monotonic()
    ear.queue.cancel(job)
    ear.hear_end(job)
    assert time.monotonic() - began < 1
    assert ear.states(job)[-1] is JobState.CANCELLED
    end = ear.events(job)[-1]
    assert isinstance(end, Failed)
    assert end.cancelled
    kept = store.latest(film)
    assert kept is not None
    assert (kept.outcome, list(kept.findings)) == (Outcome.CANCELLED, ear.findings(job))


def test_cancelling_a_waiting_or_paused_job_ends_it_at_once(
    make_ear: MakeEar, slow_packs: Path, tmp_path: Path
) -> None:
    ear = make_ear(slow_packs)
    first = ear.submit(write_scenes(tmp_path / "film.mp4", LONG))
    waiting = ear.submit(write_picture(tmp_path / "red.png", "red"))
    ear.hear(lambda: bool(ear.findings(first)))
    ear.queue.cancel(waiting)
    ear.hear_state(waiting, JobState.CANCELLED)
    ear.queue.pause(first)
    ear.hear_state(first, JobState.PAUSED)
    ear.queue.cancel(first)
    ear.hear_state(first, JobState.CANCELLED)
    for job in (first, waiting):
        assert [e.cancelled for e in ear.events(job) if isinstance(e, Failed)] == [True]
    deadline = time.monotonic() + 5
    while any(thread.name.startswith("mmdesk-stage") for thread in threading.enumerate()):
        assert time.monotonic() < deadline, "the stages of a cancelled parked job go on"
        time.sleep(0.01)


def test_a_paused_job_lets_others_go_first_and_then_goes_on_where_it_was(
    make_ear: MakeEar, slow_packs: Path, tmp_path: Path
) -> None:
    ear = make_ear(slow_packs)
    film = write_scenes(tmp_path / "film.mp4", LONG[:24])
    first = ear.submit(film)
    ear.hear(lambda: bool(ear.findings(first)))
    ear.queue.pause(first)
    ear.hear_state(first, JobState.PAUSED)
    so_far = len(ear.findings(first))
    other = ear.submit(write_picture(tmp_path / "red.png", "red"))
    ear.hear_end(other)
    assert len(ear.findings(first)) == so_far
    ear.queue.resume(first)
    ear.hear_end(first)
    assert sum(isinstance(event, Started) for event in ear.events(first)) == 1
    assert len(ear.findings(first)) == 24


def test_a_waiting_job_can_be_paused_and_resumed(make_ear: MakeEar, slow_packs: Path, tmp_path: Path) -> None:
    ear = make_ear(slow_packs)
    ear.submit(write_scenes(tmp_path / "film.mp4", LONG[:8]))
    paused = ear.submit(write_picture(tmp_path / "red.png", "red"))
    ear.queue.pause(paused)
    last = ear.submit(write_picture(tmp_path / "blue.png", "blue"))
    ear.hear_end(last)
    assert ear.states(paused) == [JobState.WAITING, JobState.PAUSED]
    ear.queue.resume(paused)
    ear.hear_end(paused)


def test_kept_results_are_shown_without_inference_and_a_retry_computes_anew(
    make_ear: MakeEar, packs: Path, tmp_path: Path
) -> None:
    film = write_scenes(tmp_path / "film.mp4", [Scene("red", 2), Scene("blue", 2)])
    ear = make_ear()
    first = ear.submit(film)
    ear.hear_end(first)
    ear.queue.close()

    class Numb(Engine):
        def captioner(self, language: str) -> Captioner:
            raise AssertionError("no model is needed for kept results")

    other_name = tmp_path / "renamed.mp4"
    film.rename(other_name)
    again = make_ear(make_engine=lambda _: Numb([packs], Device.CPU))
    second = again.submit(other_name)
    again.hear_end(second)
    assert again.findings(second) == ear.findings(first)
    assert again.states(second)[-1] is JobState.DONE
    third = make_ear()
    job = third.submit(other_name)
    third.hear_end(job)
    third.queue.retry(job)
    third.hear_state(job, JobState.DONE, times=2)
    assert third.findings(job) == ear.findings(first) * 2


def test_other_settings_packs_or_subtitles_are_other_results(
    make_ear: MakeEar, packs: Path, tmp_path: Path
) -> None:
    film = write_scenes(tmp_path / "film.mp4", [Scene("red", 2)])
    ear = make_ear()
    jobs = [ear.submit(film), ear.submit(film, "zh")]
    ear.hear_end(*jobs)
    assert [ear.findings(job)[0].language for job in jobs] == ["en", "zh"]
    write_srt(tmp_path / "film.srt", (0, 1, "I love this good day"))
    jobs.append(ear.submit(film))
    ear.hear_end(*jobs)
    assert len(ear.findings(jobs[2])) == 3
    (tmp_path / "film.srt").unlink()
    fewer = tmp_path / "fewer"
    shutil.copytree(packs / "tiny-caption", fewer / "tiny-caption")
    readme = make_ear(fewer)
    job = readme.submit(film)
    readme.hear_end(job)
    assert any(isinstance(event, Started) for event in readme.events(job))


def test_a_fault_of_our_own_costs_one_job_and_is_logged_without_names(
    make_ear: MakeEar, packs: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(Engine):
        faults = 1

        def packs_key(self) -> str:
            if self.faults:
                self.faults = 0
                raise ZeroDivisionError("the diary of Anna B.")
            return super().packs_key()

    ear = make_ear(make_engine=lambda _: Broken([packs], Device.CPU))
    bad = ear.submit(write_picture(tmp_path / "red.png", "red"))
    good = ear.submit(write_picture(tmp_path / "blue.png", "blue"))
    ear.hear_end(bad, good)
    (failed,) = ear.events(bad)
    assert isinstance(failed, Failed)
    assert "inside mmdesk" in str(failed.message)
    assert ear.states(good)[-1] is JobState.DONE
    (record,) = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert record.name == "mmdesk.jobs.worker"
    caplog.clear()


def test_a_device_that_does_not_compute_is_told(make_ear: MakeEar, packs: Path, tmp_path: Path) -> None:
    ear = make_ear(make_engine=lambda device: Engine([packs], device, threads=1))
    path = write_picture(tmp_path / "red.png", "red")
    on_cpu = ear.queue.submit(path, AnalysisRequest(path, device=Device.CPU))
    ear.hear_end(on_cpu)
    assert ear.findings(on_cpu)[0].source.provider == "CPUExecutionProvider"


def test_closing_while_jobs_run_is_quick_and_keeps_what_was_found(
    make_ear: MakeEar, slow_packs: Path, tmp_path: Path, store: ResultStore
) -> None:
    ear = make_ear(slow_packs)
    film = write_scenes(tmp_path / "film.mp4", LONG)
    running = ear.submit(film)
    parked = ear.submit(write_scenes(tmp_path / "other.mp4", LONG[:30]))
    ear.hear(lambda: bool(ear.findings(running)))
    ear.queue.pause(running)
    ear.hear(lambda: bool(ear.findings(parked)))
    began = time.monotonic()
    ear.queue.close()
    assert time.monotonic() - began < 2
    kept = store.latest(film)
    assert kept is not None
    assert len(kept.findings) >= len(ear.findings(running)) > 0


def test_results_that_cannot_be_kept_are_shown_and_the_job_fails(make_ear: MakeEar, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file where the folder should be")
    ear = make_ear()
    job = ear.submit(write_picture(tmp_path / "red.png", "red"))
    ear.hear_end(job)
    events = ear.events(job)
    assert len(ear.findings(job)) == 1
    assert sum(isinstance(event, Warned) for event in events) == 1
    assert isinstance(events[-1], Failed)
    assert "cannot be kept" in str(events[-1].message)


def test_the_next_run_keeps_what_the_last_could_not(make_ear: MakeEar, tmp_path: Path) -> None:
    blocker = tmp_path / "kept"
    blocker.write_text("a file where the folder should be")
    ear = make_ear()
    path = write_picture(tmp_path / "red.png", "red")
    job = ear.submit(path)
    ear.hear_end(job)
    blocker.unlink()
    ear.queue.retry(job)
    ear.hear_state(job, JobState.DONE)


@pytest.mark.skipif(sys.platform != "linux", reason="priorities by thread are Linux's")
def test_the_window_gets_the_processor_before_the_worker_and_its_stages(
    make_ear: MakeEar, slow_packs: Path, tmp_path: Path
) -> None:
    ear = make_ear(slow_packs)
    job = ear.submit(write_scenes(tmp_path / "film.mp4", LONG))
    ear.hear(lambda: bool(ear.findings(job)))
    mine = [
        thread
        for thread in threading.enumerate()
        if thread.name.startswith(("mmdesk-worker", "mmdesk-stage"))
    ]
    priorities = {os.getpriority(os.PRIO_PROCESS, thread.native_id or 0) for thread in mine}
    assert len(mine) >= 4
    assert min(priorities) > os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    ear.queue.cancel(job)
    ear.hear_end(job)
