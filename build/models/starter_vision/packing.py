"""Writes the pack ``starter-vision``: one graph from pixels to a grid, and its manifest."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from torch import Tensor, nn

from kit.grids import CELLS, CHANNELS
from kit.half import store_as_half
from kit.known_answers import know
from kit.pack_writer import describe_graph, write_manifest
from kit.pictures import SIDE
from starter_vision.mobilenet import MobileNetV2

NAME = "starter-vision"
VERSION = "1.0.0"
FILE = "vision.onnx"
OPSET = 18
TOLERANCE = 0.01
# Biases, depthwise filters and the first layers are a twentieth of the weights and nearly all of what
# float16 would change: the features' mean error is 2.7 % with them in float16 and 0.3 % without.
SMALLEST_HALF = 10_000
# Largest difference of a cell's feature between graph and model; both compute in float32.
CLOSE = 0.005
LAW = (
    "Trained on Flickr8k, which was given out for non-commercial research and education and "
    "whose photographers keep their copyright, from a network trained on ImageNet, whose "
    "terms are non-commercial research and education. Use these weights for research and "
    "non-commercial purposes only. The MobileNetV2 weights that training started from are "
    "published under the Apache License 2.0."
)
TRAINING_DATA = (
    (
        "Flickr8k, 6,000 training photos with 5 English captions each "
        "(Hodosh, Young, Hockenmaier, JAIR 47, 2013)"
    ),
    "Flickr8k-CN, human-written Chinese captions of the same photos (Li, Lan, Dong, Liu, ICMR 2016)",
    ("ImageNet (Deng et al., CVPR 2009), through the MobileNetV2 1.0 224 weights that training started from"),
)
LIMITS = (
    "Says nothing by itself: other packs rest on what it sees.",
    "Trained on photos of everyday life; not for medical pictures or documents.",
    "The picture is squashed to a square of 224 pixels: small and distant things are lost.",
)
PICTURE = {
    "width": SIDE,
    "height": SIDE,
    "fit": "squash",
    "resample": "bicubic",
    "scale": 1 / 255,
    "mean": [0.5, 0.5, 0.5],
    "std": [0.5, 0.5, 0.5],
}


class VisionGraph(nn.Module):
    """Pixels to the cells of MobileNetV2's last feature map."""

    def __init__(self, backbone: MobileNetV2) -> None:
        super().__init__()
        self.backbone = backbone

    def forward(self, pixels: Tensor) -> Tensor:
        """Maps [B, 3, 224, 224] to [B, 49, 1280]."""
        return cells(self.backbone(pixels))


def cells(features: Tensor) -> Tensor:
    """A feature map [B, C, 7, 7] as [B, 49, C], rows of the picture one after the other."""
    return features.flatten(2).transpose(1, 2)


def write_graph(backbone: MobileNetV2, folder: Path) -> None:
    """Writes the graph with large weights as float16; the model's are rounded to them.

    Raises:
        ValueError: The graph does not compute what the model computes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with torch.no_grad():
        for weight in backbone.parameters():
            if weight.numel() >= SMALLEST_HALF:
                weight.copy_(weight.half().float())
    graph = VisionGraph(backbone).eval()
    file = folder / FILE
    torch.onnx.export(
        graph,
        (torch.zeros(2, 3, SIDE, SIDE),),
        str(file),
        input_names=["pixel_values"],
        output_names=["grid"],
        dynamic_axes={"pixel_values": {0: "batch"}, "grid": {0: "batch"}},
        opset_version=OPSET,
        dynamo=False,
    )
    onnx.save(store_as_half(onnx.load(file), SMALLEST_HALF), file)
    _verify(graph, file)


@torch.no_grad()
def _verify(graph: VisionGraph, file: Path) -> None:
    pixels = torch.linspace(-1, 1, 3 * SIDE * SIDE).view(1, 3, SIDE, SIDE)
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    (found,) = session.run(["grid"], {"pixel_values": pixels.numpy()})
    difference = float(np.abs(np.asarray(found) - graph(pixels).numpy()).max())
    if difference > CLOSE:
        raise ValueError(f"{file}: a feature differs by {difference}")


def declare(folder: Path) -> None:
    """Writes the manifest of a folder whose other files are in place."""
    ramp = {"pattern": "ramp", "shape": [1, 3, SIDE, SIDE], "low": -1.0, "high": 1.0}
    shapes: dict[str, list[str | int]] = {
        "pixel_values": ["batch", 3, SIDE, SIDE],
        "grid": ["batch", CELLS, CHANNELS],
    }
    write_manifest(
        folder,
        {
            "name": NAME,
            "version": VERSION,
            "title": {"en": "Starter picture encoder", "zh": "入门图片编码器"},
            "roles": ["vision"],
            "languages": [],
            "precision": "fp32",
            "stored": "fp16",
            "licence": {
                "weights": "research and non-commercial use",
                "research_only": True,
                "notice": LAW,
            },
            "training_data": list(TRAINING_DATA),
            "limits": list(LIMITS),
            "graphs": {"vision": describe_graph(folder / FILE, shapes)},
            "known_answers": [know("vision", folder / FILE, {"pixel_values": ramp}, TOLERANCE)],
            "vision": {"picture": PICTURE},
        },
    )
