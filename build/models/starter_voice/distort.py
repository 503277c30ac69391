"""What happens to a voice on its way to a recording, done to waveforms."""

import numpy as np
from numpy.typing import NDArray

from starter_voice.framing import SAMPLE_RATE

Wave = NDArray[np.float32]

_SMOOTH = 1600


def resampled(wave: Wave, factor: float) -> Wave:
    """Played ``factor`` times as fast, so that pitch and formants rise by it too."""
    # Lengths with small factors keep the transforms fast.
    wave = wave[: len(wave) // _SMOOTH * _SMOOTH]
    count = round(len(wave) / factor / _SMOOTH) * _SMOOTH
    spectrum = np.fft.rfft(wave)
    kept = np.zeros(count // 2 + 1, complex)
    common = min(len(kept), len(spectrum))
    kept[:common] = spectrum[:common]
    return (np.fft.irfft(kept, count) * (count / len(wave))).astype(np.float32)


def reverberated(wave: Wave, rng: np.random.Generator) -> Wave:
    """In a room made of decaying noise: 0.1 to 0.8 s of reverberation (RT60)."""
    decay = rng.uniform(0.1, 0.8)
    time = np.arange(int(decay * SAMPLE_RATE)) / SAMPLE_RATE
    room = rng.standard_normal(len(time)) * np.exp(-6.9 * time / decay)
    room *= rng.uniform(0.1, 1) / np.sqrt((room**2).sum())
    room[0] += 1
    size = -(-(len(wave) + len(room)) // _SMOOTH) * _SMOOTH
    mixed = np.fft.irfft(np.fft.rfft(wave, size) * np.fft.rfft(room, size), size)
    return mixed[: len(wave)].astype(np.float32)


def amplified(wave: Wave, decibels: float) -> Wave:
    """Louder or softer; what exceeds full scale is cut off, as a recorder does."""
    louder: Wave = wave * np.float32(10 ** (decibels / 20))
    return louder.clip(-1, 1)


def telephone(wave: Wave) -> Wave:
    """Only 300 to 3400 Hz, with slopes of 100 Hz."""
    hertz = np.fft.rfftfreq(len(wave), 1 / SAMPLE_RATE)
    gain = np.interp(hertz, [250, 350, 3350, 3450], [0, 1, 1, 0])
    return np.fft.irfft(np.fft.rfft(wave) * gain, len(wave)).astype(np.float32)


def with_noise(wave: Wave, noise: Wave, decibels: float) -> Wave:
    """With noise at a ratio of signal to noise, both over the whole wave."""
    level = np.sqrt((wave.astype(np.float64) ** 2).mean()) * 10 ** (-decibels / 20)
    mixed: Wave = wave + noise * np.float32(level / (np.sqrt((noise.astype(np.float64) ** 2).mean()) + 1e-12))
    return mixed
