"""Torch weights to the two graphs of the pack."""

from pathlib import Path

import onnx
import torch
from torch import Tensor, nn

from kit.half import store_as_half
from starter_caption.model import GRID, CaptionModel
from starter_caption.pictures import SIDE
from starter_caption.search import NEVER

OPSET = 18
# Score of a token that the decoder must not write; fits into float16.
NEVER_SCORE = -10000.0

Dimensions = dict[str, list[str | int]]


class EncoderGraph(nn.Module):
    """Pixels to tokens and the cross-attention's keys and values, flat."""

    def __init__(self, model: CaptionModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, pixels: Tensor) -> tuple[Tensor, ...]:
        """Maps [B, 3, 224, 224] to tokens and key, value of each layer."""
        tokens, cross = self.model.see(pixels)
        return (tokens, *(tensor for pair in cross for tensor in pair))


class DecoderGraph(nn.Module):
    """One call of the decoder over any number of new tokens."""

    def __init__(self, model: CaptionModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, ids: Tensor, *cache: Tensor) -> tuple[Tensor, ...]:
        """Takes for each layer: decoder key, decoder value, encoder key, encoder value."""
        past = [(cache[i], cache[i + 1]) for i in range(0, len(cache), 4)]
        cross = [(cache[i + 2], cache[i + 3]) for i in range(0, len(cache), 4)]
        hidden, present = self.model.write(ids, cross, past)
        return (self.model.logits(hidden), *(tensor for pair in present for tensor in pair))


def encoder_dimensions(model: CaptionModel) -> Dimensions:
    """Shapes of the encoder graph's tensors."""
    sizes = model.sizes
    outputs: Dimensions = {"last_hidden_state": ["batch", GRID, sizes.width]}
    for layer in range(sizes.layers):
        for part in ("key", "value"):
            outputs[f"present.{layer}.encoder.{part}"] = _heads(model, GRID)
    return {"pixel_values": ["batch", 3, SIDE, SIDE], **outputs}


def decoder_dimensions(model: CaptionModel) -> Dimensions:
    """Shapes of the decoder graph's tensors."""
    inputs: Dimensions = {"input_ids": ["batch", "tokens"]}
    outputs: Dimensions = {"logits": ["batch", "tokens", model.sizes.vocabulary]}
    for layer in range(model.sizes.layers):
        for side, length in (("decoder", "past"), ("encoder", GRID)):
            for part in ("key", "value"):
                inputs[f"past_key_values.{layer}.{side}.{part}"] = _heads(model, length)
        for part in ("key", "value"):
            outputs[f"present.{layer}.decoder.{part}"] = _heads(model, "total")
    return {**inputs, **outputs}


def _heads(model: CaptionModel, length: str | int) -> list[str | int]:
    return ["batch", model.sizes.heads, length, model.sizes.width // model.sizes.heads]


def export(model: CaptionModel, folder: Path) -> None:
    """Writes ``encoder.onnx`` and ``decoder.onnx``; changes the model's bias (see `NEVER`)."""
    model.eval().float()
    with torch.no_grad():
        model.bias[NEVER] = NEVER_SCORE
    _write(EncoderGraph(model).eval(), folder / "encoder.onnx", encoder_dimensions(model), 1)
    inputs = 1 + 4 * model.sizes.layers
    _write(DecoderGraph(model).eval(), folder / "decoder.onnx", decoder_dimensions(model), inputs)


def _write(graph: nn.Module, file: Path, dimensions: Dimensions, inputs: int) -> None:
    names = list(dimensions)
    example = {"batch": 2, "tokens": 3, "past": 4}
    tensors = []
    for name in names[:inputs]:
        shape = [example.get(str(size), size) for size in dimensions[name]]
        kind = torch.int64 if name == "input_ids" else torch.float32
        tensors.append(torch.ones(*(int(size) for size in shape), dtype=kind))
    axes = {
        name: {axis: size for axis, size in enumerate(shape) if isinstance(size, str)}
        for name, shape in dimensions.items()
    }
    torch.onnx.export(
        graph,
        tuple(tensors),
        str(file),
        input_names=names[:inputs],
        output_names=names[inputs:],
        dynamic_axes=axes,
        opset_version=OPSET,
        do_constant_folding=False,  # would store the tied embedding twice
        dynamo=False,
    )
    onnx.save(store_as_half(onnx.load(file)), file)
