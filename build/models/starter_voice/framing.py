"""Sizes of windows and of spectrogram frames, in samples at 16 kHz."""

SAMPLE_RATE = 16_000
WINDOW = 48_000
# Frames of 50 ms every 12.5 ms: long enough to see the harmonics of a low voice.
FRAME = 800
HOP = 200
FRAMES = WINDOW // HOP
