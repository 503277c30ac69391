"""Mel spectrograms of every utterance in many versions, computed once.

Pitch, room and clipping need the waveform and are done here; time, noise, band and level are done
to the spectrograms while training (see `batches`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from starter_voice.distort import amplified, resampled, reverberated
from starter_voice.features import MelPower
from starter_voice.framing import HOP, WINDOW
from starter_voice.noises import make_noise
from starter_voice.sources import Clip


@dataclass(frozen=True)
class Version:
    """One version of an utterance.

    Attributes:
        clip: Place of the utterance.
        power: Logarithm of mel power, float16 [frames, BANDS].
        speech: Probability of speech by the teacher, float16 [frames].
    """

    clip: int
    power: Tensor
    speech: Tensor


def versions(
    clips: Sequence[Clip], speech: Sequence[NDArray[np.float32]], count: int, seed: int
) -> list[Version]:
    """The utterances as they are, and ``count`` - 1 distorted versions of each."""
    rng = np.random.default_rng(seed)
    mel = MelPower()
    return [
        _version(mel, place, clip.wave, speech[place], rng if number else None)
        for number in range(count)
        for place, clip in enumerate(clips)
    ]


def noise_pool(count: int, seed: int) -> list[Tensor]:
    """Log mel power of sounds without speech, float16 [frames, BANDS] of two windows each."""
    rng, mel = np.random.default_rng(seed), MelPower()
    return [_log_power(mel, make_noise(rng, 2 * WINDOW)) for _ in range(count)]


def _version(
    mel: MelPower,
    place: int,
    wave: NDArray[np.float32],
    speech: NDArray[np.float32],
    rng: np.random.Generator | None,
) -> Version:
    if rng is not None:
        wave = resampled(wave, 2 ** (rng.uniform(-2.5, 2.5) / 12))
        if rng.random() < 0.5:
            wave = reverberated(wave, rng)
        if rng.random() < 0.3:
            peak = float(np.abs(wave).max()) + 1e-6
            wave = amplified(wave, 20 * np.log10(rng.uniform(1, 6) / peak))
    power = _log_power(mel, wave)
    moved = np.interp(np.linspace(0, len(speech) - 1, len(power)), np.arange(len(speech)), speech)
    return Version(place, power, torch.tensor(moved, dtype=torch.float16))


@torch.no_grad()
def _log_power(mel: MelPower, wave: NDArray[np.float32]) -> Tensor:
    whole = torch.from_numpy(wave[: len(wave) // HOP * HOP])[None]
    power = mel(whole / (whole.square().mean().sqrt() + 1e-6))[0]
    return torch.log(power + 1e-6).half()
