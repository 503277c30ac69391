"""MobileNetV2 (Sandler et al., 2018) started from an 8-bit TensorFlow Lite file.

The file holds the ImageNet network with batch normalisation already folded into the
convolutions, so the module has none. Weights become float by ``(q - zero_point) * scale``.
Padding is TensorFlow's SAME: with stride 2 and an even size it pads right and bottom only.
"""

from pathlib import Path

import numpy as np
import tflite
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

# (expansion, channels, repeats, stride) of each stage, table 2 of the paper.
STAGES = (
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
)
OUTPUT_CHANNELS = 1280


class SameConv(nn.Module):
    """A convolution with a bias, TensorFlow's SAME padding and an optional ReLU6."""

    def __init__(self, cin: int, cout: int, kernel: int, stride: int, groups: int, relu: bool) -> None:
        super().__init__()
        symmetric = (kernel - 1) // 2 if stride == 1 else 0
        self.conv = nn.Conv2d(cin, cout, kernel, stride, symmetric, groups=groups, bias=True)
        self.pad = kernel > 1 and stride == 2
        self.relu = relu

    def forward(self, x: Tensor) -> Tensor:
        """Maps [B, cin, H, W] to [B, cout, H / stride, W / stride]; H and W are even."""
        if self.pad:
            x = F.pad(x, (0, 1, 0, 1))
        x = self.conv(x)
        return F.relu6(x) if self.relu else x


class InvertedResidual(nn.Module):
    """Expand, filter each channel by itself, project; with a skip where shapes agree."""

    def __init__(self, cin: int, cout: int, stride: int, expansion: int) -> None:
        super().__init__()
        hidden = cin * expansion
        expand = [SameConv(cin, hidden, 1, 1, 1, relu=True)] if expansion > 1 else []
        self.layers = nn.Sequential(
            *expand,
            SameConv(hidden, hidden, 3, stride, hidden, relu=True),
            SameConv(hidden, cout, 1, 1, 1, relu=False),
        )
        self.skip = stride == 1 and cin == cout

    def forward(self, x: Tensor) -> Tensor:
        """Maps [B, cin, H, W] to [B, cout, H / stride, W / stride]."""
        y: Tensor = self.layers(x)
        return x + y if self.skip else y


class MobileNetV2(nn.Module):
    """The convolutional part: [B, 3, 224, 224] in [-1, 1] to [B, 1280, 7, 7] features >= 0."""

    def __init__(self) -> None:
        super().__init__()
        blocks: list[nn.Module] = [SameConv(3, 32, 3, 2, 1, relu=True)]
        channels = 32
        for expansion, width, repeats, stride in STAGES:
            for index in range(repeats):
                first = stride if index == 0 else 1
                blocks.append(InvertedResidual(channels, width, first, expansion))
                channels = width
        blocks.append(SameConv(channels, OUTPUT_CHANNELS, 1, 1, 1, relu=True))
        self.blocks = nn.Sequential(*blocks)

    def forward(self, pixels: Tensor) -> Tensor:
        """Maps RGB pixels ``x / 127.5 - 1`` to the last feature map."""
        features: Tensor = self.blocks(pixels)
        return features

    def convolutions(self) -> list[nn.Conv2d]:
        """All convolutions in the order in which they run."""
        return [m for m in self.modules() if isinstance(m, nn.Conv2d)]


def load_imagenet(path: Path) -> MobileNetV2:
    """Builds the network with the weights of ``tf2_mobilenet_v2_1.0_224_ptq.tflite``.

    Raises:
        ValueError: The file's convolutions are not those of MobileNetV2 1.0.
    """
    network = MobileNetV2()
    stored = _read_convolutions(path)[:-1]  # the last one is the ImageNet classifier
    convolutions = network.convolutions()
    if len(stored) != len(convolutions):
        raise ValueError(f"{path}: {len(stored)} convolutions, expected {len(convolutions)}")
    with torch.no_grad():
        for conv, (weight, bias) in zip(convolutions, stored, strict=True):
            layout = (3, 0, 1, 2) if conv.groups > 1 else (0, 3, 1, 2)
            conv.weight.copy_(torch.from_numpy(weight).permute(layout))
            if conv.bias is None:
                raise ValueError(f"{path}: a convolution without a bias")
            conv.bias.copy_(torch.from_numpy(bias))
    return network


def load_classifier(path: Path) -> tuple[Tensor, Tensor]:
    """The ImageNet classifier of the same file: weight [1001, 1280] and bias [1001], 0 is background."""
    weight, bias = _read_convolutions(path)[-1]
    return torch.from_numpy(weight).flatten(1), torch.from_numpy(bias)


def _read_convolutions(path: Path) -> list[tuple[NDArray[np.float32], NDArray[np.float32]]]:
    model = tflite.Model.GetRootAsModel(path.read_bytes(), 0)
    graph = model.Subgraphs(0)
    found = []
    for index in range(graph.OperatorsLength()):
        operator = graph.Operators(index)
        code = model.OperatorCodes(operator.OpcodeIndex())
        if max(code.BuiltinCode(), code.DeprecatedBuiltinCode()) in (
            tflite.BuiltinOperator.CONV_2D,
            tflite.BuiltinOperator.DEPTHWISE_CONV_2D,
        ):
            weight = _dequantize(model, graph.Tensors(operator.Inputs(1)), np.int8)
            bias = _dequantize(model, graph.Tensors(operator.Inputs(2)), np.int32)
            found.append((weight, bias))
    return found


def _dequantize(model: tflite.Model, tensor: tflite.Tensor, stored: type) -> NDArray[np.float32]:
    raw = model.Buffers(tensor.Buffer()).DataAsNumpy().view(stored)
    values = raw.reshape(tensor.ShapeAsNumpy()).astype(np.float32)
    quantization = tensor.Quantization()
    scale = quantization.ScaleAsNumpy().astype(np.float32)
    shape = [1] * values.ndim
    shape[quantization.QuantizedDimension()] = -1
    zero = quantization.ZeroPointAsNumpy().astype(np.float32)
    weight: NDArray[np.float32] = (values - zero.reshape(shape)) * scale.reshape(shape)
    return weight
