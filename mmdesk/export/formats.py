"""Writes findings into a file, whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from mmdesk.errors import NoSpace, NotWritable
from mmdesk.events import Finding, Found
from mmdesk.export.cues import Lines, cues, srt, vtt
from mmdesk.export.events import event_json
from mmdesk.export.table import table
from mmdesk.sentences import sentence

__all__ = ["Format", "Lines", "event_json", "write"]

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_BYTE_ORDER_MARK = "\ufeff"


class Format(StrEnum):
    """What can be written; the value is also the suffix of the file."""

    SRT = "srt"
    VTT = "vtt"
    CSV = "csv"
    JSONL = "jsonl"


def write(
    findings: Sequence[Finding], path: Path, format: Format, target: Path, lines: Lines = Lines.ALL
) -> None:
    """Writes findings; an older file is replaced only by a complete new one.

    CSV and JSON Lines hold every finding; SubRip and WebVTT hold captions and transcript. All are
    UTF-8; CSV begins with a byte order mark, without which Excel shows Chinese as noise.

    Args:
        findings: What was found.
        path: The file that was analysed.
        format: How to write it.
        target: The file to write; its folder is made.
        lines: What becomes lines in SubRip and WebVTT.

    Raises:
        NoSpace: The disk is full.
        NotWritable: The folder or file cannot be written.
    """
    data = _text(findings, path, format, lines).encode("utf-8", "backslashreplace")
    with _write_failures(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        _replace(target, data)


def _text(findings: Sequence[Finding], path: Path, format: Format, lines: Lines) -> str:
    if format is Format.CSV:
        return _BYTE_ORDER_MARK + table(findings, path)
    if format is Format.JSONL:
        return "".join(event_json(Found(path, each), ascii_only=False) + "\n" for each in findings)
    chosen = cues(findings, lines)
    return srt(chosen) if format is Format.SRT else vtt(chosen)


def _replace(target: Path, data: bytes) -> None:
    partial = target.with_name(f".mmdesk-{secrets.token_hex(8)}.part")  # short, whatever the target's name
    try:
        with partial.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(target)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


@contextmanager
def _write_failures(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as failure:
        if failure.errno in _FULL:
            raise NoSpace(
                sentence("There is no space left to save {name}.", name=target.name),
                sentence("Free some space, or save to another disk."),
            ) from failure
        raise NotWritable(
            sentence(
                "{name} could not be saved: {reason}.",
                name=target.name,
                reason=failure.strerror or type(failure).__name__,
            ),
            sentence("Choose a folder that you may write to."),
        ) from failure
