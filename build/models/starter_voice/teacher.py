"""The teacher of speech or no speech: Silero VAD (MIT), asked about every 32 ms."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from starter_voice.framing import HOP, SAMPLE_RATE

BLOCK = 512
CONTEXT = 64
BATCH = 64


class SpeechTeacher:
    """Silero VAD version 6 for 16 kHz, as its own code runs it (64 samples of context).

    Args:
        file: ``silero_vad_16k_op15.onnx``.
    """

    def __init__(self, file: Path, threads: int = 1) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self._session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])

    def blocks(self, waves: Sequence[NDArray[np.float32]]) -> list[NDArray[np.float32]]:
        """Probability of speech in each block of 512 samples, for each wave."""
        found: list[NDArray[np.float32]] = []
        for start in range(0, len(waves), BATCH):
            found += self._batch(waves[start : start + BATCH])
        return found

    def frames(self, waves: Sequence[NDArray[np.float32]]) -> list[NDArray[np.float32]]:
        """The same for each hop of the spectrogram (12.5 ms)."""
        return [
            probabilities[((np.arange(len(wave) // HOP) + 0.5) * HOP / BLOCK).astype(int)]
            for wave, probabilities in zip(waves, self.blocks(waves), strict=True)
        ]

    def _batch(self, waves: Sequence[NDArray[np.float32]]) -> list[NDArray[np.float32]]:
        counts = [-(-len(wave) // BLOCK) for wave in waves]
        padded = np.zeros((len(waves), CONTEXT + max(counts) * BLOCK), np.float32)
        for row, wave in enumerate(waves):
            padded[row, CONTEXT : CONTEXT + len(wave)] = wave
        state = np.zeros((2, len(waves), 128), np.float32)
        probabilities = np.zeros((len(waves), max(counts)), np.float32)
        for place in range(max(counts)):
            block = padded[:, place * BLOCK : place * BLOCK + CONTEXT + BLOCK]
            feeds = {"input": block, "state": state, "sr": np.array(SAMPLE_RATE, np.int64)}
            output, state = self._session.run(None, feeds)
            probabilities[:, place] = output[:, 0]
        return [row[:count] for row, count in zip(probabilities, counts, strict=True)]
