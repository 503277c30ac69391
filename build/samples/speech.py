"""The spoken lines, from espeak-ng."""

from __future__ import annotations

import subprocess
import tempfile
import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from samples.story import Scene

RATE = 22050


def speak(scene: Scene) -> NDArray[np.int16]:
    """Says the line of a scene.

    Returns:
        Mono samples at `RATE`, [samples].
    """
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "line.wav"
        voice = ["-v", "en-us+f3", "-p", str(scene.pitch), "-s", str(scene.speed)]
        subprocess.run(["espeak-ng", *voice, "-w", str(target), scene.line], check=True)
        with wave.open(str(target), "rb") as file:
            if file.getframerate() != RATE or file.getnchannels() != 1:
                raise RuntimeError(f"espeak-ng spoke at {file.getframerate()} Hz")
            return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
