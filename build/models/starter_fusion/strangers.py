"""Voices as members of the voice ensemble hear them that never learned from their speakers."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from mmdesk.sentences import sentence
from mmdesk.tasks.voice import VoiceAffect, VoiceGap
from starter_voice.calibration import fit_temperature
from starter_voice.model import Ensemble, Member
from starter_voice.sources import EMOTIONS, Clip
from starter_voice.validation import answers
from starter_voice.windows import windows_of

HOP = 0.5
UNHEARD = 0.5
# Slope and offset of the speech probability, about as the pack has them.
SPEECH = (2.3, 4.8)
SILENT = sentence("Nobody speaks here.")


class StrangerReader:
    """Reads windows as `mmdesk.tasks.voice.VoiceReader` does, with one member.

    Args:
        member: Of the ensemble.
        clips: Utterances of speakers that the member never heard, to fit its temperature on.
    """

    def __init__(self, member: Member, clips: Sequence[Clip]) -> None:
        self._ensemble = Ensemble([member], *SPEECH).eval()
        said = [answers(self._ensemble, windows_of(clip.wave, HOP)[1])[1] for clip in clips]
        labels = [clip.emotion for clip, logits in zip(clips, said, strict=True) for _ in logits]
        self._temperature = fit_temperature(torch.cat(said), torch.tensor(labels))

    def read(self, windows: NDArray[np.float32]) -> list[VoiceAffect | VoiceGap]:
        """Judges windows, float32 [n, 48000]."""
        speech, logits, valence, arousal = answers(self._ensemble, windows)
        chances = torch.softmax(logits / self._temperature, 1)
        columns = (torch.sigmoid(speech), chances, valence, arousal)
        return [self._judged(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]

    def _judged(
        self, speech: float, chances: list[float], valence: float, arousal: float
    ) -> VoiceAffect | VoiceGap:
        if speech < UNHEARD:
            return VoiceGap(speech, SILENT)
        return VoiceAffect(speech, tuple(zip(EMOTIONS, chances, strict=True)), valence, arousal, max(chances))
