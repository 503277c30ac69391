"""A project as its users know it: what is found, searched, corrected, undone, moved, shared, migrated."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mmdesk.analysis.marks import Mark
from mmdesk.analysis.request import AnalysisRequest
from mmdesk.control import Control
from mmdesk.events import Finding, Found, MediaKind, Origin, Passed, Started
from mmdesk.library.edits import Change, Edit, Human, Name, Note, Step, Tag, by_person, corrected
from mmdesk.library.listing import Entry, Query, Sort
from mmdesk.library.project import Project, View
from mmdesk.library.store import Asked, Outcome
from mmdesk.sentences import sentence
from tests.analysis.findings_for_tests import FINDINGS, caption, transcript
from tests.library.conftest import FOUND, analysed


def view(project: Project, media_hash: str) -> View:
    found = project.view(media_hash)
    assert found is not None
    return found


def texts(project: Project, media_hash: str) -> list[str | None]:
    return [finding.text for finding in view(project, media_hash).findings]


def found_by(project: Project, words: str) -> list[str]:
    library = project.library
    return [entry.name for entry in library.entries(library.numbers(Query(words)))]


# What is kept.


def test_nothing_is_touched_before_it_is_used(tmp_path: Path) -> None:
    Project(tmp_path / "data" / "results.sqlite")
    assert list(tmp_path.iterdir()) == []


def test_a_file_comes_back_with_its_passport(project: Project, film: Path) -> None:
    shown = view(project, analysed(project, film, FOUND))
    assert list(shown.findings) == FOUND
    assert shown.passport.media.sha256 == shown.entry.media_hash
    assert (shown.passport.media.name, shown.passport.media.bytes) == ("film.mp4", 17)
    assert shown.passport.settings == (("languages", "en"),)
    (pack,) = shown.passport.packs
    assert (pack.name, pack.files) == ("tiny-caption", (("model.onnx", "1" * 64),))
    assert project.view("unknown") is None


def test_a_missing_file_keeps_its_results_and_a_moved_one_is_found(
    project: Project, film: Path, tmp_path: Path
) -> None:
    media_hash = analysed(project, film, FOUND)
    entry = view(project, media_hash).entry
    folder = tmp_path / "elsewhere" / "deep"
    folder.mkdir(parents=True)
    (folder / "same size.mp4").write_bytes(b"CONTENT of a film")
    film.rename(folder / "new name.mp4")
    assert texts(project, media_hash) == [finding.text for finding in FOUND]
    assert project.library.look_for(entry, tmp_path / "data", Control()) is None
    moved = project.library.look_for(entry, tmp_path / "elsewhere", Control())
    assert moved is not None
    assert moved.path == folder / "new name.mp4"
    assert found_by(project, "new name") == ["new name.mp4"]


# Searching.


@pytest.mark.parametrize(
    ("words", "hits"),
    [
        ("dog", True),
        ("DOG slee", True),
        ("今天", True),
        ("高兴", True),
        ("今高", False),
        ("film mp4", True),
        ("og", False),
        ("dog bird", False),
        ("", True),
        ('"*(', True),
        ("dog AND NOT cat", False),
    ],
)
def test_words_are_found_where_words_begin(project: Project, film: Path, words: str, hits: bool) -> None:
    analysed(project, film, FOUND)
    assert found_by(project, words) == ["film.mp4"] * hits


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(max_size=20))
def test_any_words_may_be_looked_for(project: Project, words: str) -> None:
    assert project.library.numbers(Query(words)) == []


def test_files_are_filtered_and_sorted(project: Project, tmp_path: Path) -> None:
    hashes = []
    for number, (name, kind) in enumerate(
        [("b.png", MediaKind.PICTURE), ("A.mp4", MediaKind.VIDEO), ("c.mp4", MediaKind.VIDEO)]
    ):
        path = tmp_path / name
        path.write_bytes(name.encode())
        hashes.append(analysed(project, path, FOUND[: number + 1], kind=kind))
    project.edits.do(view(project, hashes[2]).entry.number, Tag("good"), Tag("cats"))
    library = project.library

    def names(query: Query) -> list[str]:
        return [entry.name for entry in library.entries(library.numbers(query))]

    assert names(Query(sort=Sort.NAME, descending=False)) == ["A.mp4", "b.png", "c.mp4"]
    assert names(Query(sort=Sort.FINDINGS)) == ["c.mp4", "A.mp4", "b.png"]
    assert names(Query(sort=Sort.ADDED, descending=False)) == ["b.png", "A.mp4", "c.mp4"]
    assert names(Query(kinds=frozenset({MediaKind.PICTURE}))) == ["b.png"]
    assert names(Query(tags=frozenset({"good", "cats"}))) == ["c.mp4"]
    assert names(Query(tags=frozenset({"good", "dogs"}))) == []
    assert names(Query(edited=True)) == ["c.mp4"]
    assert names(Query(outcomes=frozenset({Outcome.FAILED}))) == []
    assert library.tags() == {"cats": 1, "good": 1}
    library.remove(view(project, hashes[2]).entry.number)
    assert library.tags() == {}
    assert names(Query("good")) == []


# Editing.


def test_a_correction_stands_in_its_place_and_the_original_is_kept(project: Project, film: Path) -> None:
    media_hash = analysed(project, film, FOUND)
    number = view(project, media_hash).entry.number
    project.edits.do(number, Change(FOUND[1], corrected(FOUND[1], "A lynx sleeps.")))
    shown = view(project, media_hash)
    assert [line.finding.text for line in shown.lines] == ["A dog runs.", "A lynx sleeps.", "我今天很高兴"]
    assert shown.lines[1].finding.source.origin is Origin.PERSON
    assert shown.lines[1].original == FOUND[1]
    assert shown.kept is not None
    assert list(shown.kept.findings) == FOUND
    assert found_by(project, "lynx") == ["film.mp4"]
    (edit,) = shown.passport.edits
    assert (edit.change, edit.kind, edit.before, edit.after) == (
        "changed",
        "caption",
        "A cat sleeps.",
        "A lynx sleeps.",
    )


def test_a_new_run_never_overwrites_a_person(project: Project, film: Path) -> None:
    media_hash = analysed(project, film, FOUND)
    number = view(project, media_hash).entry.number
    mine = corrected(FOUND[0], "My dog.")
    project.edits.do(number, Change(FOUND[0], mine), Change(FOUND[1], None), Name(1, "Anna"))
    better = [caption("A hound runs.", 0.1, 2), caption("A cat rests.", 2, 4), caption("New.", 8, 9)]
    analysed(project, film, better, key="newer packs")
    shown = view(project, media_hash)
    assert [line.finding.text for line in shown.lines] == ["My dog.", "A cat rests.", "New."]
    assert shown.lines[0].original == better[0], "what the models say now stands behind the correction"
    assert shown.people == ((1, "Anna"),)


def test_a_correction_of_something_that_is_gone_stays(project: Project, film: Path) -> None:
    media_hash = analysed(project, film, FOUND)
    number = view(project, media_hash).entry.number
    project.edits.do(number, Change(FOUND[0], corrected(FOUND[0], "My dog.")))
    analysed(project, film, [caption("All other.", 5, 9)], key="newer packs")
    assert texts(project, media_hash) == ["All other.", "My dog."]


def test_everything_can_be_undone_and_done_again_after_a_restart(project: Project, film: Path) -> None:
    media_hash = analysed(project, film, FOUND)
    number = view(project, media_hash).entry.number
    added = by_person(transcript("I say so.", 3, 4))
    mark, longer = Mark(1, 2, "laughs", "why?"), Mark(1, 3, "laughs", "aha")
    steps: list[tuple[Edit, ...]] = [
        (Change(None, added),),
        (Change(added, corrected(added, "I said so.")),),
        (Change(None, mark),),
        (Change(mark, longer), Name(2, "Bo")),
        (Change(longer, None), Tag("x"), Note("n")),
        (Tag("x", given=False), Name(2, "")),
        (Change(FOUND[0], None),),
    ]
    states = [_state(project, media_hash)]
    for step in steps:
        project.edits.do(number, *step)
        states.append(_state(project, media_hash))
    assert project.edits.turns(number) == (len(steps), 0)
    again = Project(project.file)
    for state in reversed(states[:-1]):
        assert again.edits.undo(number) is not None
        assert _state(again, media_hash) == state
    assert again.edits.undo(number) is None
    for state in states[1:]:
        assert again.edits.redo(number) is not None
        assert _state(again, media_hash) == state
    assert again.edits.redo(number) is None
    again.close()


def _state(project: Project, media_hash: str) -> tuple[object, ...]:
    shown = view(project, media_hash)
    entry = replace(shown.entry, changed=0.0)
    return shown.findings, shown.marks, shown.people, entry, found_by(project, "I said so")


def test_a_new_step_ends_what_was_undone(project: Project, film: Path) -> None:
    media_hash = analysed(project, film, FOUND)
    number = view(project, media_hash).entry.number
    project.edits.do(number, Note("one"))
    project.edits.undo(number)
    project.edits.do(number, Note("two"))
    assert project.edits.turns(number) == (1, 0)
    assert view(project, media_hash).entry.note == "two"
    project.edits.do(number, Change(FOUND[0], FOUND[0]))
    assert project.edits.turns(number) == (1, 0), "what changes nothing is no step"


def test_what_is_being_typed_survives(project: Project, film: Path) -> None:
    number = view(project, analysed(project, film, FOUND)).entry.number
    project.edits.draft(number, "line 3", "A do")
    project.edits.draft(number, "line 3", "A dog wi\ud800th")
    again = Project(project.file)
    assert again.edits.drafts(number) == {"line 3": "A dog wi?th"}
    again.edits.draft(number, "line 3", None)
    assert again.edits.drafts(number) == {}
    again.close()


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=FINDINGS, after=FINDINGS, tag=st.text(max_size=9), note=st.text(max_size=9))
def test_any_edit_survives(
    project: Project, film: Path, before: Finding, after: Finding, tag: str, note: str
) -> None:
    number = view(project, analysed(project, film, [before])).entry.number
    changed = by_person(after)
    human = project.edits.do(number, Change(before, changed), Tag(tag), Note(note), Name(3, note))
    assert project.edits.of(number) == human
    assert human.laid_over([before])[0].finding == changed
    while project.edits.undo(number):
        pass
    assert project.edits.of(number).laid_over([before])[0].finding == before


@given(findings=st.lists(FINDINGS, max_size=6), picks=st.lists(st.tuples(st.integers(0, 5), FINDINGS)))
def test_nothing_that_was_not_edited_changes(
    findings: list[Finding], picks: list[tuple[int, Finding]]
) -> None:
    steps = [Step(0.0, (Change(findings[n], by_person(f)),)) for n, f in picks if n < len(findings)]
    shown = Human.after(steps).laid_over(findings)
    untouched = [f for n, f in enumerate(findings) if n not in {n for n, _ in picks}]
    kept = [line.finding for line in shown] + [line.original for line in shown]
    assert all(finding in kept for finding in untouched)
    assert len(shown) >= len(findings)


# Going on, and sharing.


def test_an_interrupted_run_is_gone_on_with_and_incomplete_steps_are_taken_back(
    project: Project, film: Path
) -> None:
    media_hash, asked = project.results.digest(film, Control()), Asked("k")
    run = project.results.begin(film, media_hash, asked, Started(film, MediaKind.VIDEO, 12.5))
    step = Passed(film, "pictures", 0, 0, 1, whole=False)
    run.add([Found(film, FOUND[2]), Found(film, FOUND[0]), step, Found(film, FOUND[1])])
    resumed = project.results.resume(film, media_hash, asked)
    assert resumed is not None
    run, past, kept = resumed
    assert list(kept.findings) == [FOUND[0]]
    assert (past.findings, past.steps("pictures"), list(past.whole("pictures"))) == (1, {0: 1}, [])
    run.add([Found(film, finding) for finding in FOUND[1:]])
    run.end("finished", 1.0)
    assert list(view(project, media_hash).findings) == FOUND
    assert project.results.resume(film, media_hash, asked) is None


def test_what_another_program_works_on_is_left_to_it_until_it_dies(project: Project, film: Path) -> None:
    script = f"""
import sys
from pathlib import Path
from mmdesk.analysis.request import AnalysisRequest
from mmdesk.control import Control
from mmdesk.events import MediaKind, Started
from mmdesk.library.project import Project
from mmdesk.library.store import Asked
film = Path({str(film)!r})
project = Project(Path({str(project.file)!r}))
session = project.sessions.begin()
asked = Asked("k", session=session.token)
project.results.begin(film, project.results.digest(film, Control()), asked, Started(film, MediaKind.VIDEO))
project.jobs.add(session.token, 1, [AnalysisRequest(film, ("zh",))])
print("ready", flush=True)
sys.stdin.read()
"""
    root = str(Path(__file__).parents[2])
    other = subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=root,
        env={**os.environ, "PYTHONPATH": root},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert other.stdout is not None
    assert other.stdin is not None
    with other.stdin, other.stdout:
        assert other.stdout.readline() == b"ready\n"
        session = project.sessions.begin()
        media_hash = project.results.digest(film, Control())
        assert project.results.resume(film, media_hash, Asked("k")) is None
        assert project.jobs.unfinished() == []
        session.end()
        other.kill()
        other.wait()
    session = project.sessions.begin()
    (job,) = project.jobs.unfinished()
    assert (job.path, job.request.languages, job.state) == (film, ("zh",), "waiting")
    assert project.results.resume(film, media_hash, Asked("k")) is not None
    assert len(project.jobs.take_over(session.token, [job.number])) == 1
    assert project.jobs.unfinished() == []
    session.end()
    assert len(project.jobs.unfinished()) == 1
    project.jobs.forget([job.number])
    assert project.jobs.unfinished() == []
    assert not list(project.artefacts.glob("*.lock"))


def test_the_queue_remembers_outcomes_with_reasons(project: Project, film: Path) -> None:
    session = project.sessions.begin()
    batch = project.jobs.new_batch()
    one, two = project.jobs.add(session.token, batch, [AnalysisRequest(film)] * 2)
    project.jobs.enter(one, "done")
    project.jobs.enter(two, "failed", (sentence("{x} is broken.", x="It"), sentence("Mend it.")))
    outcomes = project.jobs.outcomes()
    assert [(job.state, str(job.reason[0]) if job.reason else "") for job in outcomes] == [
        ("done", ""),
        ("failed", "It is broken."),
    ]
    assert project.jobs.new_batch() == batch + 1
    session.end()


def test_entries_that_are_gone_are_left_out(project: Project, film: Path) -> None:
    number = view(project, analysed(project, film, FOUND)).entry.number
    entries: list[Entry] = project.library.entries([number, 99, number])
    assert [entry.number for entry in entries] == [number, number]
