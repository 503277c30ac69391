"""The two graphs of the pack, with everything inside them that could go wrong outside."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from kit.half import store_as_half
from starter_face.detector_net import DetectorNet, decoded
from starter_face.expression_net import ExpressionNet, resampling, standardized
from starter_face.fer_sheets import LABELS, SIDE
from starter_face.yunet import STRIDES

OPSET = 18
DETECT, EXPRESSION = "detect.onnx", "expression.onnx"
DETECT_SHAPES: Mapping[str, list[str | int]] = {
    "pixels": ["batch", "height", "width", 3],
    "scores": ["batch", "cells"],
    "boxes": ["batch", "cells", 4],
    "points": ["batch", "cells", 5, 2],
}
EXPRESSION_SHAPES: Mapping[str, list[str | int]] = {
    "crops": ["batch", 1, SIDE, SIDE],
    "logits": ["batch", len(LABELS)],
}
# Largest difference between graph and model, of a score or logit and of a coordinate in pixels: what comes
# of storing the weights, with batch normalisation folded into them, as float16.
CLOSE, CLOSE_PIXELS = 0.02, 0.25


class ExpressionGraph(nn.Module):
    """Grey levels to logits: shrunk to ``side``; where ``mirrored``, averaged with the mirror image's."""

    def __init__(self, net: ExpressionNet, side: int, mirrored: bool) -> None:
        super().__init__()
        self.net, self.mirrored = net, mirrored
        self.matrix: Tensor
        self.register_buffer("matrix", resampling(SIDE, side))

    def forward(self, crops: Tensor) -> Tensor:
        """Maps float32 [B, 1, 48, 48], 0..255, to [B, 7]."""
        x = standardized(self.matrix @ crops @ self.matrix.T)
        if not self.mirrored:
            return _logits(self.net, x)
        return (_logits(self.net, x) + _logits(self.net, x.flip(3))) / 2


class DetectGraph(nn.Module):
    """8-bit pixels to scores, boxes and points in pixels."""

    def __init__(self, net: DetectorNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Maps uint8 [B, H, W, 3] to [B, cells], [B, cells, 4] and [B, cells, 5, 2]."""
        said = self.net(pixels.permute(0, 3, 1, 2).float())
        places, strides = [], []
        for stride in STRIDES:
            rows = torch.arange(pixels.shape[1] // stride, dtype=torch.float32) + 0.5
            columns = torch.arange(pixels.shape[2] // stride, dtype=torch.float32) + 0.5
            down, across = torch.meshgrid(rows * stride, columns * stride, indexing="ij")
            places.append(torch.stack([across, down], -1).reshape(-1, 2))
            strides.append(torch.full_like(across, float(stride)).reshape(-1))
        boxes, points = decoded(said, torch.cat(places), torch.cat(strides))
        return said[..., 0].sigmoid(), boxes, points


def _logits(net: ExpressionNet, x: Tensor) -> Tensor:
    logits: Tensor = net(x)
    return logits


def export_expression(net: ExpressionNet, folder: Path, side: int, mirrored: bool) -> None:
    """Writes ``expression.onnx`` with weights as float16.

    Raises:
        ValueError: The graph does not compute what the net computes.
    """
    graph = ExpressionGraph(net, side, mirrored).eval()
    axes = {"crops": {0: "batch"}, "logits": {0: "batch"}}
    sample = torch.linspace(0, 255, 2 * SIDE * SIDE).view(2, 1, SIDE, SIDE)
    _write(graph, folder / EXPRESSION, sample, EXPRESSION_SHAPES, axes)
    with torch.no_grad():
        wanted = graph(sample.flip(0)).numpy()
    _compare(folder / EXPRESSION, {"crops": sample.flip(0).numpy()}, {"logits": wanted}, CLOSE)


def export_detector(net: DetectorNet, folder: Path) -> None:
    """Writes ``detect.onnx`` with weights as float16.

    Raises:
        ValueError: The graph does not compute what the net computes, also at another size.
    """
    graph = DetectGraph(net).eval()
    axes = {"pixels": {0: "batch", 1: "height", 2: "width"}}
    axes |= {name: {0: "batch", 1: "cells"} for name in ("scores", "boxes", "points")}
    _write(graph, folder / DETECT, _picture(1, 64, 64), DETECT_SHAPES, axes)
    other = _picture(2, 96, 160)
    with torch.no_grad():
        scores, boxes, points = (value.numpy() for value in graph(other))
    feeds = {"pixels": other.numpy()}
    _compare(folder / DETECT, feeds, {"scores": scores}, CLOSE)
    _compare(folder / DETECT, feeds, {"boxes": boxes, "points": points}, CLOSE_PIXELS)


def _picture(count: int, high: int, wide: int) -> Tensor:
    size = count * high * wide * 3
    return (torch.arange(size) % 251).to(torch.uint8).view(count, high, wide, 3)


def _write(
    graph: nn.Module,
    file: Path,
    sample: Tensor,
    shapes: Mapping[str, list[str | int]],
    axes: Mapping[str, Mapping[int, str]],
) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    first, *outputs = shapes
    torch.onnx.export(
        graph,
        (sample,),
        str(file),
        input_names=[first],
        output_names=outputs,
        dynamic_axes=dict(axes),
        opset_version=OPSET,
        dynamo=False,
    )
    onnx.save(store_as_half(onnx.load(file)), file)


def _compare(
    file: Path,
    feeds: Mapping[str, NDArray[np.generic]],
    wanted: Mapping[str, NDArray[np.generic]],
    close: float,
) -> None:
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    found = session.run(list(wanted), dict(feeds))
    for (name, expected), value in zip(wanted.items(), found, strict=True):
        difference = float(np.abs(np.asarray(value) - expected).max())
        if difference > close:
            raise ValueError(f"{file}: {name} differs by {difference}")
