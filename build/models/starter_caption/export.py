"""Torch weights to the two graphs of the pack."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from kit.eight_bit import store_in_eight_bits
from kit.grids import CELLS, CHANNELS
from kit.half import store_as_half
from starter_caption.model import CaptionModel
from starter_caption.search import NEVER

OPSET = 18
# Score of a token that the decoder must not write; fits into float16.
NEVER_SCORE = -10000.0
# Largest difference of a logit between graph and model; both compute in float32.
CLOSE = 0.005
# The same once the decoder's matrices have 8 bits.
CLOSE_IN_EIGHT_BITS = 0.25

Dimensions = dict[str, list[str | int]]


class EncoderGraph(nn.Module):
    """Grid to tokens and the cross-attention's keys and values, flat."""

    def __init__(self, model: CaptionModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, grid: Tensor) -> tuple[Tensor, ...]:
        """Maps [B, 49, 1280] to tokens and key, value of each layer."""
        tokens, cross = self.model.see(grid)
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
    outputs: Dimensions = {"last_hidden_state": ["batch", CELLS, sizes.width]}
    for layer in range(sizes.layers):
        for part in ("key", "value"):
            outputs[f"present.{layer}.encoder.{part}"] = _heads(model, CELLS)
    return {"grid": ["batch", CELLS, CHANNELS], **outputs}


def decoder_dimensions(model: CaptionModel) -> Dimensions:
    """Shapes of the decoder graph's tensors."""
    inputs: Dimensions = {"input_ids": ["batch", "tokens"]}
    outputs: Dimensions = {"logits": ["batch", "tokens", model.sizes.vocabulary]}
    for layer in range(model.sizes.layers):
        for side, length in (("decoder", "past"), ("encoder", CELLS)):
            for part in ("key", "value"):
                inputs[f"past_key_values.{layer}.{side}.{part}"] = _heads(model, length)
        for part in ("key", "value"):
            outputs[f"present.{layer}.decoder.{part}"] = _heads(model, "total")
    return {**inputs, **outputs}


def _heads(model: CaptionModel, length: str | int) -> list[str | int]:
    return ["batch", model.sizes.heads, length, model.sizes.width // model.sizes.heads]


def export(model: CaptionModel, folder: Path) -> None:
    """Writes ``encoder.onnx`` and ``decoder.onnx`` and compares them with the model.

    Changes the model: weights are rounded to float16, the bias of forbidden tokens is set.

    Raises:
        ValueError: The graphs do not compute what the model computes.
    """
    model.eval()
    with torch.no_grad():
        model.bias[NEVER] = NEVER_SCORE
        for weight in model.parameters():
            weight.copy_(weight.half().float())
    _write(EncoderGraph(model).eval(), folder / "encoder.onnx", encoder_dimensions(model), 1)
    inputs = 1 + 4 * model.sizes.layers
    _write(DecoderGraph(model).eval(), folder / "decoder.onnx", decoder_dimensions(model), inputs)
    verify(model, folder, CLOSE)
    # The decoder waits for memory: with a quarter of the bytes a step takes half the time.
    onnx.save(store_as_half(store_in_eight_bits(folder / "decoder.onnx")), folder / "decoder.onnx")
    verify(model, folder, CLOSE_IN_EIGHT_BITS)


@torch.no_grad()
def verify(model: CaptionModel, folder: Path, close: float) -> None:
    """Compares the graphs, fed word by word from an empty cache, with the model fed all at once.

    Raises:
        ValueError: A logit differs by more than `close`.
    """
    grid = torch.linspace(0, 1, CELLS * CHANNELS).view(1, CELLS, CHANNELS)
    ids = torch.arange(10, 16)[None]
    hidden, _ = model.write(ids, model.see(grid)[1])
    seen = _run(folder / "encoder.onnx", {"grid": grid.numpy()})
    cache = {_past(name): value for name, value in seen.items() if name.startswith("present")}
    empty = np.zeros((1, model.sizes.heads, 0, model.sizes.width // model.sizes.heads), np.float32)
    for layer in range(model.sizes.layers):
        cache |= {f"past_key_values.{layer}.decoder.{part}": empty for part in ("key", "value")}
    for place, expected in enumerate(model.logits(hidden)[0].numpy()):
        found = _run(folder / "decoder.onnx", {"input_ids": ids[:, place : place + 1].numpy(), **cache})
        difference = float(np.abs(found["logits"][0, 0] - expected).max())
        if difference > close:
            raise ValueError(f"{folder}: token {place} differs by {difference}")
        cache |= {_past(name): value for name, value in found.items() if name.startswith("present")}


def _past(name: str) -> str:
    return name.replace("present", "past_key_values")


def _run(file: Path, feeds: Mapping[str, NDArray[np.generic]]) -> dict[str, NDArray[np.float32]]:
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, dict(feeds)), strict=True))


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
