"""Tiny real packs of voice and fusion, whose answers can be foretold.

- `tiny-voice` (windows of 1,600 samples): speech where the sound is louder than -40 dBFS; "happy" where
  its mean is above 0, "sad" where it is below; valence is ten times the mean.
- `tiny-fusion` (modalities face, voice, words): valence is the sum of the valences of what is
  present, in the moment (half of it) and its neighbours (a quarter each), so its reach is 1;
  modalities of opposite valence contradict each other; the band is 0.3 to either side. The head
  `lstm` says half as much.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx

from tests.graphs_for_tests import Tensor, model_of
from tests.packs_for_tests import known_answer, seal

WINDOW = 1600
EMOTIONS = ("sad", "happy", "neutral")
VOCABULARY = ("sad", "happy", "neutral", "negative", "positive")
FEATURES = len(VOCABULARY) + 4
MODALITIES = ("face", "voice", "words")


def write_voice_pack(folder: Path) -> Path:
    """Writes `tiny-voice` and returns the folder."""
    model = _voice()
    ramp = {"pattern": "ramp", "shape": [1, WINDOW], "low": -0.5, "high": 0.5}
    wave = np.linspace(-0.5, 0.5, WINDOW).astype(np.float32)[None]
    section = {
        "sample_rate": 16000,
        "window": WINDOW,
        "labels": {"en": list(EMOTIONS), "zh": ["悲伤", "高兴", "平静"]},
        "temperature": 1.0,
        "speech_threshold": 0.5,
    }
    answer = known_answer("voice", model, {"waveform": ramp}, {"waveform": wave})
    return _write(folder, "tiny-voice", "voice", {"voice": model}, [answer], section)


def write_fusion_pack(folder: Path) -> Path:
    """Writes `tiny-fusion` and returns the folder."""
    models = {"graph": _head(1.0), "lstm": _head(0.5)}
    shapes = {"features": [1, 4, 3, FEATURES], "present": [1, 4, 3], "inside": [1, 4]}
    patterns = {
        name: {"pattern": "ones", "dtype": "float32", "shape": shape} for name, shape in shapes.items()
    }
    feeds = {name: np.ones(shape, np.float32) for name, shape in shapes.items()}
    answers = [known_answer(name, model, patterns, feeds) for name, model in models.items()]
    section = {
        "modalities": list(MODALITIES),
        "emotions": list(VOCABULARY),
        "aliases": {"happiness": "happy"},
        "classes": ["negative", "neutral", "positive"],
        "rate": 5.0,
        "hold": 0.6,
        "reach": {"graph": 1, "lstm": 1},
        "disagreement": 0.5,
    }
    return _write(folder, "tiny-fusion", "fusion", models, answers, section)


def _voice() -> onnx.ModelProto:
    text = f"""
    voice (float[batch, {WINDOW}] waveform)
        => (float[batch] speech, float[batch, 3] logits, float[batch] valence, float[batch] arousal)
    {{
        power = ReduceSumSquare <axes = [1], keepdims = 0> (waveform)
        loud = Sub(power, quiet)
        speech = Mul(loud, hundred)
        mean = ReduceMean <axes = [1], keepdims = 1> (waveform)
        logits = MatMul(mean, directions)
        ten_times = Mul(mean, ten)
        clipped = Clip(ten_times, lowest, highest)
        valence = Squeeze(clipped, last)
        arousal = Mul(valence, nothing)
    }}
    """
    constants: dict[str, Tensor] = {
        "quiet": np.array(WINDOW * 1e-4, np.float32),
        "hundred": np.array(100, np.float32),
        "directions": np.array([[-100, 100, 0]], np.float32),
        "ten": np.array(10, np.float32),
        "lowest": np.array(-1, np.float32),
        "highest": np.array(1, np.float32),
        "last": np.array([1]),
        "nothing": np.array(0, np.float32),
    }
    return model_of(text, constants)


def _head(share: float) -> onnx.ModelProto:
    text = f"""
    head (float[windows, moments, 3, {FEATURES}] features, float[windows, moments, 3] present,
          float[windows, moments] inside)
        => (float[windows, moments] valence, float[windows, moments, 3] logits,
            float[windows, moments] half_width, float[windows, moments] contradiction)
    {{
        each = Gather <axis = 3> (features, valence_place)
        heard = Mul(each, present)
        sum = ReduceSum <keepdims = 0> (heard, over_modalities)
        row = Unsqueeze(sum, channel)
        spread = Conv <pads = [1, 1]> (row, kernel)
        flat = Squeeze(spread, channel)
        valence = Mul(flat, inside)
        negative = Neg(valence)
        none = Sub(valence, valence)
        negative_column = Unsqueeze(negative, last)
        none_column = Unsqueeze(none, last)
        positive_column = Unsqueeze(valence, last)
        logits = Concat <axis = 2> (negative_column, none_column, positive_column)
        half_width = Add(none, width)
        sizes = Abs(heard)
        size = ReduceSum <keepdims = 0> (sizes, over_modalities)
        together = Abs(sum)
        against = Sub(size, together)
        certain = Sub(against, doubt)
        contradiction = Mul(certain, hundred)
    }}
    """
    constants: dict[str, Tensor] = {
        "valence_place": np.array(len(VOCABULARY)),
        "over_modalities": np.array([2]),
        "channel": np.array([1]),
        "last": np.array([2]),
        "kernel": (share * np.array([[[0.25, 0.5, 0.25]]])).astype(np.float32),
        "width": np.array(0.3, np.float32),
        "doubt": np.array(0.5, np.float32),
        "hundred": np.array(100, np.float32),
    }
    return model_of(text, constants)


def _write(
    folder: Path,
    name: str,
    role: str,
    models: dict[str, onnx.ModelProto],
    answers: list[dict[str, Any]],
    section: dict[str, Any],
) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for graph, model in models.items():
        (folder / f"{graph}.onnx").write_bytes(model.SerializeToString())
    manifest = {
        "format": 1,
        "name": name,
        "version": "1.0.0",
        "title": {"en": name, "zh": name},
        "roles": [role],
        "languages": [],
        "precision": "fp32",
        "licence": {"weights": "free", "research_only": False, "notice": "For tests."},
        "training_data": ["none"],
        "limits": ["For tests only."],
        "files": [],
        "graphs": {graph: _declared(f"{graph}.onnx", model) for graph, model in models.items()},
        "known_answers": answers,
        role: section,
    }
    (folder / "pack.json").write_text(json.dumps(manifest), "utf-8")
    seal(folder)
    return folder


def _declared(file: str, model: onnx.ModelProto) -> dict[str, Any]:
    sides = {"inputs": model.graph.input, "outputs": model.graph.output}
    return {"file": file, **{side: [_tensor(info) for info in infos] for side, infos in sides.items()}}


def _tensor(info: onnx.ValueInfoProto) -> dict[str, Any]:
    shape = [dim.dim_param or dim.dim_value for dim in info.type.tensor_type.shape.dim]
    return {"name": info.name, "dtype": "float32", "shape": shape}
