"""Writes the pack folder: graph, manifest, model card."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch

from kit.grids import CELLS, vision_reference
from kit.int8_rows import store_in_int8_rows
from kit.known_answers import know
from kit.pack_writer import describe_graph, write_manifest
from kit.request import TrainRequest
from starter_tags.card import write_card
from starter_tags.head import CHANNELS, CLASSES, HeadPlan, TagHead
from starter_tags.names import read_labels

NAME = "starter-tags"
VERSION = "1.0.0"
OPSET = 18
MOST = 5
TOLERANCE = 0.01
# Largest difference of a logit between the stored graph and the network; 8-bit weights differ a little.
CLOSE = 0.5
LAW = (
    "Learned from Flickr8k, which was given out for non-commercial research and education, and from a part "
    "of ImageNet, whose terms are non-commercial research and education. Use these weights for research and "
    "non-commercial purposes only. The teacher, whose classifier the head started from, is published under "
    "the Apache License 2.0."
)
TRAINING_DATA = (
    "Flickr8k, 6,000 training photos (Hodosh, Young, Hockenmaier, JAIR 47, 2013), without their captions",
    "Tiny ImageNet, pictures of 64 pixels made larger (Deng et al., CVPR 2009; Le and Yang, 2015)",
    "teacher and start: MobileNetV2 1.0 224 with its ImageNet classifier (Apache-2.0)",
)
LIMITS = (
    "Knows the 1,000 classes of ImageNet and nothing else: many kinds of dogs, but no class for a person.",
    "Repeats its teacher, mistakes included, and says nothing where it is unsure.",
    "The picture is squashed to a square of 224 pixels: small and distant things are lost.",
)


@dataclass(frozen=True)
class Chosen:
    """What validation chose: the logits' temperature, and from which probability on a tag is shown."""

    temperature: float
    threshold: float


def finish(request: TrainRequest, head: TagHead, chosen: Chosen, learned: int, few: int | None) -> None:
    """Exports, measures and describes the pack.

    Args:
        request: Names pack, encoder and data.
        head: Trained.
        chosen: From validation.
        learned: Pictures that it learned from, views counted.
        few: Measure only so many pictures a split (the smoke run).
    """
    request.pack.mkdir(parents=True, exist_ok=True)
    export(head, request.pack / "tags.onnx")
    declare(request.pack, request.vision, chosen)
    facts = {
        "learned": f"{learned:,}",
        "temperature": chosen.temperature,
        "threshold": chosen.threshold,
        "epochs": HeadPlan().epochs,
    }
    write_card(request, facts, few)
    declare(request.pack, request.vision, chosen)


def export(head: TagHead, file: Path) -> None:
    """Writes the graph with its matrix in 8 bits.

    Raises:
        ValueError: The graph does not compute what the head computes.
    """
    grid = torch.linspace(0, 1, 2 * CELLS * CHANNELS).view(2, CELLS, CHANNELS)
    torch.onnx.export(
        head.eval(),
        (grid,),
        str(file),
        input_names=["grid"],
        output_names=["logits"],
        dynamic_axes={"grid": {0: "batch"}, "logits": {0: "batch"}},
        opset_version=OPSET,
        dynamo=False,
    )
    onnx.save(store_in_int8_rows(onnx.load(file)), file)
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    (found,) = session.run(["logits"], {"grid": grid.numpy()})
    with torch.no_grad():
        difference = float(np.abs(np.asarray(found) - head(grid).numpy()).max())
    if difference > CLOSE:
        raise ValueError(f"{file}: a logit differs by {difference}")


def declare(folder: Path, vision: Path, chosen: Chosen) -> None:
    """Writes the manifest of a folder whose other files are in place."""
    shapes: Mapping[str, list[str | int]] = {
        "grid": ["batch", CELLS, CHANNELS],
        "logits": ["batch", CLASSES],
    }
    grid = {"pattern": "ramp", "shape": [1, CELLS, CHANNELS], "low": 0.0, "high": 1.0}
    write_manifest(
        folder,
        {
            "name": NAME,
            "version": VERSION,
            "title": {"en": "Starter tags", "zh": "入门标签"},
            "roles": ["tags"],
            "languages": ["en", "zh"],
            "precision": "fp32",
            "stored": "int8",
            "licence": {
                "weights": "research and non-commercial use",
                "research_only": True,
                "notice": LAW,
            },
            "training_data": list(TRAINING_DATA),
            "limits": list(LIMITS),
            "graphs": {"tags": describe_graph(folder / "tags.onnx", shapes)},
            "known_answers": [know("tags", folder / "tags.onnx", {"grid": grid}, TOLERANCE)],
            "tags": {
                "vision": vision_reference(vision),
                "labels": read_labels(),
                "temperature": chosen.temperature,
                "threshold": chosen.threshold,
                "most": MOST,
            },
        },
    )
