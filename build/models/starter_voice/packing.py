"""Writes the pack folder: graph, known answer, manifest and model card."""

from collections.abc import Mapping
from pathlib import Path

from kit.known_answers import know
from kit.pack_writer import describe_graph, write_manifest
from starter_voice.card import write_card
from starter_voice.export import export
from starter_voice.framing import SAMPLE_RATE, WINDOW
from starter_voice.model import Ensemble
from starter_voice.sources import EMOTIONS

VERSION = "1.0.0"
CHINESE = ("平静无感", "平和", "高兴", "悲伤", "愤怒", "恐惧", "厌恶", "惊讶")
LIMITS = (
    "Learned from 18 North American actors who say two English sentences; real feelings sound weaker.",
    "Valence and arousal were never rated by people; they follow the acted emotion.",
    "Somebody who is not an actor, a child, another language or singing may be judged wrongly.",
    "Not a measure of a person's state of mind.",
)
TRAINING_DATA = (
    "RAVDESS speech, actors 01-18 (CC BY-NC-SA 4.0)",
    "teacher of speech or no speech: Silero VAD (MIT)",
    "sounds without speech: made by the recipe",
)
AXES: dict[str, list[str | int]] = {
    "waveform": ["batch", WINDOW],
    "speech": ["batch"],
    "logits": ["batch", len(EMOTIONS)],
    "valence": ["batch"],
    "arousal": ["batch"],
}


def write_pack(
    folder: Path,
    ensemble: Ensemble,
    temperature: float,
    data: Path,
    made: Mapping[str, float | str],
    limit: int | None = None,
) -> Mapping[str, float]:
    """Writes the whole pack; returns the figures in its card.

    The card is measured on the pack itself, so the manifest is written twice: first for the
    program to accept the pack, then with the card's own hash.

    Args:
        folder: Of the pack; files of an earlier run are replaced.
        ensemble: Calibrated.
        temperature: Of its emotions.
        data: Folder of the sets.
        made: Figures of the training for the card.
        limit: Measure only the first so many test utterances.
    """
    folder.mkdir(parents=True, exist_ok=True)
    export(ensemble, folder / "voice.onnx")
    manifest = _manifest(folder, temperature)
    write_manifest(folder, manifest)
    figures = write_card(folder, data, {**made, "temperature": temperature}, limit)
    write_manifest(folder, manifest)
    return figures


def _manifest(folder: Path, temperature: float) -> Mapping[str, object]:
    graph = folder / "voice.onnx"
    ramp = {"pattern": "ramp", "shape": [1, WINDOW], "low": -0.5, "high": 0.5}
    return {
        "name": "starter-voice",
        "version": VERSION,
        "title": {"en": "Starter voice", "zh": "入门语音情感"},
        "roles": ["voice"],
        "languages": [],
        "precision": "fp32",
        "stored": "fp16",
        "licence": {
            "weights": "research and non-commercial use (CC BY-NC-SA 4.0)",
            "research_only": True,
            "notice": "Learned from RAVDESS (Livingstone and Russo, 2018), CC BY-NC-SA 4.0.",
        },
        "training_data": list(TRAINING_DATA),
        "limits": list(LIMITS),
        "graphs": {"voice": describe_graph(graph, AXES)},
        "known_answers": [know("voice", graph, {"waveform": ramp}, 0.01)],
        "voice": {
            "sample_rate": SAMPLE_RATE,
            "window": WINDOW,
            "labels": {"en": list(EMOTIONS), "zh": list(CHINESE)},
            "temperature": temperature,
            "speech_threshold": 0.5,
        },
    }
