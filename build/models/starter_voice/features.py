"""Log-mel spectrogram as matrix products, so that it is part of the exported graph.

Frames of 50 ms every 12.5 ms: long enough to see the harmonics of a low voice in the low bands.
The level of the sound divides out, so that gain changes nothing but clipping.
"""

import math

import torch
from torch import Tensor, nn

from starter_voice.framing import FRAME, HOP, SAMPLE_RATE

BANDS = 64
LOWEST, HIGHEST = 50.0, 7600.0
BINS = int(HIGHEST / SAMPLE_RATE * FRAME) + 1
# Energy of silence: what a 16-bit recording cannot tell from nothing.
SILENCE = 1e-9
# 50 dB under the window's mean energy nothing is heard.
FLOOR = 1e-5


def mel(hertz: Tensor) -> Tensor:
    """The mel scale (O'Shaughnessy, 1987)."""
    return 2595 * torch.log10(1 + hertz / 700)


def mel_bank() -> Tensor:
    """Triangular filters of equal area, float32 [BINS, BANDS]."""
    edges = torch.linspace(float(mel(torch.tensor(LOWEST))), float(mel(torch.tensor(HIGHEST))), BANDS + 2)
    hertz = 700 * (10 ** (edges / 2595) - 1)
    bins = torch.arange(BINS) * SAMPLE_RATE / FRAME
    rising = (bins[:, None] - hertz[:-2]) / (hertz[1:-1] - hertz[:-2])
    falling = (hertz[2:] - bins[:, None]) / (hertz[2:] - hertz[1:-1])
    bank = torch.minimum(rising, falling).clamp(min=0)
    return bank / bank.sum(0, keepdim=True).clamp(min=1e-6)


class MelPower(nn.Module):
    """Waveform to mel power.

    A real transform of a frame splits into cosines of its even part and sines of its odd part,
    each half as long: half the multiplications of the plain matrix product.
    """

    cosines: Tensor
    sines: Tensor
    bank: Tensor
    taper: Tensor

    def __init__(self) -> None:
        super().__init__()
        angles = self.angles()
        self.register_buffer("cosines", torch.cos(angles))
        self.register_buffer("sines", torch.sin(angles))
        self.register_buffer("bank", mel_bank())
        self.register_buffer("taper", torch.hann_window(FRAME, periodic=False))

    @staticmethod
    def angles() -> Tensor:
        """Phase of each bin at each of the frame's later samples, float32 [FRAME / 2, BINS]."""
        times, bins = MelPower.axes()
        return (times * bins).float()

    @staticmethod
    def axes() -> tuple[Tensor, Tensor]:
        """Phase a bin of each sample [FRAME / 2, 1] and numbers of the bins [1, BINS], float64."""
        times = (torch.arange(FRAME // 2, dtype=torch.float64) + 0.5) * (2 * math.pi / FRAME)
        return times[:, None], torch.arange(BINS, dtype=torch.float64)[None]

    def forward(self, waveform: Tensor) -> Tensor:
        """Float32 [batch, hops * HOP] to power, float32 [batch, hops, BANDS]."""
        margin = (FRAME - HOP) // 2
        padded = nn.functional.pad(waveform, (margin, margin))
        blocks = padded.reshape(padded.shape[0], -1, HOP)
        count = FRAME // HOP
        hops = blocks.shape[1] - count + 1
        frames = torch.cat([blocks[:, i : i + hops] for i in range(count)], dim=2) * self.taper
        late, early = frames[:, :, FRAME // 2 :], frames[:, :, : FRAME // 2].flip(2)
        real = (late + early) @ self.cosines
        imaginary = (late - early) @ self.sines
        power: Tensor = (real * real + imaginary * imaginary) @ self.bank
        return power / FRAME


def normalised(power: Tensor) -> Tensor:
    """Mel power [batch, frames, bands] to what the network sees: logarithms without the level."""
    level = power.mean(dim=(1, 2), keepdim=True) + SILENCE
    return (torch.log(power / level + FLOOR) + 4) / 3
