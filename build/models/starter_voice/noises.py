"""Sounds without speech, made from nothing: noise, hum, machines, weather, music, knocks, calls.

The sets hold no recordings of a world without voices, so the network learns from these what
is not speech. Every maker gives float32 [samples] at 16 kHz with a root mean square of 1.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from starter_voice.framing import SAMPLE_RATE

Wave = NDArray[np.float32]
Floats = NDArray[np.float64]
Maker = Callable[[np.random.Generator, int], Floats]


def make_noise(rng: np.random.Generator, samples: int) -> Wave:
    """One of the sounds, or two of them together, now and then swelling."""
    made = _unit(_KINDS[rng.integers(len(_KINDS))](rng, samples))
    if rng.random() < 0.4:
        made = made + rng.uniform(0.1, 1) * _unit(_KINDS[rng.integers(len(_KINDS))](rng, samples))
    if rng.random() < 0.4:
        made = made * _swell(rng, samples)
    return _unit(made).astype(np.float32)


def _unit(wave: Floats) -> Floats:
    centred: Floats = wave - wave.mean()
    level = float(np.sqrt((centred**2).mean())) + 1e-9
    return np.divide(centred, level)


def _swell(rng: np.random.Generator, samples: int) -> Floats:
    """A slow change of loudness over up to 30 dB."""
    knots = rng.uniform(-30, 0, max(2, samples // SAMPLE_RATE * int(rng.integers(1, 6))))
    decibels = np.interp(np.linspace(0, len(knots) - 1, samples), np.arange(len(knots)), knots)
    loudness: Floats = 10 ** (decibels / 20)
    return loudness


def coloured(rng: np.random.Generator, samples: int) -> Floats:
    """Noise whose power falls with frequency: white (0) over pink (1) to brown (2)."""
    spectrum = np.fft.rfft(rng.standard_normal(samples))
    hertz = np.fft.rfftfreq(samples, 1 / SAMPLE_RATE)
    return np.fft.irfft(spectrum * np.maximum(hertz, 20) ** (-rng.uniform(-0.2, 2.2) / 2), samples)


def banded(rng: np.random.Generator, samples: int) -> Floats:
    """Noise with a few broad resonances, such as wind, a fan or traffic."""
    spectrum = np.fft.rfft(rng.standard_normal(samples))
    octave = np.log2(np.maximum(np.fft.rfftfreq(samples, 1 / SAMPLE_RATE), 20))
    shape = np.full_like(octave, 0.01)
    for _ in range(rng.integers(1, 4)):
        shape += np.exp(-(((octave - rng.uniform(6, 12.9)) / rng.uniform(0.1, 1)) ** 2))
    return np.fft.irfft(spectrum * shape, samples)


def hum(rng: np.random.Generator, samples: int) -> Floats:
    """Mains or a motor: many harmonics of a nearly steady tone, in some noise."""
    base = rng.choice([50, 60, rng.uniform(20, 400)]) * np.ones(samples)
    if rng.random() < 0.5:
        base *= np.interp(np.linspace(0, 1, samples), np.linspace(0, 1, 4), rng.uniform(0.7, 1.4, 4))
    tone = _harmonics(rng, base, int(rng.integers(3, 30)), rng.uniform(0.3, 1.5))
    return _unit(tone) + rng.uniform(0.02, 1) * _unit(coloured(rng, samples))


def music(rng: np.random.Generator, samples: int) -> Floats:
    """Chords and melodies of plucked or held tones, with or without a drum."""
    made = np.zeros(samples)
    step = int(rng.uniform(0.12, 0.7) * SAMPLE_RATE)
    scale = rng.choice([0, 2, 4, 5, 7, 9, 11, 12], 6)
    root, decay, tilt = rng.uniform(60, 330), rng.uniform(0.05, 2), rng.uniform(0.5, 2)
    for start in range(0, samples, step):
        for _ in range(rng.integers(1, 4)):
            length = min(samples - start, int(step * rng.uniform(1, 3)))
            pitch = root * 2 ** (rng.choice(scale) / 12 + rng.integers(0, 3))
            made[start : start + length] += _tone(rng, pitch, length, decay, tilt)
    if rng.random() < 0.5:
        made += rng.uniform(0.2, 1) * np.abs(made).max() * knocks(rng, samples, step)
    return made + 1e-3 * rng.standard_normal(samples)


def knocks(rng: np.random.Generator, samples: int, period: int | None = None) -> Floats:
    """Short decaying bursts: steps, doors, keys, drums, rain."""
    made = np.zeros(samples)
    rate = rng.choice([1, 3, 10, 100]) * samples // SAMPLE_RATE
    starts = np.arange(0, samples, period) if period else rng.integers(0, samples, max(2, rate))
    length = int(rng.uniform(0.01, 0.25) * SAMPLE_RATE)
    shape = np.exp(-np.arange(length) / (length / rng.uniform(3, 8)))
    burst = (
        coloured(rng, length)
        if rng.random() < 0.5
        else np.sin(2 * np.pi * rng.uniform(40, 3000) * np.arange(length) / SAMPLE_RATE)
    )
    for start in starts:
        part = min(length, samples - int(start))
        made[start : start + part] += rng.uniform(0.2, 1) * (shape * burst)[:part]
    made /= float(np.abs(made).max()) + 1e-9
    return made + 10 ** rng.uniform(-4, -1.5) * rng.standard_normal(samples)


def calls(rng: np.random.Generator, samples: int) -> Floats:
    """Sweeping tones: birds, sirens, alarms, beeps."""
    time = np.arange(samples) / SAMPLE_RATE
    middle, swing = rng.uniform(400, 5000), rng.uniform(0, 0.5)
    pitch = middle * (1 + swing * np.sin(2 * np.pi * rng.uniform(0.2, 12) * time))
    gate = (np.sin(2 * np.pi * rng.uniform(0.3, 8) * time) > rng.uniform(-1, 0.7)).astype(float)
    gate = np.convolve(gate, np.ones(160) / 160, "same")
    return gate * _harmonics(rng, pitch, int(rng.integers(1, 4)), 2) + 10 ** rng.uniform(-3, -1) * _unit(
        coloured(rng, samples)
    )


def nearly_silent(rng: np.random.Generator, samples: int) -> Floats:
    """The rounding noise of a quiet recording, with or without a click."""
    made = np.round(rng.uniform(0.2, 3) * rng.standard_normal(samples))
    if rng.random() < 0.3:
        made[rng.integers(samples)] += rng.uniform(5, 200)
    return made + 1e-3 * rng.standard_normal(samples)


def _tone(rng: np.random.Generator, pitch: float, length: int, decay: float, tilt: float) -> Floats:
    time = np.arange(length) / SAMPLE_RATE
    vibrato = 1 + rng.choice([0, 0.004, 0.01]) * np.sin(2 * np.pi * rng.uniform(4, 7) * time)
    envelope: Floats = (
        np.exp(-time / decay) * np.minimum(1, time / 0.01) * np.minimum(1, (time[-1] - time) / 0.02)
    )
    return np.multiply(envelope, _harmonics(rng, pitch * vibrato, int(rng.integers(1, 12)), tilt))


def _harmonics(rng: np.random.Generator, pitch: Floats, count: int, tilt: float) -> Floats:
    phase = 2 * np.pi * np.cumsum(pitch) / SAMPLE_RATE
    top = float(pitch.max())
    made = np.zeros(len(pitch))
    for number in range(1, count + 1):
        if number * top < SAMPLE_RATE / 2:
            made += rng.uniform(0.3, 1) * number**-tilt * np.sin(number * phase + rng.uniform(0, 6.28))
    return made


_KINDS: tuple[Maker, ...] = (coloured, banded, hum, music, music, knocks, calls, nearly_silent)
