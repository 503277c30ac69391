"""The trained example as an ONNX graph, checked by running it."""

import json
from pathlib import Path

import numpy as np
import onnxruntime
import torch

from classic.data import Split
from classic.model import ClassicModel

INPUTS = ("pixels", "input_ids", "owner")


def export(model: ClassicModel, folder: Path, words: list[str], answers: list[str], example: Split) -> Path:
    """Writes ``classic.onnx`` and beside it, as ``legend.json``, words and answers by number.

    Returns:
        The graph.

    Raises:
        ValueError: The exporter gave nothing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "classic.onnx"
    # One question about each of two pictures.
    rows = np.unique(example.owner, return_index=True)[1][:2]
    inputs = example.inputs(rows)
    picture, question, length = (torch.export.Dim(name, min=1) for name in ("picture", "question", "length"))
    program = torch.onnx.export(
        model.eval(),
        inputs,
        dynamo=True,
        input_names=list(INPUTS),
        output_names=["logits"],
        dynamic_shapes=({0: picture}, {0: question, 1: length}, {0: question}),
        external_data=False,
    )
    if program is None:
        raise ValueError("the exporter made no program")
    program.save(str(file))
    legend = json.dumps({"words": words, "answers": answers}, indent=1)
    (folder / "legend.json").write_text(legend + "\n", encoding="utf-8")
    return file


def measure_graph(file: Path, split: Split) -> float:
    """Right answers of the graph in percent."""
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    right = 0
    for rows in split.in_order():
        feeds = {name: value.numpy() for name, value in zip(INPUTS, split.inputs(rows), strict=True)}
        (logits,) = session.run(["logits"], feeds)
        right += int((np.asarray(logits).argmax(1) == split.target.numpy()[rows]).sum())
    return 100 * right / len(split)
