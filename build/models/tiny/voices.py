"""ravdess_speech: a table of utterances and a zip of sound files; each emotion has its own pitch."""

import csv
import io
import wave
import zipfile
from pathlib import Path

import numpy as np

EMOTIONS = ("neutral", "calm", "happy", "sad", "angry", "fearful", "disgust", "surprised")
ACTORS = {"train": range(1, 13), "val": range(13, 17), "test": range(17, 19)}
RATE = 16_000
SECONDS = 3.2
_COLUMNS = ("file", "actor", "sex", "emotion", "intensity", "statement", "repetition", "seconds", "split")


def write_voices(folder: Path) -> None:
    """Writes all splits."""
    chance = np.random.default_rng(5)
    rows = []
    with zipfile.ZipFile(folder / "sounds.zip", "w") as archive:
        for split, actors in ACTORS.items():
            for actor in actors:
                for number, emotion in enumerate(EMOTIONS):
                    name = f"03-01-{number + 1:02}-01-01-01-{actor:02}.wav"
                    archive.writestr(name, _spoken(120 + 25 * number, chance))
                    sex, spoken = "MF"[actor % 2], ("normal", "01", "01", SECONDS)
                    rows.append((name, f"actor{actor:02}", sex, emotion, *spoken, split))
    with (folder / "labels.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([_COLUMNS, *rows])


def _spoken(pitch: float, chance: np.random.Generator) -> bytes:
    """A humming voice between two silences, as a WAV file."""
    t = np.arange(int(SECONDS * RATE)) / RATE
    voiced = sum(np.sin(2 * np.pi * pitch * k * t + chance.uniform(0, 6)) / k for k in range(1, 12))
    swell = np.clip(np.minimum(t - 0.5, SECONDS - 0.5 - t) * 5, 0, 1) * (
        0.6 + 0.4 * np.sin(2 * np.pi * 3 * t)
    )
    samples = 0.1 * voiced * swell + 0.002 * chance.standard_normal(len(t))
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return target.getvalue()
