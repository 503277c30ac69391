"""Findings as Apache Parquet, for statistics; needs pyarrow (the extra `parquet`)."""

from __future__ import annotations

import io
import json
from importlib import import_module
from types import ModuleType

from mmdesk.analysis.passport import passport_record
from mmdesk.errors import NotInstalled
from mmdesk.export.result import Result
from mmdesk.export.table import COLUMNS, rows
from mmdesk.sentences import sentence

PASSPORT_KEY = b"mmdesk.passport"
_NUMBERS = frozenset({"t0", "t1", "value", "confidence", "band_low", "band_high", "baseline"})


def parquet(result: Result) -> bytes:
    """The table of `export.table` with types; the passport and the meaning of each column are metadata.

    Raises:
        NotInstalled: pyarrow is not here.
    """
    arrow = _arrow()
    columns = list(zip(*rows(result), strict=True)) or [()] * len(COLUMNS)
    types = [arrow.float64() if name in _NUMBERS else arrow.string() for name in COLUMNS]
    fields = [
        arrow.field(name, kind, metadata={b"description": meaning.encode()})
        for (name, meaning), kind in zip(COLUMNS.items(), types, strict=True)
    ]
    passport = json.dumps(passport_record(result.passport)).encode()
    schema = arrow.schema(fields, metadata={PASSPORT_KEY: passport})
    clean = [[_text(cell) for cell in column] for column in columns]
    arrays = [arrow.array(column, kind) for column, kind in zip(clean, types, strict=True)]
    out = io.BytesIO()
    _files().write_table(arrow.Table.from_arrays(arrays, schema=schema), out, compression="zstd")
    return out.getvalue()


def parquet_passport(data: bytes) -> str | None:
    """The passport of a Parquet file as JSON; None where it has none.

    Raises:
        NotInstalled: pyarrow is not here.
        ValueError: Not a Parquet file.
    """
    metadata = _files().read_schema(io.BytesIO(data)).metadata or {}
    passport: bytes | None = metadata.get(PASSPORT_KEY)
    return None if passport is None else passport.decode("utf-8")


def _text(cell: str | float | None) -> str | float | None:
    """Lone surrogates (file names that are no text) have no UTF-8."""
    return cell.encode("utf-8", "backslashreplace").decode("utf-8") if isinstance(cell, str) else cell


def _arrow() -> ModuleType:
    try:
        return import_module("pyarrow")
    except ImportError as failure:
        raise _missing() from failure


def _files() -> ModuleType:
    _arrow()
    return import_module("pyarrow.parquet")


def _missing() -> NotInstalled:
    return NotInstalled(
        sentence("Parquet files need pyarrow, which is not installed."),
        sentence("Install it with: pip install pyarrow. Or choose CSV, which has the same columns."),
    )
