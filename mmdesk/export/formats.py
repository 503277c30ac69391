"""The formats that results go out in, and the one function that writes them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from mmdesk.analysis.passport import passport_record
from mmdesk.config.catalogue import Catalogue
from mmdesk.control import Control
from mmdesk.export.clips import write_clips, write_frames
from mmdesk.export.cues import Lines, cues, srt, vtt
from mmdesk.export.eaf import eaf
from mmdesk.export.events import event_json, result_lines
from mmdesk.export.look import picture_size
from mmdesk.export.parquet import parquet
from mmdesk.export.pdf import write_pdf
from mmdesk.export.plain import plain
from mmdesk.export.report import html_report
from mmdesk.export.result import Result
from mmdesk.export.table import table
from mmdesk.export.writing import write_whole
from mmdesk.export.xmp import xmp

__all__ = ["Choices", "Format", "Lines", "Result", "event_json", "export"]

_BYTE_ORDER_MARK = "\ufeff"
PASSPORT_SUFFIX = ".passport.json"


class Format(StrEnum):
    """What can be written; the value is also the suffix of the file."""

    SRT = "srt"
    VTT = "vtt"
    TXT = "txt"
    CSV = "csv"
    PARQUET = "parquet"
    JSONL = "jsonl"
    EAF = "eaf"
    XMP = "xmp"
    HTML = "html"
    PDF = "pdf"
    CLIPS = "clips"
    FRAMES = "frames"


PLAIN = (Format.SRT, Format.VTT, Format.CSV, Format.JSONL)
"""What is written without looking into the media; `mmdesk analyze --out` writes these."""

FOLDERS = frozenset({Format.CLIPS, Format.FRAMES})
"""What becomes a folder of files."""

_WITH_SIDECAR = frozenset({Format.SRT, Format.TXT, Format.CSV, Format.PDF, Format.CLIPS, Format.FRAMES})


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person chose about an export.

    Attributes:
        lines: What becomes lines in SubRip, WebVTT and plain text.
        catalogue: The language of headings in reports; None is English.
        replace: Whether older files may be replaced.
    """

    lines: Lines = Lines.ALL
    catalogue: Catalogue | None = None
    replace: bool = True


def export(result: Result, format: Format, target: Path, choices: Choices, control: Control) -> None:
    """Writes a result; an older file is replaced only by a complete new one.

    All text is UTF-8; CSV begins with a byte order mark, without which Excel shows Chinese as noise.
    Formats that cannot hold the passport get it beside them, in a file that ends in `.passport.json`.

    Args:
        result: What was found.
        format: How to write it.
        target: The file to write, or the folder for clips and frames; its folder is made.
        choices: What goes in.
        control: Asked while media are read.

    Raises:
        NoSpace: The disk is full.
        NotWritable: The folder or file cannot be written, or is there and must not be replaced.
        NotInstalled: The format needs a library that is not here.
        MediaError: The file cannot be read (clips and frames only).
        Cancelled: The person stopped the work.
    """
    if format in FOLDERS:
        write = write_clips if format is Format.CLIPS else write_frames
        write(result, target, control)
    elif format is Format.PDF:
        write_pdf(result, target, choices.catalogue, choices.replace, control)
    else:
        write_whole(target, _DATA[format](result, target, choices, control), choices.replace)
    if format in _WITH_SIDECAR:
        write_whole(passport_file(target), passport_bytes(result), True)


def passport_file(target: Path) -> Path:
    """Where the passport of a file lies that cannot hold it."""
    return target.with_name(target.name + PASSPORT_SUFFIX)


def passport_bytes(result: Result) -> bytes:
    """The passport as a JSON file."""
    record = passport_record(result.passport)
    return _encoded(json.dumps(record, ensure_ascii=False, indent=1) + "\n")


def text_of(result: Result, format: Format, lines: Lines) -> str:
    """A result as text, for the formats that are text; what the preview shows too.

    Raises:
        KeyError: The format is no text.
    """
    return _TEXTS[format](result, lines)


def _vtt(result: Result, lines: Lines) -> str:
    # JSON may hold "-->"; a greater-than sign escaped keeps it one comment.
    note = json.dumps(passport_record(result.passport)).replace(">", "\\u003e")
    return vtt(cues(result.findings, lines), f"{VTT_PASSPORT}{note}")


VTT_PASSPORT = "mmdesk passport "

_TEXTS: dict[Format, Callable[[Result, Lines], str]] = {
    Format.SRT: lambda result, lines: srt(cues(result.findings, lines)),
    Format.VTT: _vtt,
    Format.TXT: lambda result, lines: plain(cues(result.findings, lines)),
    Format.CSV: lambda result, _: _BYTE_ORDER_MARK + table(result),
    Format.JSONL: lambda result, _: "".join(line + "\n" for line in result_lines(result)),
}


TEXTUAL = frozenset(_TEXTS)
"""What is text that a person can read."""


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")


def _text_data(kind: Format) -> Callable[[Result, Path, Choices, Control], bytes]:
    return lambda result, _, choices, __: _encoded(text_of(result, kind, choices.lines))


_DATA: dict[Format, Callable[[Result, Path, Choices, Control], bytes]] = {
    **{kind: _text_data(kind) for kind in _TEXTS},
    Format.PARQUET: lambda result, *_: parquet(result),
    Format.EAF: lambda result, target, *_: eaf(result, target.parent),
    Format.XMP: lambda result, *_: xmp(result, picture_size(result.path)),
    Format.HTML: lambda result, _, choices, control: html_report(result, choices.catalogue, control),
}
