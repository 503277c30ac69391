"""What the role `voice` needs to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mmdesk.packs.fields import Fields

GRAPH = "voice"


@dataclass(frozen=True, slots=True)
class VoiceSpec:
    """Section `voice`; its graph is `voice`.

    The graph takes `waveform` float32 [batch, window] and gives `speech` [batch] (logit), `logits`
    [batch, labels], `valence` and `arousal` [batch] in [-1, 1].

    Attributes:
        sample_rate: Of the waveform, in Hz.
        window: Samples of one window.
        labels: Names of the emotions by language, in the order of the logits; English is there.
        temperature: The logits are divided by it before the softmax (Guo et al., 2017).
        speech_threshold: Probability of speech under which a window is not judged.
    """

    sample_rate: int
    window: int
    labels: Mapping[str, tuple[str, ...]]
    temperature: float
    speech_threshold: float


def read_voice(fields: Fields) -> VoiceSpec:
    """Reads section `voice`."""
    return VoiceSpec(
        sample_rate=fields.integer("sample_rate", 8000, 192_000),
        window=fields.integer("window", 1000, 10_000_000),
        labels=_labels(fields),
        temperature=fields.number("temperature", 0.01, 100.0),
        speech_threshold=fields.number("speech_threshold", 0.0, 1.0),
    )


def _labels(fields: Fields) -> dict[str, tuple[str, ...]]:
    with fields.child("labels") as inside:
        labels = {language: inside.texts(language, at_least=2) for language in inside.names()}
    if "en" not in labels or len({len(names) for names in labels.values()}) != 1:
        raise fields.out_of_bounds("labels", "en, as many in each language")
    if len(set(labels["en"])) != len(labels["en"]):
        raise fields.out_of_bounds("labels", "a name stands twice")
    return labels
