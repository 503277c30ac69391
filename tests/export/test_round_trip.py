"""What went out comes back as it was, and what a person changed comes back as that and nothing else."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mmdesk.control import Control
from mmdesk.errors import DamagedMedia, EmptyFile, UnsupportedMedia
from mmdesk.events import Finding, FindingKind, Origin
from mmdesk.export.corrections import Change, Correction
from mmdesk.export.formats import Choices, Format, Lines, export
from mmdesk.export.reading import read_back
from mmdesk.export.result import Mark, Result
from tests.analysis.findings_for_tests import caption, transcript
from tests.export.results_for_tests import RESULTS, SAMPLE, result, sentiment

READ_BACK = [Format.SRT, Format.VTT, Format.CSV, Format.EAF]
thorough = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def written(tmp_path: Path, made: Result, kind: Format, lines: Lines = Lines.ALL) -> Path:
    target = tmp_path / f"out.{kind}"
    export(made, kind, target, Choices(lines), Control())
    return target


@pytest.mark.parametrize("kind", READ_BACK)
@given(made=RESULTS, lines=st.sampled_from(Lines))
@thorough
def test_what_nobody_touched_gives_no_difference(
    tmp_path: Path, kind: Format, made: Result, lines: Lines
) -> None:
    reading = read_back(written(tmp_path, made, kind, lines), made)
    assert reading.corrections == ()
    assert reading.notes == ()


def edited(
    tmp_path: Path, kind: Format, edit: Callable[[str], str], made: Result = SAMPLE
) -> list[Correction]:
    file = written(tmp_path, made, kind)
    before = file.read_text(encoding="utf-8")
    after = edit(before)
    assert after != before, "the edit must find its place"
    file.write_text(after, encoding="utf-8", newline="")
    return list(read_back(file, made).corrections)


@pytest.mark.parametrize("kind", READ_BACK)
def test_other_words_are_a_correction_by_a_person(tmp_path: Path, kind: Format) -> None:
    (change,) = edited(tmp_path, kind, lambda text: text.replace("A cat.", "A fox."))
    assert (change.change, change.number, change.before) == (Change.CHANGED, 3, SAMPLE.findings[3])
    assert isinstance(change.after, Finding)
    assert (change.after.text, change.after.t0, change.after.t1) == ("A fox.", 4, 6)
    assert (change.after.source.origin, change.after.source.pack) == (Origin.PERSON, f"out.{kind}")
    assert change.after.confidence is None, "nobody measured how sure the person is"


@pytest.mark.parametrize("kind", [Format.SRT, Format.VTT])
def test_a_line_that_stands_for_several_captions_corrects_all_of_them(tmp_path: Path, kind: Format) -> None:
    changes = edited(tmp_path, kind, lambda text: text.replace("A dog.", "A wolf."))
    assert [(each.change, each.number) for each in changes] == [(Change.CHANGED, 0), (Change.CHANGED, 1)]


def test_other_times_in_subtitles(tmp_path: Path) -> None:
    (change,) = edited(tmp_path, Format.SRT, lambda text: text.replace("00:00:01,000", "00:00:01,250"))
    assert isinstance(change.after, Finding)
    assert (change.number, change.after.t0, change.after.t1) == (4, 1.25, 3)
    assert change.after.text == "Hello,\nyou there"


def test_a_line_that_is_gone_was_deleted(tmp_path: Path) -> None:
    (change,) = edited(tmp_path, Format.VTT, lambda text: re.sub(r"\S+ --> \S+\n\[A cat.\]\n", "", text))
    assert (change.change, change.number, change.after) == (Change.DELETED, 3, None)


def test_new_lines_are_words_or_captions_by_their_brackets(tmp_path: Path) -> None:
    new = "99\n00:00:10,000 --> 00:00:11,000\nGood <i>bye</i>\n\n"
    new += "100\n00:00:12,000 --> 00:00:13,500\n[A door.]\n"
    spoken, seen = edited(tmp_path, Format.SRT, lambda text: text + new)
    assert isinstance(spoken.after, Finding)
    assert isinstance(seen.after, Finding)
    assert (spoken.change, spoken.after.kind, spoken.after.text) == (
        Change.ADDED,
        FindingKind.TRANSCRIPT,
        "Good bye",
    )
    assert (seen.after.kind, seen.after.text) == (FindingKind.CAPTION, "A door.")
    assert (seen.after.t0, seen.after.t1) == (12, 13.5)


def test_a_renumbered_file_of_another_editor_is_the_same(tmp_path: Path) -> None:
    file = written(tmp_path, SAMPLE, Format.SRT)
    text = re.sub(r"(?m)^\d+$", lambda found: str(int(found.group()) + 40), file.read_text())
    file.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert read_back(file, SAMPLE).corrections == ()


def saved_by_a_spreadsheet(text: str, separator: str, encoding: str, comma: bool) -> bytes:
    rows = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"), newline="")))
    for row in rows if comma else []:
        row["t0"], row["t1"] = row["t0"].replace(".", ","), row["t1"].replace(".", ",")
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]), delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


@pytest.mark.parametrize(
    ("separator", "encoding", "comma"),
    [(",", "utf-8", False), (";", "utf-8-sig", True), ("\t", "utf-16", False), (",", "gb18030", False)],
)
def test_tables_that_spreadsheets_saved_again(
    tmp_path: Path, separator: str, encoding: str, comma: bool
) -> None:
    words = transcript("她说她小时候常常跟祖母一起去河边，那里的水很清，能看见鱼。", 3, 9)
    made = result([*SAMPLE.findings, words], SAMPLE.marks, SAMPLE.people)
    file = written(tmp_path, made, Format.CSV)
    text = file.read_text(encoding="utf-8")
    file.write_bytes(saved_by_a_spreadsheet(text, separator, encoding, comma))
    assert read_back(file, made).corrections == ()


def test_rows_of_a_table_are_changed_deleted_and_added(tmp_path: Path) -> None:
    def edit(text: str) -> str:
        rows = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"), newline="")))
        rows[5]["value"] = "-0.9"
        rows[8]["note"] = "and back"
        del rows[3]
        rows.append(dict.fromkeys(rows[0], "") | {"kind": "transcript", "t0": "7", "t1": "8", "text": "'-1"})
        out = io.StringIO(newline="")
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
        return out.getvalue()

    value, mark, new, gone = edited(tmp_path, Format.CSV, edit)
    assert isinstance(value.after, Finding)
    assert isinstance(new.after, Finding)
    assert (value.number, value.after.value) == (5, -0.9)
    assert (mark.number, mark.after) == (0, Mark(2.0, 3.5, "laughs", "and back"))
    assert (new.change, new.after.text, new.after.t0) == (Change.ADDED, "-1", 7)
    assert (gone.change, gone.number) == (Change.DELETED, 3)


def test_marks_of_elan_come_back_from_our_tier_and_from_new_ones(tmp_path: Path) -> None:
    def edit(text: str) -> str:
        slots = '<TIME_SLOT TIME_SLOT_ID="n1" TIME_VALUE="7000" />'
        slots += '<TIME_SLOT TIME_SLOT_ID="n2" TIME_VALUE="7500" />'
        tier = (
            '<TIER TIER_ID="gesture" LINGUISTIC_TYPE_REF="default-lt"><ANNOTATION><ALIGNABLE_ANNOTATION'
            ' ANNOTATION_ID="a900" TIME_SLOT_REF1="n1" TIME_SLOT_REF2="n2"><ANNOTATION_VALUE>nods'
            "</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION></TIER>"
        )
        text = text.replace("</TIME_ORDER>", slots + "</TIME_ORDER>" + tier)
        return text.replace("laughs", "smiles").replace(">-0.6<", ">−0,7<")

    changes = edited(tmp_path, Format.EAF, edit)
    valence, mark, new = changes
    assert isinstance(valence.after, Finding)
    assert (valence.number, valence.after.value) == (5, -0.7)
    assert mark.after == Mark(2.0, 3.5, "smiles", "then looks away")
    assert (new.change, new.after) == (Change.ADDED, Mark(7.0, 7.5, "nods", "gesture"))


def test_another_class_in_elan_is_another_class(tmp_path: Path) -> None:
    made = result([sentiment(0.5, 1, 2)])
    (change,) = edited(tmp_path, Format.EAF, lambda text: text.replace(
        "<ANNOTATION_VALUE>positive", "<ANNOTATION_VALUE>neutral"
    ), made)  # fmt: skip
    assert isinstance(change.after, Finding)
    assert change.after.distribution == (("neutral", 1.0),)


def test_a_moved_annotation_is_not_a_new_one(tmp_path: Path) -> None:
    made = result([transcript("one", 1, 2), transcript("two", 3, 4)])
    (change,) = edited(tmp_path, Format.EAF, lambda text: text.replace('"3000"', '"9000"').replace(
        '"4000"', '"9900"'
    ), made)  # fmt: skip
    assert isinstance(change.after, Finding)
    assert (change.change, change.number, change.after.t0) == (Change.CHANGED, 1, 9.0)


def test_a_file_of_another_recording_is_noticed(tmp_path: Path) -> None:
    file = written(tmp_path, SAMPLE, Format.VTT)
    text = file.read_text(encoding="utf-8").replace("a" * 64, "e" * 64)
    file.write_text(text, encoding="utf-8")
    (note,) = read_back(file, SAMPLE).notes
    assert str(note) == "This file was exported from another recording, film.mp4."


@pytest.mark.parametrize(
    ("name", "data", "error"),
    [
        ("x.srt", b"no subtitles at all", DamagedMedia),
        ("x.srt", b"", EmptyFile),
        ("x.csv", b"a,b\n1,2\n", DamagedMedia),
        ("x.csv", b"id,kind,t0,t1,text\n,mark,soon,2,x\n", DamagedMedia),
        ("x.csv", b"id,kind,t0,t1,text\n,dance,1,2,x\n", DamagedMedia),
        ("x.eaf", b"<ANNOTATION_DOCUMENT>", DamagedMedia),
        ("x.eaf", b"<html/>", DamagedMedia),
        ("x.eaf", b'<!DOCTYPE x [<!ENTITY a "b">]><ANNOTATION_DOCUMENT/>', DamagedMedia),
        ("x.docx", b"PK", UnsupportedMedia),
    ],
)
def test_what_is_no_export_is_a_sentence(
    tmp_path: Path, name: str, data: bytes, error: type[Exception]
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(error, match=r"\.$|: "):
        read_back(tmp_path / name, SAMPLE)


def test_large_files_are_compared_in_time(tmp_path: Path) -> None:
    made = result([caption(f"Scene {n}.", n, n + 1) for n in range(5000)])
    (change,) = edited(tmp_path, Format.SRT, lambda text: text.replace("Scene 4321.", "Nothing."), made)
    assert change.number == 4321
