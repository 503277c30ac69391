"""Voices: whether somebody speaks in a piece of sound, and how it sounds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmdesk.control import Control
from mmdesk.errors import PackNotFound
from mmdesk.events import Source
from mmdesk.packs.pack import Pack
from mmdesk.packs.roles import Role
from mmdesk.packs.voice_spec import GRAPH, VoiceSpec
from mmdesk.runtime.device import Choice
from mmdesk.sentences import Sentence, sentence
from mmdesk.tasks.loading import close, load_graphs, source

# Windows of one run: more do not go faster, and a run should be over soon after it is cancelled.
BATCH = 8
# Root mean square of silence: under the rounding noise of a 16-bit recording (-90 dBFS).
SILENCE = 3e-5

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class VoiceAffect:
    """How a voice sounds.

    Attributes:
        speech: Probability that the window holds speech, in [0, 1].
        distribution: Probabilities by emotion, in the pack's order; they add up to 1.
        valence: In [-1, 1].
        arousal: In [-1, 1].
        confidence: Probability of the most probable emotion.
    """

    speech: float
    distribution: tuple[tuple[str, float], ...]
    valence: float
    arousal: float
    confidence: float


@dataclass(frozen=True, slots=True)
class VoiceGap:
    """A window without a voice that could be judged.

    Attributes:
        speech: Probability that the window holds speech, in [0, 1].
        reason: Why there is nothing to judge.
    """

    speech: float
    reason: Sentence


class VoiceReader:
    """Judges windows of sound with one pack. One thread at a time.

    Args:
        pack: A pack with the role `voice`.
        choice: The device, from `runtime.device.choose`.
        threads: Threads inside one run; by default the cores that this process may use.

    Raises:
        PackNotFound: The pack has another role.
        PackDamaged: A file changed since the pack was opened.
        DeviceUnavailable: The chosen device did not take the graph.
        ModelFailed: The graph cannot be loaded, or gives a wrong known answer.
    """

    def __init__(self, pack: Pack, choice: Choice, threads: int | None = None) -> None:
        self._spec = _spec(pack)
        self._sessions = load_graphs(pack, {GRAPH: threads}, choice)
        self.window = self._spec.window
        self.sample_rate = self._spec.sample_rate
        self.labels = self._spec.labels
        self.source: Source = source(pack, self._sessions.values())

    def read(self, windows: Floats, control: Control | None = None) -> list[VoiceAffect | VoiceGap]:
        """Judges windows; the level of the sound plays no part.

        Args:
            windows: Float32 [n, `window`], mono at `sample_rate`, full scale is [-1, 1]; what stands
                beside a window does not change what is said of it.
            control: Stops within a batch.

        Returns:
            For each window how it sounds, in order, or why it cannot be judged.

        Raises:
            ValueError: The windows have another shape, or hold numbers that are not finite.
            Cancelled: The person stopped the work.
            ModelFailed: The graph could not be run.
        """
        if windows.ndim != 2 or windows.shape[1] != self.window or not np.isfinite(windows).all():
            raise ValueError(f"windows must be finite and [n, {self.window}], not {list(windows.shape)}")
        read: list[VoiceAffect | VoiceGap] = []
        for start in range(0, len(windows), BATCH):
            read += self._batch(windows[start : start + BATCH].astype(np.float32, copy=False), control)
        return read

    def close(self) -> None:
        """Gives the memory of the graph back."""
        close(self._sessions)

    def _batch(self, windows: Floats, control: Control | None) -> list[VoiceAffect | VoiceGap]:
        outputs = self._sessions[GRAPH].run({"waveform": windows}, control)
        speech = 1 / (1 + np.exp(-outputs["speech"].astype(np.float64)))
        logits = outputs["logits"].astype(np.float64) / self._spec.temperature
        chances = np.exp(logits - logits.max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
        swing = windows - windows.mean(axis=1, keepdims=True)
        loud = np.sqrt((swing * swing).mean(axis=1)) >= SILENCE
        return [
            self._judged(*row)
            for row in zip(
                loud.tolist(),
                speech.tolist(),
                chances.tolist(),
                outputs["valence"].tolist(),
                outputs["arousal"].tolist(),
                strict=True,
            )
        ]

    def _judged(
        self, loud: bool, speech: float, chances: list[float], valence: float, arousal: float
    ) -> VoiceAffect | VoiceGap:
        if not loud:
            return VoiceGap(0.0, sentence("There is silence here."))
        if speech < self._spec.speech_threshold:
            return VoiceGap(speech, sentence("Nobody speaks here."))
        named = tuple(zip(self._spec.labels["en"], chances, strict=True))
        return VoiceAffect(speech, named, valence, arousal, max(chances))


def _spec(pack: Pack) -> VoiceSpec:
    if pack.manifest.voice is None:
        raise PackNotFound(
            str(Role.VOICE),
            sentence("The model pack {pack} does not judge voices.", pack=pack.manifest.name),
            sentence("Choose a pack with the role {role}.", role=str(Role.VOICE)),
        )
    return pack.manifest.voice
