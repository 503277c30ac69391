"""Reading the voice set: a table of utterances and a zip of sound files.

The split is a column of the table. Sound is decoded by the program itself, so that training hears
what the program will hear.
"""

import csv
import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mmdesk.control import Control
from mmdesk.media.probe import probe
from mmdesk.media.sound import read_sound

EMOTIONS = ("neutral", "calm", "happy", "sad", "angry", "fearful", "disgust", "surprised")

Wave = NDArray[np.float32]


@dataclass(frozen=True)
class Clip:
    """One acted utterance.

    Attributes:
        file: Name inside the zip.
        actor: Name of the speaker.
        emotion: Place in `EMOTIONS`.
        strong: Whether it was acted with strong intensity.
        wave: [n] mono float32 at 16 kHz.
    """

    file: str
    actor: str
    emotion: int
    strong: bool
    wave: Wave


def voice_folder(data: Path) -> Path:
    """The folder of the set, given either the folder itself or the data root.

    Raises:
        FileNotFoundError: Neither holds a table of utterances.
    """
    for folder in (data, data / "ravdess_speech"):
        if (folder / "labels.csv").is_file():
            return folder
    raise FileNotFoundError(f"no labels.csv in {data} or {data / 'ravdess_speech'}")


def read_rows(folder: Path, split: str) -> list[dict[str, str]]:
    """The rows of one split, in the order of the table.

    Raises:
        ValueError: The split is empty.
    """
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == split]
    if not rows:
        raise ValueError(f"no utterances of the split {split!r} in {folder}")
    return rows


def read_clips(folder: Path, rows: Iterable[dict[str, str]], unpacked: Path) -> list[Clip]:
    """Decodes the utterances of some rows.

    Args:
        folder: Holds one zip of sound files.
        rows: From `read_rows`.
        unpacked: A folder for the files of the zip; may be reused.
    """
    rows = list(rows)
    _unpack(folder, {row["file"] for row in rows}, unpacked)
    return [
        Clip(
            row["file"],
            row["actor"],
            EMOTIONS.index(row["emotion"]),
            row["intensity"] == "strong",
            read_wave(unpacked / row["file"]),
        )
        for row in rows
    ]


def read_wave(path: Path) -> Wave:
    """Decodes a whole file with the program's own reader; gaps are closed."""
    control = Control()
    chunks = read_sound(probe(path), control)
    return np.concatenate([chunk.samples for chunk in chunks])


def _unpack(folder: Path, wanted: set[str], unpacked: Path) -> None:
    unpacked.mkdir(parents=True, exist_ok=True)
    for archive_path in sorted(folder.glob("*.zip")):
        with zipfile.ZipFile(archive_path) as archive:
            for name in archive.namelist():
                target = unpacked / Path(name).name
                if target.name in wanted and not target.exists():
                    target.write_bytes(io.BytesIO(archive.read(name)).getvalue())
