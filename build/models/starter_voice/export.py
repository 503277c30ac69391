"""The ensemble as one ONNX graph, from waveform to answers."""

from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from kit.half import store_as_half
from starter_voice.features import MelPower
from starter_voice.framing import WINDOW
from starter_voice.model import Ensemble

OPSET = 17
OUTPUTS = ("speech", "logits", "valence", "arousal")


def export(ensemble: Ensemble, file: Path) -> None:
    """Writes ``waveform`` float32 [batch, WINDOW] to `OUTPUTS`; weights are stored as float16."""
    names = ["waveform", *OUTPUTS]
    torch.onnx.export(
        ensemble.eval(),
        (torch.randn(2, WINDOW),),
        str(file),
        input_names=names[:1],
        output_names=names[1:],
        dynamic_axes={name: {0: "batch"} for name in names},
        opset_version=OPSET,
        dynamo=False,
    )
    onnx.save(store_as_half(with_computed_waves(onnx.load(file))), file)


def with_computed_waves(model: onnx.ModelProto) -> onnx.ModelProto:
    """Lets the graph compute the waves of the Fourier transform, which are half a million numbers.

    ONNX Runtime does so once, when it creates the session.

    Raises:
        ValueError: The graph does not hold the two matrices.
    """
    angles = MelPower.angles()
    for kind, wave in (("Cos", angles.cos()), ("Sin", angles.sin())):
        (stored,) = _equal_to(model, wave.numpy())
        model.graph.initializer.remove(stored)
        product, phase = f"{stored.name}.product", f"{stored.name}.phase"
        for place, (operator, inputs, output) in enumerate(
            (
                ("Mul", ["wave_times", "wave_bins"], product),
                ("Cast", [product], phase),
                (kind, [phase], stored.name),
            )
        ):
            node = helper.make_node(operator, inputs, [output])
            if operator == "Cast":
                node.attribute.append(helper.make_attribute("to", TensorProto.FLOAT))
            model.graph.node.insert(place, node)
    for name, values in zip(("wave_times", "wave_bins"), MelPower.axes(), strict=True):
        model.graph.initializer.append(numpy_helper.from_array(values.numpy(), name))
    return model


def _equal_to(model: onnx.ModelProto, wanted: NDArray[np.float32]) -> list[onnx.TensorProto]:
    same = [
        tensor
        for tensor in model.graph.initializer
        if tuple(tensor.dims) == wanted.shape
        and np.allclose(numpy_helper.to_array(tensor), wanted, atol=1e-4)
    ]
    if len(same) != 1:
        raise ValueError("the graph does not hold the waves of the Fourier transform once")
    return same
