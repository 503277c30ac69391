"""Utterances cut into the windows in which the program hears them."""

import numpy as np
from numpy.typing import NDArray

from starter_voice.framing import SAMPLE_RATE, WINDOW
from starter_voice.sources import Wave


def windows_of(wave: Wave, hop: float) -> tuple[list[float], Wave]:
    """Windows of three seconds that cover an utterance, the last one ending with it.

    Args:
        wave: [n] mono float32 at 16 kHz; a short one is filled up with silence.
        hop: Seconds between windows.

    Returns:
        Their starts in seconds, and the windows, [windows, WINDOW].
    """
    last = max(0, len(wave) - WINDOW)
    starts = sorted({*range(0, last, int(hop * SAMPLE_RATE)), last})
    return [start / SAMPLE_RATE for start in starts], np.stack([window_at(wave, start) for start in starts])


def window_at(wave: Wave, start: int) -> Wave:
    """The window that starts at a sample, which may lie before the wave; silence beyond it."""
    window = np.zeros(WINDOW, np.float32)
    low, high = max(0, start), min(len(wave), start + WINDOW)
    if high > low:
        window[low - start : high - start] = wave[low:high]
    return window


def speech_share(blocks: NDArray[np.float32], start: float, block: float) -> float:
    """The share of a window that a teacher calls speech.

    Args:
        blocks: Probability of speech in each block of the wave.
        start: Of the window, in seconds.
        block: Length of a block in seconds.
    """
    middles = (np.arange(len(blocks)) + 0.5) * block
    inside = (middles >= start) & (middles < start + WINDOW / SAMPLE_RATE)
    return float((blocks[inside] >= 0.5).sum() * block / (WINDOW / SAMPLE_RATE))
