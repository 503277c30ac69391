"""Findings as plain JSON objects and back: the one form of them in the database, in files and on pipes.

Keys of a finding: `kind`, `t0`, `t1` (seconds), `text` and `value` (where there is one), `language`,
`confidence`, `modality`, `distribution`, `band`, `person`, `contributions`, `baseline`, `reason` (where there
is one), `source` and `evidence`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from mmdesk.events import Evidence, Finding, FindingKind, Modality, Origin, Source
from mmdesk.sentences import Sentence

Record = dict[str, object]
T = TypeVar("T")


def finding_record(finding: Finding) -> Record:
    """A finding as a JSON object."""
    record: Record = {"kind": str(finding.kind), "t0": finding.t0, "t1": finding.t1}
    if finding.text is not None:
        record["text"] = finding.text
    if finding.value is not None:
        record["value"] = finding.value
    record |= {
        "language": finding.language,
        "confidence": finding.confidence,
        "modality": str(finding.modality),
    }
    if finding.distribution:
        record["distribution"] = dict(finding.distribution)
    record |= _judgement_record(finding)
    record["source"] = source_record(finding.source)
    record["evidence"] = [_evidence_record(evidence) for evidence in finding.evidence]
    return record


def finding_from(record: Mapping[str, object]) -> Finding:
    """The finding that `finding_record` made a record of.

    Raises:
        ValueError: The record breaks the form.
    """
    return Finding(
        kind=FindingKind(_text(record, "kind")),
        modality=Modality(_text(record, "modality")),
        t0=_number(record, "t0"),
        t1=_number(record, "t1"),
        source=_source_from(_object(record, "source")),
        evidence=tuple(_evidence_from(_mapping(each)) for each in _list(record, "evidence")),
        text=_maybe(record, "text", _text),
        value=_maybe(record, "value", _number),
        language=_maybe(record, "language", _text),
        confidence=_maybe(record, "confidence", _number),
        distribution=_distribution(record),
        band=_maybe(record, "band", _band),
        person=_maybe(record, "person", _count),
        contributions=_contributions(record),
        baseline=_maybe(record, "baseline", _number),
        reason=_maybe(record, "reason", lambda inside, key: sentence_from(_object(inside, key))),
    )


def sentence_record(sentence: Sentence) -> Record:
    """A sentence as a JSON object that keeps it translatable."""
    return {"template": sentence.template, "values": dict(sentence.values)}


def sentence_from(record: Mapping[str, object]) -> Sentence:
    """The sentence that `sentence_record` made a record of.

    Raises:
        ValueError: The record breaks the form.
    """
    values = _object(record, "values").items()
    known = tuple((name, value) for name, value in values if isinstance(value, str | int | float))
    return Sentence(_text(record, "template"), known)


def _judgement_record(finding: Finding) -> Record:
    record: Record = {}
    if finding.band is not None:
        record["band"] = list(finding.band)
    if finding.person is not None:
        record["person"] = finding.person
    if finding.contributions:
        record["contributions"] = {str(modality): share for modality, share in finding.contributions}
    if finding.baseline is not None:
        record["baseline"] = finding.baseline
    if finding.reason is not None:
        record["reason"] = sentence_record(finding.reason)
    return record


def source_record(source: Source) -> Record:
    """Where a finding comes from as a JSON object."""
    return {
        "origin": str(source.origin),
        "pack": source.pack,
        "version": source.version,
        "file_hash": source.file_hash,
        "precision": source.precision,
        "provider": source.provider,
    }


def _source_from(record: Mapping[str, object]) -> Source:
    return Source(
        origin=Origin(_text(record, "origin")),
        pack=_text(record, "pack"),
        version=_text(record, "version"),
        file_hash=_text(record, "file_hash"),
        precision=_text(record, "precision"),
        provider=_text(record, "provider"),
    )


def _evidence_record(evidence: Evidence) -> Record:
    record: Record = {"modality": str(evidence.modality), "t0": evidence.t0, "t1": evidence.t1}
    if evidence.box is not None:
        record["box"] = list(evidence.box)
    if evidence.text is not None:
        record["text"] = evidence.text
    if evidence.pieces or evidence.weights:
        record["pieces"] = [list(piece) for piece in evidence.pieces]
        record["weights"] = list(evidence.weights)
    return record


def _evidence_from(record: Mapping[str, object]) -> Evidence:
    return Evidence(
        modality=Modality(_text(record, "modality")),
        t0=_number(record, "t0"),
        t1=_number(record, "t1"),
        box=_maybe(record, "box", _box),
        text=_maybe(record, "text", _text),
        weights=tuple(_floats(record, "weights")) if "weights" in record else (),
        pieces=tuple(_piece(each) for each in _list(record, "pieces")) if "pieces" in record else (),
    )


def _distribution(record: Mapping[str, object]) -> tuple[tuple[str, float], ...]:
    if "distribution" not in record:
        return ()
    classes = _object(record, "distribution")
    return tuple((name, _number(classes, name)) for name in classes)


def _contributions(record: Mapping[str, object]) -> tuple[tuple[Modality, float], ...]:
    if "contributions" not in record:
        return ()
    shares = _object(record, "contributions")
    return tuple((Modality(name), _number(shares, name)) for name in shares)


def _band(record: Mapping[str, object], key: str) -> tuple[float, float]:
    low, high = _floats(record, key)
    return low, high


def _count(record: Mapping[str, object], key: str) -> int:
    value = record.get(key)
    if isinstance(value, bool) or not isinstance(value, int):
        raise _broken(f"{key} is no whole number")
    return value


def _box(record: Mapping[str, object], key: str) -> tuple[float, float, float, float]:
    x, y, width, height = _floats(record, key)
    return x, y, width, height


def _piece(value: object) -> tuple[int, int]:
    if isinstance(value, list) and len(value) == 2 and all(isinstance(each, int) for each in value):
        return value[0], value[1]
    raise _broken("not a piece of text")


def _floats(record: Mapping[str, object], key: str) -> list[float]:
    return [_number({key: each}, key) for each in _list(record, key)]


def _maybe(
    record: Mapping[str, object], key: str, read: Callable[[Mapping[str, object], str], T]
) -> T | None:
    return None if record.get(key) is None else read(record, key)


def _text(record: Mapping[str, object], key: str) -> str:
    value = record.get(key)
    if not isinstance(value, str):
        raise _broken(f"{key} is no text")
    return value


def _number(record: Mapping[str, object], key: str) -> float:
    value = record.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _broken(f"{key} is no number")
    return float(value)


def _list(record: Mapping[str, object], key: str) -> list[object]:
    value = record.get(key)
    if not isinstance(value, list):
        raise _broken(f"{key} is no list")
    return value


def _object(record: Mapping[str, object], key: str) -> Mapping[str, object]:
    return _mapping(record.get(key))


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise _broken("not a JSON object")
    return value


def _broken(what: str) -> ValueError:
    return ValueError(f"not a record of ours: {what}")
