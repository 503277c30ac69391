"""Findings as a table: one row a finding or mark, the same columns in CSV and Parquet.

Spreadsheets run a cell of text that begins with =, +, -, @, a tab or a return as a formula; in CSV such a
cell gets an apostrophe before it (and one more where it begins with apostrophes before such a sign, so that
reading back knows which one was ours).
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

from mmdesk.analysis.records import finding_record
from mmdesk.events import Finding
from mmdesk.export.result import Mark, Result
from mmdesk.export.spoken import spoken

COLUMNS: dict[str, str] = {
    "file": "path of the file that was analysed",
    "kind": "what the row says: caption, transcript, sentiment, ...; mark for a moment that a person marked",
    "t0": "start, seconds from the start of the file; 0 for a picture",
    "t1": "end, seconds; equals t0 for a picture",
    "text": "caption, line of the transcript, the words that a sentiment belongs to, or the label of a mark",
    "value": "valence in [-1, 1] for a sentiment; empty otherwise",
    "language": "BCP 47 tag of the text; empty when not known",
    "confidence": "in [0, 1]; empty where nobody measured one",
    "modality": "where it was seen, heard or read: scene, face, voice, words, fused",
    "origin": "who made it: model, subtitles, person",
    "pack": "name of the model pack, or of the subtitle stream or file",
    "version": "version of the pack",
    "file_hash": "SHA-256 of the pack's manifest, or of the file with the subtitles",
    "precision": "number format that the model computed in",
    "provider": "ONNX Runtime execution provider that really ran",
    "distribution": "probability by class, a JSON object",
    "band_low": "lower end of the interval that holds the true valence with 80 % chance",
    "band_high": "upper end of that interval",
    "person": "who is meant, by name or number; empty where nobody is",
    "contributions": "what each modality brought to a fused valence (Shapley values), a JSON object",
    "baseline": "the valence of a fused sentiment with no modality at all",
    "reason": "why there is a gap, where nothing was good enough to judge",
    "evidence": "what it is based on, a JSON list",
    "note": "note of a mark",
    "id": "name of the row, by which a table that was edited is read back",
}
Cell = str | float | None
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")


def table(result: Result) -> str:
    """The whole table as text, with CRLF line ends (RFC 4180)."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in rows(result):
        writer.writerow([guarded(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue()


def rows(result: Result) -> Iterator[tuple[Cell, ...]]:
    """The cells of each row, in the order of `COLUMNS`."""
    for number, finding in enumerate(result.findings):
        yield _finding_row(number, finding, result)
    for number, mark in enumerate(result.marks):
        yield _mark_row(number, mark, result.path)


def row_id(number: int, finding: Finding) -> str:
    """The name of a finding's row: its number and what it is, so that it is found after both change."""
    record = json.dumps(finding_record(finding), sort_keys=True)
    return f"f{number}-{hashlib.sha256(record.encode()).hexdigest()[:12]}"


def mark_id(number: int) -> str:
    """The name of a mark's row."""
    return f"m{number}"


def guarded(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """The text before `guarded`."""
    return text[1:] if _GUARDED.match(text) else text


def _finding_row(number: int, finding: Finding, result: Result) -> tuple[Cell, ...]:
    source, record = finding.source, finding_record(finding)
    told: list[Cell] = [
        str(result.path),
        str(finding.kind),
        finding.t0,
        finding.t1,
        finding.text,
        finding.value,
    ]
    judged: list[Cell] = [finding.language, finding.confidence, str(finding.modality)]
    made: list[Cell] = [str(source.origin), source.pack, source.version, source.file_hash]
    ran: list[Cell] = [source.precision, source.provider]
    low, high = finding.band or (None, None)
    who: list[Cell] = [_json(record.get("distribution")), low, high, result.person(finding) or None]
    fused: list[Cell] = [_json(record.get("contributions")), finding.baseline]
    why = None if finding.reason is None else spoken(finding.reason)
    based = _json(record["evidence"])
    return (*told, *judged, *made, *ran, *who, *fused, why, based, None, row_id(number, finding))


def _mark_row(number: int, mark: Mark, path: Path) -> tuple[Cell, ...]:
    cells: dict[str, Cell] = dict.fromkeys(COLUMNS)
    cells |= {"file": str(path), "kind": "mark", "t0": mark.t0, "t1": mark.t1, "text": mark.label}
    cells |= {"origin": "person", "note": mark.note or None, "id": mark_id(number)}
    return tuple(cells.values())


def _json(value: object) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)
