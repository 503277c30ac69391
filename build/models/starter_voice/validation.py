"""What an ensemble says about utterances, in torch: for calibration and the ablations."""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import Tensor

from starter_voice.calibration import fit_speech, fit_temperature
from starter_voice.evaluation import DISTORTIONS, HOP, SEED
from starter_voice.framing import WINDOW
from starter_voice.listening import listened, with_pauses
from starter_voice.model import Ensemble, Member
from starter_voice.noises import make_noise
from starter_voice.sources import Clip, Wave
from starter_voice.teacher import SpeechTeacher
from starter_voice.windows import windows_of

NOISES = 60


@torch.no_grad()
def answers(ensemble: Ensemble, windows: Wave) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """The ensemble's outputs for windows [n, WINDOW]."""
    parts = [ensemble(torch.from_numpy(windows[at : at + 16])) for at in range(0, len(windows), 16)]
    speech, emotion, valence, arousal = (torch.cat(column) for column in zip(*parts, strict=True))
    return speech, emotion, valence, arousal


def accuracies(members: Sequence[Member], clips: Sequence[Clip], distorted: bool = True) -> dict[str, float]:
    """Accuracy in percent on utterances as they are and under each distortion, by name."""
    ensemble = Ensemble(members).eval()
    found = {"accuracy": _accuracy(ensemble, clips, [clip.wave for clip in clips])}
    for name, distort in DISTORTIONS.items() if distorted else ():
        rng = np.random.default_rng(SEED)
        found[f"accuracy_{name}"] = _accuracy(ensemble, clips, [distort(clip.wave, rng) for clip in clips])
    return found


def calibrated(
    members: Sequence[Member], clips: Sequence[Clip], teacher: SpeechTeacher
) -> tuple[Ensemble, float]:
    """The ensemble with calibrated speech, and the temperature of its emotions."""
    raw = Ensemble(members).eval()
    logits, labels = [], []
    for clip in clips:
        said = answers(raw, windows_of(clip.wave, HOP)[1])[1]
        logits.append(said)
        labels += [clip.emotion] * len(said)
    temperature = fit_temperature(torch.cat(logits), torch.tensor(labels))
    slope, offset = fit_speech(*_speech(raw, clips, teacher))
    return Ensemble(members, slope, offset).eval(), temperature


def _speech(ensemble: Ensemble, clips: Sequence[Clip], teacher: SpeechTeacher) -> tuple[Tensor, Tensor]:
    """Logits and truth of speech in utterances between pauses, and in noise."""
    rng = np.random.default_rng(SEED)
    waves = [with_pauses(clip.wave, rng) for clip in clips]
    waves += [0.1 * make_noise(rng, WINDOW) for _ in range(NOISES)]
    pairs = [(answers(ensemble, windows)[0], speech) for windows, speech in listened(waves, teacher)]
    truth = torch.from_numpy(np.concatenate([speech for _, speech in pairs])).float()
    return torch.cat([logits for logits, _ in pairs]), truth


def _accuracy(ensemble: Ensemble, clips: Sequence[Clip], waves: Sequence[Wave]) -> float:
    right = 0
    for clip, wave in zip(clips, waves, strict=True):
        chances = torch.softmax(answers(ensemble, windows_of(wave, HOP)[1])[1], 1).mean(0)
        right += int(chances.argmax()) == clip.emotion
    return 100 * right / len(clips)


def rows(
    found: Mapping[str, float], question: str, variant: str, n: int, note: str = ""
) -> list[dict[str, object]]:
    """Rows of the table of ablations."""
    return [
        {
            "question": question,
            "variant": variant,
            "metric": metric,
            "split": "val",
            "value": round(value, 2),
            "n": n,
            "note": note,
        }
        for metric, value in found.items()
    ]
