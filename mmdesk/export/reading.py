"""Reads an edited export back: what a person changed in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mmdesk.errors import DamagedMedia, EmptyFile, MmdeskError, UnsupportedMedia
from mmdesk.export.corrections import Correction
from mmdesk.export.passports import read_bytes, read_passport
from mmdesk.export.read_cues import cue_corrections, read_srt, read_vtt
from mmdesk.export.read_eaf import eaf_corrections, read_eaf
from mmdesk.export.read_table import read_table, table_corrections
from mmdesk.export.result import Result
from mmdesk.media.written import decode_text
from mmdesk.sentences import Sentence, sentence

READABLE = (".eaf", ".srt", ".vtt", ".csv")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says that is different from what we have.

    Attributes:
        corrections: In the order of the file's kind; empty when nothing was changed.
        notes: What the person should know before applying them.
    """

    corrections: tuple[Correction, ...]
    notes: tuple[Sentence, ...] = ()


def read_back(file: Path, result: Result) -> Reading:
    """Compares an edited file with a result; nothing is changed yet. Any thread but Qt's.

    Args:
        file: An edited .eaf, .srt, .vtt or .csv.
        result: What is known about the recording now.

    Raises:
        UnsupportedMedia: A kind of file that is not read back.
        DamagedMedia: The file does not hold what its name says.
        MediaError: The file cannot be read.
    """
    suffix = file.suffix.lower()
    if suffix not in READABLE:
        raise UnsupportedMedia(
            file,
            sentence("{name} is no kind of file that corrections are read from.", name=file.name),
            sentence("Choose an .eaf, .srt, .vtt or .csv file."),
        )
    data = _bytes(file, result)
    try:
        found = _corrections(suffix, data, result, file)
    except ValueError as failure:
        raise DamagedMedia(
            file,
            sentence("{name} cannot be understood: {reason}", name=file.name, reason=str(failure)),
            sentence("Save it again in the same format that mmdesk exported."),
        ) from failure
    return Reading(tuple(found), tuple(_notes(file, result)))


def _bytes(file: Path, result: Result) -> bytes:
    """All of a file; subtitles without a line are right where there is nothing to show."""
    try:
        return read_bytes(file)
    except EmptyFile:
        if file.suffix.lower() == ".srt" and not cue_corrections(result, (), file.name):
            return b""
        raise


def _corrections(suffix: str, data: bytes, result: Result, file: Path) -> list[Correction]:
    if suffix == ".eaf":
        return eaf_corrections(result, read_eaf(data), file.name)
    text = _text(data)
    if suffix == ".csv":
        return table_corrections(result, read_table(text), file.name)
    rows = read_vtt(text) if suffix == ".vtt" else read_srt(text)
    if not rows and text.strip() and not text.lstrip("\ufeff").startswith("WEBVTT"):
        raise ValueError("there is not one line with times")
    return cue_corrections(result, rows, file.name)


def _text(data: bytes) -> str:
    decoded = decode_text(data) if data else ("", "utf-8")
    if decoded is None:
        raise ValueError("its text fits no known encoding")
    return decoded[0]


def _notes(file: Path, result: Result) -> list[Sentence]:
    """A file of another recording is a likely mistake."""
    try:
        media = read_passport(file).media
    except MmdeskError:
        return []  # edited files may have lost it
    ours = result.passport.media.sha256
    if media.sha256 and ours and media.sha256 != ours:
        return [sentence("This file was exported from another recording, {name}.", name=media.name)]
    return []
