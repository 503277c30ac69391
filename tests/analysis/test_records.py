"""Findings come back from JSON exactly as they went in."""

from __future__ import annotations

import json

import pytest
from hypothesis import given

from mmdesk.analysis.records import finding_from, finding_record, sentence_from, sentence_record
from mmdesk.events import Finding
from mmdesk.sentences import sentence
from tests.analysis.findings_for_tests import FINDINGS, caption


@given(FINDINGS)
def test_round_trip(finding: Finding) -> None:
    assert finding_from(json.loads(json.dumps(finding_record(finding)))) == finding


def test_sentences_stay_translatable() -> None:
    told = sentence("{count} of {name} at {t}.", count=3, name="x{y}", t=0.5)
    again = sentence_from(json.loads(json.dumps(sentence_record(told))))
    assert again == told


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("kind", "rumour"),
        ("kind", None),
        ("t0", None),
        ("t0", True),
        ("text", 3),
        ("source", []),
        ("source", {}),
        ("evidence", {}),
        ("evidence", [3]),
        ("distribution", {"positive": "much"}),
    ],
)
def test_broken_records_are_refused(key: str, value: object) -> None:
    record = finding_record(caption("A dog.", 0, 1))
    record[key] = value
    with pytest.raises(ValueError, match=r"not a record of ours|not a valid"):
        finding_from(record)
