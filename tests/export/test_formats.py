"""Exports are read back by other programs' readers, and nothing in a text can break out of its place."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import resource
import subprocess
import sys
from pathlib import Path

import av
import pysubs2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mmdesk.analysis.records import finding_from
from mmdesk.control import Control
from mmdesk.errors import NotWritable
from mmdesk.events import Event, Failed, Finding, Finished, Found, MediaKind, Progress, Stage, Started, Warned
from mmdesk.export.cues import Lines
from mmdesk.export.events import event_json
from mmdesk.export.formats import PLAIN, Choices, Format, export, passport_file
from mmdesk.export.names import Names
from mmdesk.export.result import Result
from mmdesk.export.table import COLUMNS
from mmdesk.sentences import sentence
from tests.analysis.findings_for_tests import FINDINGS, caption, transcript
from tests.export.results_for_tests import PASSPORT

SOURCE = Path("film.mp4")
SAMPLE = [
    caption("A dog.", 0, 2),
    caption("A dog.", 2, 4),
    caption("A cat.", 4, 6),
    transcript("Hello,\nyou there", 1, 3),
]
NASTY = [
    "a --> b",
    "1\n00:00:01,000 --> 00:00:02,000\nfake",
    "line\n\n\nafter empty lines",
    "\n\nleading",
    "<b>bold</b> & <script>",
    "5 < 6 > 4",
    "{\\an8}top",
    "WEBVTT",
    "NOTE this",
    "STYLE",
    "\ufeffmark",
    "tab\tand\rreturn",
    "图片 🙂",
]
no_fixture_check = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def written(tmp_path: Path, findings: list[Finding], kind: Format, lines: Lines = Lines.ALL) -> Path:
    target = tmp_path / f"out.{kind}"
    export(Result(SOURCE, tuple(findings), PASSPORT), kind, target, Choices(lines), Control())
    return target


def visible(text: str) -> str:
    """What a reader sees: without invisible joiners, spaces and line ends all alike."""
    return " ".join(re.sub("[\u2060\ufeff]", "", text).split())


@pytest.mark.parametrize("kind", [Format.SRT, Format.VTT])
def test_captions_of_the_same_words_are_one_line(tmp_path: Path, kind: Format) -> None:
    cues = pysubs2.load(str(written(tmp_path, SAMPLE, kind, Lines.CAPTIONS)))
    assert [(cue.start, cue.end, cue.plaintext) for cue in cues] == [
        (0, 4000, "A dog."),
        (4000, 6000, "A cat."),
    ]


@pytest.mark.parametrize("kind", [Format.SRT, Format.VTT])
def test_a_caption_is_shown_until_the_next_one_of_its_language(tmp_path: Path, kind: Format) -> None:
    found = [caption("A dog.", 0, 20), caption("一只狗。", 0, 20, "zh"), caption("A cat.", 45, 60)]
    cues = pysubs2.load(str(written(tmp_path, found, kind, Lines.CAPTIONS)))
    assert [(cue.start, cue.end, cue.plaintext) for cue in cues] == [
        (0, 20_000, "一只狗。"),
        (0, 45_000, "A dog."),
        (45_000, 60_000, "A cat."),
    ]


@pytest.mark.parametrize("kind", [Format.SRT, Format.VTT])
def test_together_captions_stand_in_brackets(tmp_path: Path, kind: Format) -> None:
    cues = pysubs2.load(str(written(tmp_path, SAMPLE, kind)))
    assert [cue.plaintext for cue in cues] == ["[A dog.]", "Hello,\nyou there", "[A cat.]"]
    only = pysubs2.load(str(written(tmp_path, SAMPLE, kind, Lines.TRANSCRIPT)))
    assert [cue.plaintext for cue in only] == ["Hello,\nyou there"]


@pytest.mark.parametrize("kind", [Format.SRT, Format.VTT])
@pytest.mark.parametrize("text", NASTY)
def test_no_text_breaks_out_of_its_line(tmp_path: Path, kind: Format, text: str) -> None:
    findings = [transcript("before", 0, 1), transcript(text, 1, 2), transcript("after", 2, 3)]
    cues = pysubs2.load(str(written(tmp_path, findings, kind)), keep_unknown_html_tags=True)
    assert [(cue.start, cue.end) for cue in cues] == [(0, 1000), (1000, 2000), (2000, 3000)]
    assert (cues[0].plaintext, cues[2].plaintext) == ("before", "after")


@pytest.mark.parametrize("text", NASTY)
def test_ffmpeg_reads_the_same_words(tmp_path: Path, text: str) -> None:
    findings = [transcript(text, 1, 2), transcript("after", 2, 3)]
    with av.open(str(written(tmp_path, findings, Format.VTT))) as container:
        packets = [packet for packet in container.demux(subtitles=0) if packet.size]
    assert [float(packet.pts * packet.time_base) for packet in packets if packet.pts is not None] == [1, 2]
    assert visible(_unescaped(bytes(packets[0]).decode())) == visible(text)


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


TIMES = st.integers(0, 400 * 3600 * 1000).map(lambda ms: ms / 1000)
WORDS = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=30)


@no_fixture_check
@given(st.lists(st.tuples(TIMES, TIMES, WORDS), max_size=8), st.sampled_from([Format.SRT, Format.VTT]))
def test_subtitles_keep_times_of_any_length(
    tmp_path: Path, lines: list[tuple[float, float, str]], kind: Format
) -> None:
    lines = [(min(t0, t1), max(t0, t1), text) for t0, t1, text in lines]
    path = written(tmp_path, [transcript(text, t0, t1) for t0, t1, text in lines], kind)
    text = path.read_text(encoding="utf-8")
    mark = re.compile(r"^(\d+):(\d\d):(\d\d)[.,](\d{3}) --> (\d+):(\d\d):(\d\d)[.,](\d{3})$", re.MULTILINE)
    found = sorted(_milliseconds(match.groups()[:4]) for match in mark.finditer(text))
    assert found == sorted(round(t0 * 1000) for t0, _, _ in lines)


def _milliseconds(parts: tuple[str, ...]) -> int:
    hours, minutes, seconds, thousandths = map(int, parts)
    return 1000 * (hours * 3600 + minutes * 60 + seconds) + thousandths


@no_fixture_check
@given(st.lists(FINDINGS, max_size=6))
def test_csv_comes_back_cell_by_cell(tmp_path: Path, findings: list[Finding]) -> None:
    data = written(tmp_path, findings, Format.CSV).read_bytes()
    assert data.startswith(b"\xef\xbb\xbf"), "without it Excel shows Chinese as noise"
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert len(rows) == len(findings)
    for row, finding in zip(rows, findings, strict=True):
        assert list(row) == list(COLUMNS)
        assert (row["file"], row["kind"], float(row["t0"])) == ("film.mp4", str(finding.kind), finding.t0)
        text = finding.text or ""
        starts = text.lstrip("'").startswith(("=", "+", "-", "@", "\t", "\r"))
        assert row["text"] == (f"'{text}" if starts else text)
        assert len(json.loads(row["evidence"])) == len(finding.evidence)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("x")'])
def test_no_text_becomes_a_formula(tmp_path: Path, text: str) -> None:
    data = written(tmp_path, [transcript(text, 0, 1)], Format.CSV).read_bytes().decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(data, newline=""))
    assert row["text"] == "'" + text


def test_negative_numbers_stay_numbers(tmp_path: Path) -> None:
    finding = finding_from({**json.loads(event_line(transcript("x", 0, 1))), "value": -0.5})
    data = written(tmp_path, [finding], Format.CSV).read_bytes().decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(data, newline=""))
    assert row["value"] == "-0.5"


def event_line(finding: Finding) -> str:
    return event_json(Found(SOURCE, finding))


@no_fixture_check
@given(st.lists(FINDINGS, max_size=6))
def test_json_lines_come_back_as_the_same_findings(tmp_path: Path, findings: list[Finding]) -> None:
    lines = written(tmp_path, findings, Format.JSONL).read_bytes().decode("utf-8").split("\n")
    assert lines.pop() == ""
    assert json.loads(lines.pop(0))["type"] == "passport"
    assert [finding_from(json.loads(line)) for line in lines] == findings


@pytest.mark.parametrize("kind", [each for each in Format if each not in (Format.CLIPS, Format.FRAMES)])
def test_lone_surrogates_do_not_stop_a_file(tmp_path: Path, kind: Format) -> None:
    target = tmp_path / "out"
    made = Result(Path("\udcff.mp4"), (transcript("broken \udcff name", 0, 1),), PASSPORT)
    export(made, kind, target, Choices(), Control())
    if kind not in (Format.PARQUET, Format.PDF):
        assert target.read_bytes().decode("utf-8")


def test_every_event_is_one_line_of_ascii() -> None:
    path = Path("图片\n\udcff.mp4")
    message, hint = sentence("Könnte {name} sein.", name="\n"), sentence("Tun.")
    events: list[Event] = [
        Started(path, MediaKind.VIDEO, 3.0),
        Progress(path, Stage.WATCHING, 0.5, 2.0, 1.0),
        Warned(path, message, hint),
        Failed(path, message, hint, cancelled=True),
        Finished(path, 3, 1.23456),
    ]
    for event, kind in zip(events, ["started", "progress", "warning", "failed", "finished"], strict=True):
        line = event_json(event)
        assert line.isascii()
        assert "\n" not in line
        assert json.loads(line)["type"] == kind
        assert json.loads(line)["path"] == str(path)


def test_nothing_found_is_still_a_file(tmp_path: Path) -> None:
    texts = {kind: written(tmp_path, [], kind).read_text(encoding="utf-8-sig") for kind in PLAIN}
    assert texts[Format.SRT] == ""
    assert texts[Format.VTT].startswith("WEBVTT")
    assert texts[Format.CSV].startswith("file,kind")
    assert texts[Format.JSONL].count("\n") == 1, "the passport"


def test_an_older_file_stays_when_the_new_one_cannot_be_written(tmp_path: Path) -> None:
    target = written(tmp_path, SAMPLE, Format.SRT)
    before = target.read_text()
    target.parent.chmod(0o500)
    try:
        if os.access(tmp_path, os.W_OK):
            pytest.skip("this user may write anywhere")
        with pytest.raises(NotWritable, match=re.escape("out.srt")):
            written(tmp_path, [], Format.SRT)
    finally:
        target.parent.chmod(0o700)
    assert target.read_text() == before


def test_a_file_in_the_place_of_the_folder_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("")
    with pytest.raises(NotWritable, match="could not be saved"):
        written(tmp_path / "x", SAMPLE, Format.CSV)


@pytest.mark.skipif(sys.platform == "win32", reason="no limits on file size there")
def test_no_space_leaves_the_older_file_and_no_rubbish(tmp_path: Path) -> None:
    target = written(tmp_path, SAMPLE, Format.CSV)
    before = target.read_bytes()
    script = f"""
import resource
from pathlib import Path
from mmdesk.errors import NoSpace
from mmdesk.control import Control
from mmdesk.export.formats import Choices, Format, export
from tests.analysis.findings_for_tests import transcript
from tests.export.results_for_tests import result
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    made = result([transcript("x" * 5000, 0, 1)])
    export(made, Format.CSV, Path({str(target)!r}), Choices(), Control())
except NoSpace as failure:
    print(failure.message, failure.hint)
"""
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=root, env={**os.environ, "PYTHONPATH": root}, capture_output=True
    )
    assert b"no space left to save out.csv" in done.stdout, done.stderr
    assert target.read_bytes() == before
    assert sorted(tmp_path.iterdir()) == [target, passport_file(target)]
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 1000


def test_names_are_short_safe_and_their_own() -> None:
    names = Names()
    given_names = [names.name(Path(path)) for path in ("a/x.mp4", "a/x.jpg", "b/x.mp4", "b/X.mp4", "b/x.mp4")]
    assert given_names == ["x", "x.jpg", "x.mp4", "b-X.mp4", "b-x.mp4-2"]
    assert Names().name(Path("a:b?\n.mp4")) == "a_b__"
    assert len(os.fsencode(Names().name(Path("字" * 80 + ".mp4")))) <= 200
    assert Names().name(Path("a/.mp4")) == ".mp4"
