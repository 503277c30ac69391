"""Measures the pack through the program's own runtime; no torch."""

import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kit.measured import Measured
from metrics.classes import class_figures
from mmdesk.packs.pack import open_pack
from mmdesk.runtime.device import Device, choose
from mmdesk.tasks.voice import VoiceAffect, VoiceReader
from starter_voice.distort import amplified, telephone, with_noise
from starter_voice.framing import WINDOW
from starter_voice.listening import find_teacher, listened, read_recordings, with_pauses
from starter_voice.places import PLACES
from starter_voice.sources import EMOTIONS, Clip, Wave, read_clips, read_rows, voice_folder
from starter_voice.teacher import SpeechTeacher
from starter_voice.windows import windows_of

HOP = 0.5
SEED = 7
Distort = Callable[[Wave, np.random.Generator], Wave]

DISTORTIONS: Mapping[str, Distort] = {
    "telephone": lambda wave, rng: telephone(wave),
    "noise_10db": lambda wave, rng: with_noise(wave, rng.standard_normal(len(wave)).astype(np.float32), 10),
    "gain_plus_20db": lambda wave, rng: amplified(wave, 20),
    "gain_minus_20db": lambda wave, rng: amplified(wave, -20),
}


def measure_voice(pack: Path, data: Path, split: str, language: str, limit: int | None) -> Measured:
    """Judges the utterances of one split of ``labels.csv``.

    Args:
        pack: Folder of the pack.
        data: Folder of the utterances, or the folder that holds it as ``ravdess_speech``. Where
            ``pretrained_small`` (the teacher of speech) and ``sample_media`` lie beside it, speech is
            measured too.
        split: As in the table.
        language: Plays no part.
        limit: Only the first so many utterances.

    Returns:
        In percent: ``accuracy``, ``macro_f1``, ``weighted_f1`` and ``ece`` of whole utterances (the
        mean of their windows' probabilities), ``accuracy_<distortion>``, ``window_accuracy``,
        ``speech_f1`` (against the teacher, utterances between pauses), ``speech_f1_recordings``; and
        ``valence_mae``, ``arousal_mae`` against the places of the acted emotions.

    Raises:
        FileNotFoundError: The set is not there.
        ValueError: The split is empty.
    """
    folder = voice_folder(data)
    reader = VoiceReader(open_pack(pack), choose(Device.CPU))
    with tempfile.TemporaryDirectory() as unpacked:
        clips = read_clips(folder, read_rows(folder, split)[:limit], Path(unpacked))
    try:
        metrics = emotion_figures(reader, clips) | speech_figures(reader, clips, folder)
    finally:
        reader.close()
    return Measured("voice", pack.name, split, len(clips), metrics)


def emotion_figures(reader: VoiceReader, clips: Sequence[Clip]) -> dict[str, float]:
    """Accuracy, F1, calibration, errors of place, and accuracy under each distortion."""
    labels = np.array([clip.emotion for clip in clips])
    judged = [judge(reader, clip.wave) for clip in clips]
    chances = np.stack([mean_chances(windows) for windows in judged])
    figures = class_figures(chances, labels) | _window_accuracy(judged, labels) | _place_errors(judged, clips)
    for name, distort in DISTORTIONS.items():
        rng = np.random.default_rng(SEED)
        heard = [mean_chances(judge(reader, distort(clip.wave, rng))).argmax() for clip in clips]
        figures[f"accuracy_{name}"] = 100 * float((np.array(heard) == labels).mean())
    return figures


def speech_figures(reader: VoiceReader, clips: Sequence[Clip], folder: Path) -> dict[str, float]:
    """F1 of speech against the teacher; nothing where the teacher is not there."""
    file = find_teacher(folder)
    if file is None:
        return {}
    teacher, rng = SpeechTeacher(file), np.random.default_rng(SEED)
    figures = {"speech_f1": _speech_f1(reader, [with_pauses(clip.wave, rng) for clip in clips], teacher)}
    if waves := read_recordings(folder):
        figures["speech_f1_recordings"] = _speech_f1(reader, waves, teacher)
    return figures


def judge(reader: VoiceReader, wave: Wave) -> list[VoiceAffect]:
    """What the program says of the windows of an utterance, without its gaps."""
    return [one for one in reader.read(windows_of(wave, HOP)[1]) if isinstance(one, VoiceAffect)]


def mean_chances(windows: Sequence[VoiceAffect]) -> NDArray[np.float64]:
    """Mean probabilities of the emotions; equal ones where nothing was judged."""
    if not windows:
        return np.full(len(EMOTIONS), 1 / len(EMOTIONS))
    mean: NDArray[np.float64] = np.mean([[p for _, p in one.distribution] for one in windows], axis=0)
    return mean


def milliseconds(reader: VoiceReader, runs: int = 31) -> float:
    """Median time of one window, warm."""
    window = np.random.default_rng(SEED).standard_normal((1, WINDOW)).astype(np.float32) * 0.1
    seconds = []
    for _ in range(runs):
        began = time.perf_counter()
        reader.read(window)
        seconds.append(time.perf_counter() - began)
    return 1000 * float(np.median(seconds))


def _window_accuracy(judged: Sequence[Sequence[VoiceAffect]], labels: NDArray[np.int64]) -> dict[str, float]:
    """Nothing where no window was judged at all."""
    right = [
        int(np.argmax([p for _, p in one.distribution])) == label
        for windows, label in zip(judged, labels.tolist(), strict=True)
        for one in windows
    ]
    return {"window_accuracy": 100 * float(np.mean(right))} if right else {}


def _place_errors(judged: Sequence[Sequence[VoiceAffect]], clips: Sequence[Clip]) -> dict[str, float]:
    errors = []
    for windows, clip in zip(judged, clips, strict=True):
        if windows:
            truth = np.array(PLACES[clip.emotion]) * (1.0 if clip.strong else 0.75)
            said = np.mean([(one.valence, one.arousal) for one in windows], axis=0)
            errors.append(np.abs(said - truth))
    if not errors:
        return {}
    valence, arousal = np.mean(errors, axis=0).tolist()
    return {"valence_mae": valence, "arousal_mae": arousal}


def _speech_f1(reader: VoiceReader, waves: Sequence[Wave], teacher: SpeechTeacher) -> float:
    both = said = true = 0
    for windows, speech in listened(waves, teacher):
        heard = np.array([isinstance(one, VoiceAffect) for one in reader.read(windows)])
        both += int((heard & speech).sum())
        said, true = said + int(heard.sum()), true + int(speech.sum())
    return 100 * 2 * both / max(1, said + true)
