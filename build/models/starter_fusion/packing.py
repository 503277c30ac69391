"""Writes the pack folder: both heads, baselines, known answers, manifest and model card."""

import json
from collections.abc import Mapping
from pathlib import Path

from torch import nn

from kit.known_answers import know
from kit.pack_writer import describe_graph, write_manifest
from mmdesk.packs.fusion_spec import GRAPHS, FusionSpec
from starter_fusion.baselines import Mean
from starter_fusion.card import write_card
from starter_fusion.declared import FEATURES, section
from starter_fusion.evaluation import BASELINES
from starter_fusion.export import AXES, export
from starter_fusion.vocabulary import MODALITIES

VERSION = "1.0.0"
LIMITS = (
    "Learned from synthetic conversations: real faces, voices and sentences, but put together by chance.",
    "Knows the mistakes of the starter packs of face, voice and words; other packs make other mistakes.",
    "A contradiction says that modalities disagree, not that somebody lies.",
    "Not a measure of a person's state of mind.",
)
TRAINING_DATA = (
    "answers of starter-face about FER2013 validation faces (research use)",
    "answers of starter-voice's members about RAVDESS speakers they never heard (CC BY-NC-SA 4.0)",
    "answers of starter-sentiment-text about validation sentences of SST and MELD (research use)",
)
KNOWN_MOMENTS = 24


def write_pack(
    folder: Path,
    heads: Mapping[str, nn.Module],
    means: Mapping[str, Mean],
    spec: FusionSpec,
    data: Path,
    made: Mapping[str, float | str],
) -> Mapping[str, float]:
    """Writes the whole pack; returns the figures in its card.

    The card is measured on the pack itself, so the manifest is written twice: first for the
    program to accept the pack, then with the card's own hash.

    Args:
        folder: Of the pack; files of an earlier run are replaced.
        heads: Calibrated, by name.
        means: The fitted baselines, by name.
        spec: The section of the manifest.
        data: Folder of the sets.
        made: Figures of the training for the card.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, head in heads.items():
        export(head, folder / f"{name}.onnx")
    stored = {name: mean.as_object() for name, mean in means.items()}
    (folder / BASELINES).write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    manifest = _manifest(folder, spec)
    write_manifest(folder, manifest)
    figures = write_card(folder, data, made)
    write_manifest(folder, manifest)
    return figures


def _manifest(folder: Path, spec: FusionSpec) -> Mapping[str, object]:
    files = {name: folder / f"{name}.onnx" for name in GRAPHS}
    return {
        "name": "starter-fusion",
        "version": VERSION,
        "title": {"en": "Starter fusion", "zh": "入门多模态融合"},
        "roles": ["fusion"],
        "languages": [],
        "precision": "fp32",
        "stored": "fp16",
        "licence": {
            "weights": "research and non-commercial use",
            "research_only": True,
            "notice": "Learned from what packs said about data sets that are given for research.",
        },
        "training_data": list(TRAINING_DATA),
        "limits": list(LIMITS),
        "graphs": {name: describe_graph(file, AXES) for name, file in files.items()},
        "known_answers": [know(name, file, _known_inputs(), 0.001) for name, file in files.items()],
        "fusion": section(spec),
    }


def _known_inputs() -> Mapping[str, Mapping[str, object]]:
    shape = [1, KNOWN_MOMENTS]
    return {
        "features": {
            "pattern": "ramp",
            "shape": [*shape, len(MODALITIES), FEATURES],
            "low": 0.0,
            "high": 0.6,
        },
        "present": {"pattern": "ones", "dtype": "float32", "shape": [*shape, len(MODALITIES)]},
        "inside": {"pattern": "ones", "dtype": "float32", "shape": shape},
    }
