"""Stores a graph's weights as float16 while it keeps computing in float32."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

# Smaller tensors are not worth a node.
SMALLEST = 64


def store_as_half(model: onnx.ModelProto, smallest: int = SMALLEST) -> onnx.ModelProto:
    """Replaces float32 initializers by float16 ones followed by a Cast to float32.

    ONNX Runtime folds the casts when it creates the session, so only the file gets smaller.

    Args:
        model: Changed in place.
        smallest: Tensors with fewer values stay float32.

    Raises:
        ValueError: A weight does not fit into float16.
    """
    casts = []
    for tensor in model.graph.initializer:
        values = numpy_helper.to_array(tensor)
        if tensor.data_type != TensorProto.FLOAT or values.size < smallest:
            continue
        half = values.astype(np.float16)
        if not np.isfinite(half).all():
            raise ValueError(f"{tensor.name} does not fit into float16")
        name = tensor.name
        tensor.CopyFrom(numpy_helper.from_array(half, f"{name}.half"))
        casts.append(helper.make_node("Cast", [f"{name}.half"], [name], to=TensorProto.FLOAT))
    for cast in reversed(casts):
        model.graph.node.insert(0, cast)
    onnx.checker.check_model(model)
    return model
