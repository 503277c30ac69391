"""Results that hypothesis makes, and one that a test can read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hypothesis import strategies as st

from mmdesk.analysis.passport import HumanEdit, MediaUsed, PackUsed, Passport
from mmdesk.events import Evidence, Finding, FindingKind, Modality, Origin, Source
from mmdesk.export.result import Mark, Result
from tests.analysis.findings_for_tests import FINDINGS, SECONDS, TEXT, caption, transcript

PATH = Path("film.mp4")
PASSPORT = Passport(
    version="0.1.0",
    media=MediaUsed("film.mp4", "a" * 64, 1000, "video", 22.0),
    packs=(
        PackUsed("tiny", "1.0.0", "b" * 64, "fp32", ("CPUExecutionProvider",), (("model.onnx", "c" * 64),)),
    ),
    subtitles=(("film.srt", "d" * 64),),
    settings=(("device", "auto"), ("languages", "en zh")),
    began=1_700_000_000.5,
    seconds=1.25,
    edits=(HumanEdit(1_700_000_100.0, "changed", "caption", 2.0, "A dog --> b", "A cat"),),
)

# What breaks formats: every separator, markup, formula, direction and control that any of them knows.
HOSTILE_TEXTS = (
    "a --> b",
    "1\n00:00:01,000 --> 00:00:02,000\nfake",
    "line\n\n\nafter empty lines",
    "7\n\n8",
    "<b>bold</b> & <script>alert(1)</script>",
    "]]> <![CDATA[ &lt; &#0;",
    "{\\an8}top",
    "WEBVTT\n\nNOTE x",
    '=HYPERLINK("x")',
    "'=1",
    "''+1",
    "-1",
    '@x;y,z\t"q"',
    "\r\n\x00\x07\x1b[31m\x85\u2028\u2029\x0b",
    "\ufeff\u2060\u200f\u202e mirrored \u202c",
    "\u05e9\u05dc\u05d5\u05dd مرحبا",
    "👩‍👩‍👧 图片 é",
    "\ud800 lone",
    "[bracketed]",
    "[",
    " ",
    "",
    "</script><!--",
    "%s {0} {{ x }}",
)
HOSTILE = st.sampled_from(HOSTILE_TEXTS)
WORDS = st.one_of(HOSTILE, TEXT, st.builds("".join, st.lists(HOSTILE, max_size=3)))
SPANS = st.tuples(st.integers(0, 90_000), st.integers(0, 5_000)).map(
    lambda span: (span[0] / 1000, (span[0] + span[1]) / 1000)
)


def _worded(finding: Finding, words: str, span: tuple[float, float]) -> Finding:
    fields = {name: getattr(finding, name) for name in Finding.__slots__}
    return Finding(**(fields | {"text": words, "t0": span[0], "t1": span[1]}))


MARKS = st.builds(lambda span, label, note: Mark(span[0], span[1], label, note), SPANS, WORDS, WORDS)
ANY_FINDING = st.one_of(FINDINGS, st.builds(_worded, FINDINGS, WORDS, SPANS))
RESULTS = st.builds(
    lambda findings, marks, people: result(findings, marks, tuple(people.items())),
    st.lists(ANY_FINDING, max_size=4),
    st.lists(MARKS, max_size=2),
    st.dictionaries(st.integers(1, 3), WORDS, max_size=2),
)


def result(
    findings: Sequence[Finding], marks: Sequence[Mark] = (), people: tuple[tuple[int, str], ...] = ()
) -> Result:
    """A result of the film that all tests share."""
    return Result(PATH, tuple(findings), PASSPORT, tuple(marks), people)


def sentiment(value: float, t0: float, t1: float, modality: Modality = Modality.WORDS) -> Finding:
    """A judged moment with its classes."""
    return Finding(
        FindingKind.SENTIMENT,
        modality,
        t0,
        t1,
        Source(Origin.MODEL, "tiny-sentiment", "1.0.0", "0" * 64, "fp32", "CPUExecutionProvider"),
        (Evidence(modality, t0, t1, box=(0.1, 0.2, 0.3, 0.4) if modality is Modality.FACE else None),),
        value=value,
        distribution=(("positive", (1 + value) / 2), ("negative", (1 - value) / 2)),
        person=1 if modality is Modality.FACE else None,
    )


SAMPLE = result(
    [
        caption("A dog.", 0, 2),
        caption("A dog.", 2, 4),
        caption("一只狗。", 0, 4, "zh"),
        caption("A cat.", 4, 6),
        transcript("Hello,\nyou there", 1, 3),
        sentiment(-0.6, 1, 3),
        sentiment(0.5, 1, 2, Modality.FACE),
        sentiment(0.25, 2, 3, Modality.FACE),
    ],
    [Mark(2.0, 3.5, "laughs", "then looks away"), Mark(5.0, 5.0, "moment")],
    ((1, "安娜"),),
)
__all__ = ["HOSTILE_TEXTS", "PASSPORT", "PATH", "RESULTS", "SAMPLE", "SECONDS", "result", "sentiment"]
