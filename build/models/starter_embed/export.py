"""Both towers as ONNX graphs."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from torch import Tensor, nn

from kit.int8_rows import store_in_int8_rows
from starter_embed.towers import CELLS, CHANNELS, WIDTH, PictureTower, TextTower

OPSET = 18
BATCH_TOKENS: list[str | int] = ["batch", "tokens"]
EMBEDDING: list[str | int] = ["batch", WIDTH]
PICTURE_SHAPES: dict[str, list[str | int]] = {"grid": ["batch", CELLS, CHANNELS], "embedding": EMBEDDING}
TEXT_SHAPES: dict[str, list[str | int]] = {
    "input_ids": BATCH_TOKENS,
    "attention_mask": BATCH_TOKENS,
    "embedding": EMBEDDING,
}
# Smallest cosine between a vector of the stored graph and of the network; 8-bit weights differ a little.
CLOSE = 0.99


def export(picture: PictureTower, text: TextTower, folder: Path) -> None:
    """Writes ``picture.onnx`` and ``text.onnx`` with matrices in 8 bits.

    Raises:
        ValueError: A graph does not compute what its tower computes.
    """
    grid = torch.linspace(0, 1, 2 * CELLS * CHANNELS).view(2, CELLS, CHANNELS)
    ids = torch.arange(24).view(2, 12) + 10
    feeds = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
    _write(picture.eval(), folder / "picture.onnx", {"grid": grid})
    _write(text.eval(), folder / "text.onnx", feeds)


def _write(tower: nn.Module, file: Path, feeds: dict[str, Tensor]) -> None:
    axes = {name: {0: "batch"} if name == "grid" else {0: "batch", 1: "tokens"} for name in feeds}
    torch.onnx.export(
        tower,
        tuple(feeds.values()),
        str(file),
        input_names=list(feeds),
        output_names=["embedding"],
        dynamic_axes={**axes, "embedding": {0: "batch"}},
        opset_version=OPSET,
        dynamo=False,
    )
    onnx.save(store_in_int8_rows(onnx.load(file)), file)
    _verify(tower, file, feeds)


@torch.no_grad()
def _verify(tower: nn.Module, file: Path, feeds: dict[str, Tensor]) -> None:
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    (found,) = session.run(["embedding"], {name: value.numpy() for name, value in feeds.items()})
    cosine = float((np.asarray(found) * tower(*feeds.values()).numpy()).sum(1).min())
    if cosine < CLOSE:
        raise ValueError(f"{file}: a vector has cosine {cosine} to the one of the network")
