"""Findings as a table: comma-separated values, one row a finding.

Columns: `file`, `kind`, `t0`, `t1` (seconds), `text`, `value` (valence in [-1, 1]), `language`,
`confidence`, `modality`, `origin`, `pack`, `version`, `file_hash`, `precision`, `provider`,
`distribution` and `evidence` (JSON).
Spreadsheets run a cell of text that begins with =, +, -, @, a tab or a return as a formula; such a cell
gets an apostrophe before it.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from pathlib import Path

from mmdesk.analysis.records import finding_record
from mmdesk.events import Finding

COLUMNS = (
    "file",
    "kind",
    "t0",
    "t1",
    "text",
    "value",
    "language",
    "confidence",
    "modality",
    "origin",
    "pack",
    "version",
    "file_hash",
    "precision",
    "provider",
    "distribution",
    "evidence",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
Cell = str | float | None


def table(findings: Iterable[Finding], path: Path) -> str:
    """The whole table as text, with CRLF line ends (RFC 4180).

    Args:
        findings: The rows.
        path: The file that was analysed.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for finding in findings:
        writer.writerow([_safe(cell) for cell in _row(finding, path)])
    return out.getvalue()


def _row(finding: Finding, path: Path) -> list[Cell]:
    source, record = finding.source, finding_record(finding)
    told: list[Cell] = [str(path), str(finding.kind), finding.t0, finding.t1, finding.text, finding.value]
    judged: list[Cell] = [finding.language, finding.confidence, str(finding.modality)]
    made: list[Cell] = [str(source.origin), source.pack, source.version, source.file_hash]
    ran: list[Cell] = [source.precision, source.provider]
    return [*told, *judged, *made, *ran, _json(record.get("distribution")), _json(record["evidence"])]


def _json(value: object) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)


def _safe(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
