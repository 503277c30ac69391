"""Torch weights to the graph of the pack."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from torch import Tensor

from kit.half import store_as_half
from kit.known_answers import realize
from starter_answer.model import CELLS, CHANNELS, AnswerModel

NAMES = ("grid", "input_ids", "attention_mask")
# Largest difference of a logit between graph and model; both compute in float32.
CLOSE = 0.005

Dimensions = dict[str, list[str | int]]


def dimensions(model: AnswerModel) -> Dimensions:
    """Shapes of the graph's tensors."""
    return {
        "grid": ["batch", CELLS, CHANNELS],
        "input_ids": ["batch", "tokens"],
        "attention_mask": ["batch", "tokens"],
        "logits": ["batch", model.sizes.answers],
    }


def export(model: AnswerModel, folder: Path) -> None:
    """Writes ``answer.onnx`` and compares it with the model, whose weights it rounds to float16.

    Raises:
        ValueError: The graph does not compute what the model computes.
    """
    model.eval()
    with torch.no_grad():
        for weight in model.parameters():
            weight.copy_(weight.half().float())
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "answer.onnx"
    batch, tokens = torch.export.Dim("batch", min=1), torch.export.Dim("tokens", min=1)
    program = torch.onnx.export(
        model,
        _example(2, 5),
        dynamo=True,
        input_names=list(NAMES),
        output_names=["logits"],
        dynamic_shapes=({0: batch}, {0: batch, 1: tokens}, {0: batch, 1: tokens}),
        external_data=False,
    )
    if program is None:
        raise ValueError("the exporter made no program")
    program.save(str(file))
    onnx.save(store_as_half(onnx.load(file)), file)
    verify(model, file)


def verify(model: AnswerModel, file: Path) -> None:
    """Compares the graph with the model on batches and lengths that it was not traced with.

    Raises:
        ValueError: A logit differs by more than `CLOSE`.
    """
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    for rows, tokens in ((1, 1), (3, 9)):
        inputs = _example(rows, tokens)
        with torch.no_grad():
            wanted = model(*inputs).numpy()
        feeds = {name: value.numpy() for name, value in zip(NAMES, inputs, strict=True)}
        (logits,) = session.run(["logits"], feeds)
        if not np.allclose(np.asarray(logits), wanted, atol=CLOSE):
            raise ValueError(f"{file} gives other logits than the model")


def _example(rows: int, tokens: int) -> tuple[Tensor, Tensor, Tensor]:
    """Questions of falling length, at least one token each."""
    ramp = {"pattern": "ramp", "shape": [rows, CELLS, CHANNELS], "low": 0.0, "high": 1.0}
    ids = {"pattern": "ramp_int", "shape": [rows, tokens], "modulus": 50, "low": 2}
    lengths = torch.arange(tokens, tokens - rows, -1).clamp(min=1)
    mask = (torch.arange(tokens) < lengths[:, None]).long()
    return torch.from_numpy(realize(ramp)), torch.from_numpy(realize(ids)) * mask, mask
