"""Findings become lines: sorted by time, a sentiment with the words that it belongs to."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmdesk.events import Finding, FindingKind
from mmdesk.gui.text.lines import Lines, label, line_at
from mmdesk.gui.text.times import clock, exact_clock
from mmdesk.gui.text.words import copied_lines, described_line, spoken_line
from tests.gui.fake_jobs import caption, sentiment, transcript


def test_a_sentiment_joins_its_words_whichever_comes_first() -> None:
    words, feeling = transcript(1, 2, "I am glad."), sentiment(1, 2, "I am glad.", 0.8)
    for findings in ((words, feeling), (feeling, words)):
        lines = Lines()
        new, changed = lines.add(findings)
        assert [line.text for line in new] == ["I am glad."]
        assert changed == []
        assert lines[0].kind is FindingKind.TRANSCRIPT
        assert lines[0].sentiment is feeling


def test_a_sentiment_that_comes_later_changes_a_line() -> None:
    lines = Lines()
    new, _ = lines.add([transcript(1, 2, "I am glad.")])
    assert lines[0].sentiment is None
    assert lines.add([sentiment(1, 2, "I am glad.", 0.8)]) == ([], new)


def test_equal_words_at_other_times_stay_apart() -> None:
    lines = Lines()
    lines.add([transcript(1, 2, "Yes."), transcript(5, 6, "Yes."), sentiment(5, 6, "Yes.", 0.4)])
    assert [line.sentiment is not None for line in lines.all()] == [False, True]


def test_the_same_words_twice_at_one_time_are_two_lines() -> None:
    lines = Lines()
    lines.add([transcript(1, 2, "Yes."), transcript(1, 2, "Yes.")])
    assert len(lines) == 2


@pytest.mark.parametrize(("confidence", "unsure"), [(0.2, True), (0.5, False), (0.8, False), (None, False)])
def test_a_caption_that_is_more_likely_wrong_than_right_says_so(
    confidence: float | None, unsure: bool
) -> None:
    lines = Lines()
    lines.add([replace(caption(3, "A cat."), confidence=confidence)])
    assert (lines[0].unsure is not None) is unsure
    assert ("Unsure · 20%" in spoken_line(lines[0])) is unsure
    assert ("more likely wrong than right" in described_line(lines[0])) is unsure
    assert ("Unsure" in copied_lines([lines[0]], times=True)) is unsure


@given(st.lists(st.lists(st.floats(0, 1e5), max_size=8), max_size=12))
def test_lines_are_always_in_the_order_of_time(batches: list[list[float]]) -> None:
    lines = Lines()
    for batch in batches:
        new, _ = lines.add([caption(t, f"at {t}") for t in batch])
        assert [line.t0 for line in new] == sorted(batch)
    times = [line.t0 for line in lines.all()]
    assert times == sorted(t for batch in batches for t in batch)


@given(st.lists(st.floats(0, 100), min_size=1), st.floats(-1, 101))
def test_the_current_line_is_the_last_that_has_begun(times: list[float], t: float) -> None:
    lines = Lines()
    lines.add([caption(each, "") for each in times])
    row = line_at(lines.all(), t)
    begun = [each for each in times if each <= t]
    assert (row is None) == (not begun)
    if row is not None:
        assert lines[row].t0 == max(begun)
        assert row == len(begun) - 1


def with_classes(value: float, **classes: float) -> Finding:
    plain = sentiment(0, 1, "", value)
    return Finding(
        plain.kind,
        plain.modality,
        plain.t0,
        plain.t1,
        plain.source,
        plain.evidence,
        value=value,
        distribution=tuple(classes.items()),
    )


def test_the_class_is_the_models_own() -> None:
    assert label(with_classes(0.1, negative=0.3, neutral=0.2, positive=0.5)) == "positive"
    assert label(with_classes(0.4, anger=0.9, neutral=0.2)) == "neutral"
    assert label(sentiment(0, 1, "", -0.9)) == "negative"
    assert label(sentiment(0, 1, "", 0.1)) == "neutral"
    assert label(sentiment(0, 1, "", 0.9)) == "positive"


def test_times_read_as_people_write_them() -> None:
    assert [clock(t) for t in (0, 7.9, 61, 3723.4)] == ["0:00", "0:07", "1:01", "1:02:03"]
    assert [exact_clock(t) for t in (0, 7.25, 59.9996, 3723.4)] == [
        "00:00:00.000",
        "00:00:07.250",
        "00:01:00.000",
        "01:02:03.400",
    ]
