"""Stores a graph's matrices as 8-bit integers with a scale a row, while it keeps computing in float32.

Unlike 8-bit arithmetic this adds no noise of its own to what is computed: the same weights give the
same answer on every processor, whatever stands beside a row in a batch.
"""

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

# Smaller tensors are not worth three nodes.
SMALLEST = 4096

Floats = NDArray[np.float32]
Bytes = NDArray[np.int8]


def store_in_int8_rows(model: onnx.ModelProto) -> onnx.ModelProto:
    """Replaces large float32 matrices by int8 ones, a Cast and a product with their scales.

    ONNX Runtime folds all that when it creates the session, so only the file gets smaller.
    """
    nodes = []
    for tensor in list(model.graph.initializer):
        values = numpy_helper.to_array(tensor)
        if tensor.data_type != TensorProto.FLOAT or values.ndim < 2 or values.size < SMALLEST:
            continue
        name = tensor.name
        stored, scale = nearest(values)
        model.graph.initializer.remove(tensor)
        model.graph.initializer.append(numpy_helper.from_array(stored, f"{name}.int8"))
        model.graph.initializer.append(numpy_helper.from_array(scale, f"{name}.scale"))
        nodes.append(helper.make_node("Cast", [f"{name}.int8"], [f"{name}.wide"], to=TensorProto.FLOAT))
        nodes.append(helper.make_node("Mul", [f"{name}.wide", f"{name}.scale"], [name]))
    for node in reversed(nodes):
        model.graph.node.insert(0, node)
    onnx.checker.check_model(model)
    return model


def nearest(values: Floats) -> tuple[Bytes, Floats]:
    """int8 values and scales along the axis for which their product comes nearest.

    Args:
        values: A matrix, or several.

    Returns:
        int8 of the same shape, and scales with 1 along one axis.
    """
    options = [_scaled(values, axis) for axis in range(values.ndim)]
    return min(options, key=lambda option: float(np.square(option[0] * option[1] - values).sum()))


def _scaled(values: Floats, axis: int) -> tuple[Bytes, Floats]:
    largest = np.abs(values).max(axis=axis, keepdims=True)
    scale = (np.maximum(largest, 1e-8) / 127).astype(np.float32)
    return np.rint(values / scale).astype(np.int8), scale
