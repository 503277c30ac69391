"""Exports are opened by other programs' readers, and hostile text stays in its place in every format."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import fastjsonschema
import pyarrow.parquet
import pympi
import pytest
from hypothesis import HealthCheck, given, settings
from pypdf import PdfReader

from mmdesk.analysis.passport import passport_record
from mmdesk.config.catalogue import Catalogue
from mmdesk.config.paths import resources_dir
from mmdesk.control import Control
from mmdesk.errors import Cancelled, NoResult, NotWritable
from mmdesk.events import Modality
from mmdesk.export.formats import Choices, Format, export, passport_file
from mmdesk.export.passports import read_passport
from mmdesk.export.result import Mark, Result
from mmdesk.export.results import read_result
from mmdesk.export.table import COLUMNS
from mmdesk.export.xmp import xmp
from tests.analysis.findings_for_tests import caption, transcript
from tests.export.results_for_tests import HOSTILE_TEXTS, PASSPORT, RESULTS, SAMPLE, result, sentiment

FILES = [each for each in Format if each not in (Format.CLIPS, Format.FRAMES)]
HOSTILE = result(
    [transcript(text, n, n + 1) for n, text in enumerate(HOSTILE_TEXTS)],
    [Mark(n, n + 1, text, text) for n, text in enumerate(HOSTILE_TEXTS)],
    ((1, "<b>&\x00\u202e"),),
)
thorough = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def written(tmp_path: Path, made: Result, kind: Format, choices: Choices | None = None) -> Path:
    target = tmp_path / f"out.{kind}"
    export(made, kind, target, choices or Choices(), Control())
    return target


@pytest.mark.parametrize("kind", FILES)
def test_every_format_carries_the_passport(tmp_path: Path, kind: Format) -> None:
    assert read_passport(written(tmp_path, SAMPLE, kind)) == PASSPORT


def test_what_carries_no_passport_is_a_sentence(tmp_path: Path) -> None:
    for name, data in [
        ("a.vtt", b"WEBVTT\n"),
        ("a.jsonl", b'{"passport": 9}\n'),
        ("a.eaf", b"<x"),
        ("a.pdf", b"x"),
    ]:
        (tmp_path / name).write_bytes(data)
        with pytest.raises(NoResult, match=f"{name} carries no passport"):
            read_passport(tmp_path / name)


# JSON Lines.

_SCHEMA = json.loads((resources_dir() / "schemas" / "result-line.schema.json").read_text(encoding="utf-8"))
_checked: Callable[[object], object] = fastjsonschema.compile(_SCHEMA)


@given(made=RESULTS)
@thorough
def test_json_lines_fit_their_schema_and_come_back_whole(tmp_path: Path, made: Result) -> None:
    file = written(tmp_path, made, Format.JSONL)
    for line in file.read_text(encoding="utf-8").split("\n")[:-1]:
        _checked(json.loads(line))
    back = read_result(file)
    assert (back.findings, back.marks, back.passport) == (made.findings, made.marks, made.passport)


@pytest.mark.parametrize(
    "line", ['{"type": "finding"}', '{"type": "mark", "t0": "x"}', '{"type": "passport"}', "[]"]
)
def test_the_schema_refuses_what_is_no_line_of_ours(line: str) -> None:
    with pytest.raises(fastjsonschema.JsonSchemaException):
        _checked(json.loads(line))


# Parquet.


def test_parquet_has_types_meanings_and_every_row(tmp_path: Path) -> None:
    table = pyarrow.parquet.read_table(written(tmp_path, HOSTILE, Format.PARQUET))
    assert table.column_names == list(COLUMNS)
    assert table.num_rows == 2 * len(HOSTILE_TEXTS)
    assert str(table.schema.field("t0").type) == "double"
    assert table.schema.field("t0").metadata[b"description"] == COLUMNS["t0"].encode()
    said = table.column("text").to_pylist()[: len(HOSTILE_TEXTS)]
    assert said == [text.encode("utf-8", "backslashreplace").decode() for text in HOSTILE_TEXTS]
    assert pyarrow.parquet.read_table(written(tmp_path, result([]), Format.PARQUET)).num_rows == 0


# ELAN.


def test_pympi_reads_tiers_times_vocabularies_and_media(tmp_path: Path) -> None:
    file = pympi.Elan.Eaf(str(written(tmp_path, SAMPLE, Format.EAF)))
    assert [(t0, t1, text) for t0, t1, text in file.get_annotation_data_for_tier("caption (en)")] == [
        (0, 2000, "A dog."),
        (2000, 4000, "A dog."),
        (4000, 6000, "A cat."),
    ]
    assert file.get_annotation_data_for_tier("caption (zh)") == [(0, 4000, "一只狗。")]
    assert file.get_annotation_data_for_tier("安娜 sentiment face")[0][:3] == (1000, 2000, "positive")
    assert file.tiers["安娜 sentiment face"][2]["PARTICIPANT"] == "安娜"
    valences = file.get_ref_annotation_data_for_tier("sentiment words: valence")
    assert [each[2] for each in valences] == ["-0.6"]
    (media,) = file.get_linked_files()
    assert unquote(media["MEDIA_URL"]).endswith("/film.mp4")
    assert media["MIME_TYPE"] == "video/mp4"
    words = file.get_cv_entries("sentiment words classes").values()
    assert {value for values, *_ in words for value, *_ in values} == {"positive", "neutral", "negative"}


_ORDER = [
    "HEADER",
    "TIME_ORDER",
    "TIER",
    "LINGUISTIC_TYPE",
    "LANGUAGE",
    "CONSTRAINT",
    "CONTROLLED_VOCABULARY",
]


@given(made=RESULTS)
@thorough
def test_eaf_has_the_structure_of_its_schema(tmp_path: Path, made: Result) -> None:
    """What the XSD of EAF 3.0 asks for: order, keys, references; and that no tier overlaps itself."""
    root = ET.parse(written(tmp_path, made, Format.EAF)).getroot()
    assert root.tag == "ANNOTATION_DOCUMENT"
    assert {"AUTHOR", "DATE", "VERSION", "FORMAT"} <= set(root.attrib)
    children = [child.tag for child in root]
    assert children == sorted(children, key=_ORDER.index)
    slots = {each.attrib["TIME_SLOT_ID"]: int(each.attrib["TIME_VALUE"]) for each in root.iter("TIME_SLOT")}
    assert list(slots.values()) == sorted(slots.values())
    assert all(0 <= value < 2**32 for value in slots.values())
    ids = [each.attrib["ANNOTATION_ID"] for each in root.iter() if "ANNOTATION_ID" in each.attrib]
    names = [*ids, *slots, *(each.attrib["LANG_ID"] for each in root.iter("LANGUAGE"))]
    assert len(set(names)) == len(names), "ids are unique in the whole document"
    assert all(re.fullmatch(r"[A-Za-z_][\w.-]*", name) for name in names)
    _check_tiers(root, slots)


def _check_tiers(root: ET.Element, slots: dict[str, int]) -> None:
    tiers = [tier.attrib["TIER_ID"] for tier in root.iter("TIER")]
    types = {each.attrib["LINGUISTIC_TYPE_ID"]: each.attrib for each in root.iter("LINGUISTIC_TYPE")}
    languages = {each.attrib["LANG_ID"] for each in root.iter("LANGUAGE")}
    vocabularies = {each.attrib["CV_ID"] for each in root.iter("CONTROLLED_VOCABULARY")}
    assert len(set(tiers)) == len(tiers)
    assert {
        each["CONTROLLED_VOCABULARY_REF"] for each in types.values() if "CONTROLLED_VOCABULARY_REF" in each
    } == (vocabularies)
    for tier in root.iter("TIER"):
        assert tier.attrib["LINGUISTIC_TYPE_REF"] in types
        assert tier.attrib.get("LANG_REF", "und") in languages
        assert tier.attrib.get("PARENT_REF", tiers[0]) in tiers
        spans = [
            (slots[each.attrib["TIME_SLOT_REF1"]], slots[each.attrib["TIME_SLOT_REF2"]])
            for each in tier.iter("ALIGNABLE_ANNOTATION")
        ]
        assert all(t0 < t1 for t0, t1 in spans)
        assert all(before[1] <= after[0] for before, after in pairwise(spans))


# XMP.

_SPACES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "mwg": "http://www.metadataworkinggroup.com/schemas/regions/",
    "area": "http://ns.adobe.com/xmp/sType/Area#",
}


def test_xmp_says_caption_keywords_and_where_faces_are() -> None:
    made = result(
        [caption("A dog <i>.", 0, 0), caption("一只狗。", 0, 0, "zh"), sentiment(0.9, 0, 0, Modality.FACE)],
        people=((1, "安娜"),),
    )
    root = ET.fromstring(xmp(made, (640, 480)))
    said = root.findall(".//dc:description/rdf:Alt/rdf:li", _SPACES)
    language = "{http://www.w3.org/XML/1998/namespace}lang"
    assert [(each.get(language), each.text) for each in said] == [
        ("x-default", "A dog <i>."),
        ("en", "A dog <i>."),
        ("zh", "一只狗。"),
    ]
    assert [each.text for each in root.findall(".//dc:subject/rdf:Bag/rdf:li", _SPACES)] == ["positive"]
    (region,) = root.findall(".//mwg:RegionList//rdf:Description", _SPACES)
    assert region.get(f"{{{_SPACES['mwg']}}}Name") == "安娜"
    (area,) = root.findall(".//mwg:Area", _SPACES)
    centre = [float(area.attrib[f"{{{_SPACES['area']}}}{name}"]) for name in "xywh"]
    assert centre == pytest.approx([0.25, 0.4, 0.3, 0.4])


@pytest.mark.parametrize("kind", [Format.EAF, Format.XMP])
def test_hostile_text_leaves_xml_well_formed(tmp_path: Path, kind: Format) -> None:
    named = result(
        [caption(text, n, n + 1, text) for n, text in enumerate(HOSTILE_TEXTS)], people=HOSTILE.people
    )
    for made in (HOSTILE, named):
        assert ET.parse(written(tmp_path, made, kind)).getroot() is not None


# The report.


class _Page(HTMLParser):
    """Counts elements and collects what stands in them."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self._script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._script = tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._script = False

    def handle_data(self, data: str) -> None:
        if not self._script:
            self.texts.append(data)


def page(made: Result, tmp_path: Path, catalogue: Catalogue | None = None) -> tuple[_Page, str]:
    text = written(tmp_path, made, Format.HTML, Choices(catalogue=catalogue)).read_text(encoding="utf-8")
    found = _Page()
    found.feed(text)
    return found, text


def test_no_text_becomes_an_element_or_ends_the_script(tmp_path: Path) -> None:
    plain, _ = page(result([transcript("x", 0, 1)] * len(HOSTILE_TEXTS), people=HOSTILE.people), tmp_path)
    hostile, text = page(result(HOSTILE.findings, people=HOSTILE.people), tmp_path)
    assert [tag for tag, _ in hostile.elements] == [tag for tag, _ in plain.elements]
    assert "<b>bold</b> & <script>alert(1)</script>" in "".join(hostile.texts)
    assert text.count("</script>") == 3
    edits = [
        (tag, name) for tag, attributes in hostile.elements for name in attributes if name.startswith("on")
    ]
    assert edits == []


def test_the_report_needs_no_connection(tmp_path: Path) -> None:
    found, text = page(SAMPLE, tmp_path)
    addresses = [
        value or "" for _, names in found.elements for name, value in names.items() if name in ("src", "href")
    ]
    assert all(address.startswith("data:") for address in addresses)
    policy = next(names["content"] for tag, names in found.elements if names.get("http-equiv"))
    assert policy is not None
    assert policy.startswith("default-src 'none'")
    assert "@import" not in text
    assert "url(" not in text


def test_the_report_speaks_chinese(tmp_path: Path) -> None:
    found, _ = page(SAMPLE, tmp_path, Catalogue.load("zh"))
    assert ("html", {"lang": "zh"}) in found.elements
    words = " ".join(found.texts)
    assert "情感" in words
    assert "Where these results come from" not in words


def test_the_report_shows_pictures_of_the_sample(tmp_path: Path) -> None:
    film = resources_dir() / "samples" / "sample.mp4"
    made = Result(film, SAMPLE.findings, PASSPORT)
    found, _ = page(made, tmp_path)
    pictures = [names["src"] or "" for tag, names in found.elements if tag == "img"]
    assert len(pictures) == 3, "one for each moment of a caption"
    assert all(each.startswith("data:image/jpeg;base64,") for each in pictures)


def test_the_pdf_has_its_chinese_text_and_the_passport(tmp_path: Path) -> None:
    made = result(
        [*SAMPLE.findings, transcript("文字 面 一 见 长 office", 6, 7)], SAMPLE.marks, SAMPLE.people
    )
    reader = PdfReader(written(tmp_path, made, Format.PDF))
    text = "".join(each.extract_text() for each in reader.pages)
    if "一只狗" not in text:
        pytest.skip("no Chinese font on this machine")
    assert "一只狗。" in text
    assert "文字面一见长" in "".join(text.split())
    assert "office" in text
    (attached,) = reader.attachments["passport.json"]
    assert json.loads(attached) == json.loads(json.dumps(passport_record(PASSPORT)))


# Clips and frames.


def test_clips_and_frames_of_marks_are_playable(tmp_path: Path) -> None:
    import av
    from PIL import Image

    film = resources_dir() / "samples" / "sample.mp4"
    made = Result(film, (), PASSPORT, (Mark(2.0, 3.0, "a/b: ..\n图"), Mark(10.0, 10.0, "")))
    folder = written(tmp_path, made, Format.CLIPS)
    names = sorted(each.name for each in folder.iterdir())
    assert names == ["001 0.00.02.0 a b .. 图.mp4", "002 0.00.10.0.mp4"]
    with av.open(str(folder / names[0])) as clip:
        times = [frame.time for frame in clip.decode(video=0)]
    assert times[0] == pytest.approx(0.0, abs=0.03)
    assert len(times) == 25
    frames = written(tmp_path, made, Format.FRAMES)
    with Image.open(next(frames.iterdir())) as picture:
        assert picture.size == (960, 540)
    assert read_passport(folder) == PASSPORT
    with pytest.raises(NotWritable, match="is there already"):
        export(made, Format.CLIPS, folder, Choices(), Control())


@pytest.mark.parametrize("kind", [Format.CLIPS, Format.FRAMES])
def test_nothing_marked_is_a_sentence(tmp_path: Path, kind: Format) -> None:
    with pytest.raises(NoResult, match="No moment of film"):
        written(tmp_path, result([]), kind)


# Places.


@pytest.mark.parametrize("kind", FILES)
def test_an_older_file_stays_unless_it_may_be_replaced(tmp_path: Path, kind: Format) -> None:
    target = tmp_path / f"out.{kind}"
    target.write_bytes(b"older")
    with pytest.raises(NotWritable, match="is there already"):
        written(tmp_path, SAMPLE, kind, Choices(replace=False))
    assert target.read_bytes() == b"older"
    assert list(tmp_path.iterdir()) == [target]


def test_a_cancelled_report_leaves_nothing(tmp_path: Path) -> None:
    control = Control()
    control.cancel()
    made = Result(resources_dir() / "samples" / "sample.mp4", SAMPLE.findings, PASSPORT)
    with pytest.raises(Cancelled):
        export(made, Format.HTML, tmp_path / "x.html", Choices(), control)
    assert list(tmp_path.iterdir()) == []


def test_passports_lie_beside_what_cannot_hold_them(tmp_path: Path) -> None:
    target = written(tmp_path, SAMPLE, Format.SRT)
    record = json.loads(passport_file(target).read_text(encoding="utf-8"))
    assert record["media"]["sha256"] == "a" * 64


# WebVTT.


def test_ffmpeg_reads_every_line_and_the_class_of_its_sentiment(tmp_path: Path) -> None:
    import av

    with av.open(str(written(tmp_path, SAMPLE, Format.VTT))) as container:
        packets = [packet for packet in container.demux(subtitles=0) if packet.size]
    assert [bytes(packet).decode() for packet in packets] == [
        "[A dog.]",
        "[一只狗。]",
        "<c.negative>Hello,\nyou there</c>",
        "[A cat.]",
    ]
