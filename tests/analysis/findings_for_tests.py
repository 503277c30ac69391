"""Findings that hypothesis makes: any text, any time, any evidence."""

from __future__ import annotations

from hypothesis import strategies as st

from mmdesk.events import Evidence, Finding, FindingKind, Modality, Origin, Source
from mmdesk.sentences import Sentence

TEXT = st.text(max_size=40)
SECONDS = st.floats(0, 1e6, allow_nan=False)
SHARE = st.floats(0, 1, allow_nan=False)
VALENCE = st.floats(-1, 1, allow_nan=False)
REASONS = st.builds(Sentence, TEXT, st.just((("count", 3), ("name", "x{y}"))))
SOURCES = st.builds(
    Source, st.sampled_from(Origin), TEXT, version=TEXT, file_hash=TEXT, precision=TEXT, provider=TEXT
)
EVIDENCE = st.builds(
    Evidence,
    st.sampled_from(Modality),
    SECONDS,
    SECONDS,
    box=st.one_of(st.none(), st.tuples(SHARE, SHARE, SHARE, SHARE)),
    text=st.one_of(st.none(), TEXT),
    weights=st.lists(SHARE, max_size=4).map(tuple),
    pieces=st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), max_size=4).map(tuple),
)
FINDINGS = st.builds(
    Finding,
    st.sampled_from(FindingKind),
    st.sampled_from(Modality),
    SECONDS,
    SECONDS,
    SOURCES,
    st.lists(EVIDENCE, min_size=1, max_size=3).map(tuple),
    text=st.one_of(st.none(), TEXT),
    value=st.one_of(st.none(), VALENCE),
    language=st.one_of(st.none(), TEXT),
    confidence=st.one_of(st.none(), SHARE),
    distribution=st.dictionaries(TEXT, SHARE, max_size=4).map(lambda classes: tuple(classes.items())),
    band=st.one_of(st.none(), st.tuples(VALENCE, VALENCE)),
    person=st.one_of(st.none(), st.integers(1, 99)),
    contributions=st.dictionaries(st.sampled_from(Modality), VALENCE).map(lambda each: tuple(each.items())),
    baseline=st.one_of(st.none(), VALENCE),
    reason=st.one_of(st.none(), REASONS),
)


def caption(text: str, t0: float, t1: float, language: str | None = "en") -> Finding:
    """A caption with the least that belongs to it."""
    return Finding(
        FindingKind.CAPTION,
        Modality.SCENE,
        t0,
        t1,
        Source(Origin.MODEL, "tiny-caption", "1.0.0", "0" * 64, "fp32", "CPUExecutionProvider"),
        (Evidence(Modality.SCENE, t0, t1),),
        text=text,
        language=language,
        confidence=0.5,
    )


def transcript(text: str, t0: float, t1: float) -> Finding:
    """A line of subtitles."""
    return Finding(
        FindingKind.TRANSCRIPT,
        Modality.WORDS,
        t0,
        t1,
        Source(Origin.SUBTITLES, "film.srt"),
        (Evidence(Modality.WORDS, t0, t1, text=text),),
        text=text,
        language="en",
    )
