"""Windows in which somebody speaks or nobody does, with what the teacher says of them."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from starter_voice.framing import SAMPLE_RATE
from starter_voice.sources import Wave, read_wave
from starter_voice.teacher import BLOCK, SpeechTeacher
from starter_voice.windows import speech_share, windows_of

TEACHER = "silero_vad_16k_op15.onnx"
# A window holds speech when the teacher hears at least 0.3 s of it.
LEAST_SHARE = 0.1
PAUSE = 3.0
HOP = 0.5
RECORDINGS = (".mp4", ".webm", ".ogg", ".flac", ".wav", ".mp3")


def find_teacher(data: Path) -> Path | None:
    """The teacher's file in the data root, given the root or the folder of one set."""
    for root in (data, data.parent):
        if (root / "pretrained_small" / TEACHER).is_file():
            return root / "pretrained_small" / TEACHER
    return None


def recordings(data: Path) -> list[Path]:
    """Sound and film files of the folder ``sample_media`` beside a set or in the root."""
    for root in (data, data.parent):
        if (root / "sample_media").is_dir():
            return sorted(p for p in (root / "sample_media").iterdir() if p.suffix in RECORDINGS)
    return []


def listened(waves: Sequence[Wave], teacher: SpeechTeacher) -> Iterator[tuple[Wave, NDArray[np.bool_]]]:
    """For each wave its windows [n, WINDOW] and whether the teacher hears speech in them [n]."""
    for wave, blocks in zip(waves, teacher.blocks(waves), strict=True):
        starts, windows = windows_of(wave, HOP)
        shares = [speech_share(blocks, start, BLOCK / SAMPLE_RATE) for start in starts]
        yield windows, np.array(shares) >= LEAST_SHARE


def with_pauses(wave: Wave, rng: np.random.Generator) -> Wave:
    """An utterance with three seconds before and after it that are as quiet as its quietest tenth."""
    parts = wave[: len(wave) // 160 * 160].reshape(-1, 160)
    level = float(np.quantile(np.sqrt((parts**2).mean(1)), 0.1))
    pauses = level * rng.standard_normal((2, int(PAUSE * SAMPLE_RATE)))
    return np.concatenate([pauses[0], wave, pauses[1]]).astype(np.float32)


def read_recordings(data: Path) -> list[Wave]:
    """The sound of all recordings."""
    return [read_wave(path) for path in recordings(data)]
