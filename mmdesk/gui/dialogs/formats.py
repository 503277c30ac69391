"""The formats that results can be saved in, in the words of the window."""

from __future__ import annotations

from mmdesk.gui.language import tr

FORMATS = ("srt", "vtt", "txt", "csv", "parquet", "jsonl", "eaf", "xmp", "html", "pdf", "clips", "frames")
"""The names of `export.formats.Format`, which is loaded later."""

WITH_LINES = frozenset({"srt", "vtt", "txt"})
"""Formats in which captions, transcript or both become lines."""

OF_MARKS = frozenset({"clips", "frames"})
"""Formats that need marked moments, and become a folder."""


def groups() -> list[tuple[str, tuple[str, ...]]]:
    """The formats by what they are for."""
    return [
        (tr("To read and to watch"), ("srt", "vtt", "txt")),
        (tr("For statistics and programs"), ("csv", "parquet", "jsonl")),
        (tr("For other tools"), ("eaf", "xmp")),
        (tr("Reports"), ("html", "pdf")),
        (tr("Marked moments"), ("clips", "frames")),
    ]


def title(name: str) -> str:
    """The name of a format."""
    return {
        "srt": "SubRip (.srt)",
        "vtt": "WebVTT (.vtt)",
        "txt": tr("Plain text (.txt)"),
        "csv": "CSV (.csv)",
        "parquet": "Parquet (.parquet)",
        "jsonl": "JSON Lines (.jsonl)",
        "eaf": "ELAN (.eaf)",
        "xmp": "XMP (.xmp)",
        "html": tr("Web page (.html)"),
        "pdf": "PDF (.pdf)",
        "clips": tr("Clips (.mp4)"),
        "frames": tr("Frames (.jpg)"),
    }[name]


def use(name: str) -> str:
    """What a format is good for."""
    return {
        "srt": tr("Subtitles that nearly every player shows. Edited ones can be read back."),
        "vtt": tr("Subtitles for web pages, coloured by sentiment. Edited ones can be read back."),
        "txt": tr("Lines with their times, for reading."),
        "csv": tr("A table for spreadsheets, one finding in a row. An edited one can be read back."),
        "parquet": tr("The same table with types, for pandas, R and databases; needs pyarrow."),
        "jsonl": tr("Everything about every finding, for programs and for checking later."),
        "eaf": tr("A tier for each kind and person, for ELAN. An edited one can be read back."),
        "xmp": tr("Caption, keywords and faces, for photo programs."),
        "html": tr("One file that works offline, with pictures and a curve to point at."),
        "pdf": tr("The same report for printing and for the file."),
        "clips": tr("A film or sound file of each marked moment."),
        "frames": tr("A picture of each marked moment, in full size."),
    }[name]
