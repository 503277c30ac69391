"""Reads a whole result back from JSON Lines, the one format that holds everything."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from mmdesk.analysis.json_fields import Object, mapping, number, text
from mmdesk.analysis.marks import Mark
from mmdesk.analysis.passport import Passport, passport_from
from mmdesk.analysis.records import finding_from
from mmdesk.errors import NoResult
from mmdesk.events import Finding
from mmdesk.export.passports import read_bytes
from mmdesk.export.result import Result
from mmdesk.sentences import sentence


def read_result(file: Path) -> Result:
    """A result that was exported as JSON Lines; any thread.

    Its path is the one that stands in the file, which may have moved since.

    Raises:
        NoResult: The file holds no result of ours.
        MediaError: The file cannot be read.
    """
    data = read_bytes(file)
    try:
        records = [mapping(json.loads(line)) for line in data.decode("utf-8").split("\n") if line]
        return _result(records, file)
    except (ValueError, LookupError) as failure:
        raise NoResult(
            sentence("{name} holds no result of mmdesk.", name=file.name),
            sentence("Name a .jsonl file that mmdesk exported, or the recording itself."),
        ) from failure


def _result(records: list[Object], file: Path) -> Result:
    passport = _passport(records)
    findings = [each for each in records if each.get("type") == "finding"]
    path = Path(text(findings[0], "path")) if findings else file.with_name(passport.media.name)
    return Result(path, tuple(_findings(findings)), passport, tuple(_marks(records)))


def _passport(records: list[Object]) -> Passport:
    first = records[0]
    if first.get("type") != "passport":
        raise ValueError("the first line is no passport")
    return passport_from(first)


def _findings(records: list[Object]) -> Iterator[Finding]:
    return (finding_from(each) for each in records)


def _marks(records: list[Object]) -> Iterator[Mark]:
    for each in records:
        if each.get("type") == "mark":
            yield Mark(number(each, "t0"), number(each, "t1"), text(each, "label"), text(each, "note"))
