"""A head as an ONNX graph of any number of windows and moments."""

from pathlib import Path

import onnx
import torch
from torch import nn

from kit.half import store_as_half
from starter_fusion.declared import FEATURES
from starter_fusion.vocabulary import CLASSES, MODALITIES

OPSET = 17
INPUTS = ("features", "present", "inside")
OUTPUTS = ("valence", "logits", "half_width", "contradiction")
_TIME = ("windows", "moments")
AXES: dict[str, list[str | int]] = {
    "features": [*_TIME, len(MODALITIES), FEATURES],
    "present": [*_TIME, len(MODALITIES)],
    "inside": [*_TIME],
    "valence": [*_TIME],
    "logits": [*_TIME, len(CLASSES)],
    "half_width": [*_TIME],
    "contradiction": [*_TIME],
}


def export(head: nn.Module, file: Path) -> None:
    """Writes a head; weights are stored as float16."""
    shape = (2, 150)
    inputs = (
        torch.rand(*shape, len(MODALITIES), FEATURES),
        torch.ones(*shape, len(MODALITIES)),
        torch.ones(*shape),
    )
    torch.onnx.export(
        head.eval(),
        inputs,
        str(file),
        input_names=list(INPUTS),
        output_names=list(OUTPUTS),
        dynamic_axes={name: dict(enumerate(_TIME)) for name in AXES},
        opset_version=OPSET,
        dynamo=False,
    )
    onnx.save(store_as_half(onnx.load(file)), file)
