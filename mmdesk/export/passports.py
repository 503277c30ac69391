"""Finds the passport that an exported file carries, or that lies beside it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

from mmdesk.analysis.json_fields import mapping
from mmdesk.analysis.passport import Passport, passport_from
from mmdesk.errors import NoResult, UnreadableFile
from mmdesk.export.eaf import PASSPORT_PROPERTY
from mmdesk.export.formats import VTT_PASSPORT, passport_file
from mmdesk.export.parquet import parquet_passport
from mmdesk.export.xml_text import parsed
from mmdesk.export.xmp import OURS
from mmdesk.media.files import opened
from mmdesk.sentences import sentence

_LARGEST = 256 << 20
_NOTE = re.compile(rf"^NOTE {re.escape(VTT_PASSPORT)}(.*)$", re.MULTILINE)
_SCRIPT = re.compile(r'<script type="application/json" id="mmdesk-passport">(.*?)</script>', re.DOTALL)


def read_passport(file: Path) -> Passport:
    """The passport of an exported file; any thread.

    Raises:
        NoResult: The file carries none, or one that cannot be read.
        NotInstalled: A Parquet file, and pyarrow is not here.
        MediaError: The file cannot be read.
    """
    try:
        if passport_file(file).is_file():
            return _from(read_bytes(passport_file(file)).decode("utf-8"))
        if file.is_dir():
            raise _none(file)
        text = _inside(file, read_bytes(file))
        if text is None:
            raise _none(file)
        return _from(text)
    except (ValueError, UnicodeDecodeError) as failure:
        raise _none(file) from failure


def read_bytes(file: Path) -> bytes:
    """All of a file that is not absurdly large.

    Raises:
        MediaError: It cannot be read.
    """
    with opened(file) as source:
        data = source.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise UnreadableFile(
            file,
            sentence("{name} is larger than 256 MiB.", name=file.name),
            sentence("Check that it really is an exported file."),
        )
    return data


def _from(text: str) -> Passport:
    return passport_from(mapping(json.loads(text)))


def _inside(file: Path, data: bytes) -> str | None:
    reader = _READERS.get(file.suffix.lower())
    return None if reader is None else reader(data)


def _jsonl(data: bytes) -> str | None:
    head = data.split(b"\n", 1)[0].decode("utf-8")
    return head if '"passport"' in head else None


def _vtt(data: bytes) -> str | None:
    found = _NOTE.search(data.decode("utf-8", "replace"))
    return found[1] if found else None


def _html(data: bytes) -> str | None:
    found = _SCRIPT.search(data.decode("utf-8", "replace"))
    return found[1] if found else None


def _eaf(data: bytes) -> str | None:
    properties = parsed(data).iter("PROPERTY")
    return next((each.text for each in properties if each.get("NAME") == PASSPORT_PROPERTY), None)


def _xmp(data: bytes) -> str | None:
    found = (each.get(f"{{{OURS}}}passport") for each in parsed(data).iter())
    return next((text for text in found if text is not None), None)


_READERS: dict[str, Callable[[bytes], str | None]] = {
    ".json": lambda data: data.decode("utf-8"),
    ".jsonl": _jsonl,
    ".vtt": _vtt,
    ".html": _html,
    ".eaf": _eaf,
    ".xmp": _xmp,
    ".parquet": parquet_passport,
}


def _none(file: Path) -> NoResult:
    return NoResult(
        sentence("{name} carries no passport of mmdesk.", name=file.name),
        sentence("Name a file that mmdesk exported, with its .passport.json beside it, or the recording."),
    )
