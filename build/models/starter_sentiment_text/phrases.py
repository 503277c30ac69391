"""Everyday sentences of our own, put together from frames: plain statements and plain feelings.

No set at hand has neutral Chinese: its reviews are negative or positive. The frames of
``phrases.toml`` say what happens (neutral), or how somebody feels in so many words. They are few
and simple, so they count little; what they cannot teach is tone.
"""

import random
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from starter_sentiment_text.sources import LABELS, Sentence, Target

_TARGETS: tuple[Target, ...] = ((0.90, 0.08, 0.02), (0.04, 0.92, 0.04), (0.02, 0.08, 0.90))
_SHARES = (1, 2, 1)

Words = Mapping[str, Sequence[str]]


def phrases(language: str, count: int, seed: int) -> list[Sentence]:
    """At most ``count`` different sentences of a language, ``en`` or ``zh``."""
    spoken = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))[language]
    chance = random.Random(seed)
    made = {}
    for label in chance.choices(range(len(LABELS)), weights=_SHARES, k=count):
        text = _filled(chance.choice(spoken["frames"][LABELS[label]]), spoken["words"], chance)
        made[text] = Sentence(text, _TARGETS[label], label, "phrase")
    return list(made.values())


def _filled(frame: str, words: Words, chance: random.Random) -> str:
    """The frame with each gap filled by a word of its own choice."""
    filled, *parts = frame.split("{")
    for part in parts:
        gap, rest = part.split("}")
        filled += chance.choice(words[gap]) + rest
    return filled
