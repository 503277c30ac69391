"""Answers that a pack carries so that every machine can check what it computes.

Inputs are patterns that need no stored tensor; outputs are recorded as their first values,
mean and standard deviation.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

FIRST = 16

Pattern = Mapping[str, Any]


def realize(pattern: Pattern) -> NDArray[Any]:
    """Makes the tensor that a pattern describes.

    Raises:
        ValueError: The pattern has an unknown name.
    """
    shape = tuple(pattern["shape"])
    size = int(np.prod(shape))
    match pattern["pattern"]:
        case "ramp":
            return np.linspace(pattern["low"], pattern["high"], size, dtype=np.float32).reshape(shape)
        case "ramp_int":
            modulus, low = int(pattern["modulus"]), int(pattern["low"])
            count = np.arange(size, dtype=np.int64) % modulus + low
            return count.astype(pattern.get("dtype", "int64")).reshape(shape)
        case "ones":
            return np.ones(shape, pattern["dtype"])
        case "zeros":
            return np.zeros(shape, pattern["dtype"])
        case name:
            raise ValueError(f"unknown pattern {name!r}")


def know(graph: str, file: Path, inputs: Mapping[str, Pattern], tolerance: float) -> dict[str, Any]:
    """Runs a graph on patterns with ONNX Runtime's CPU provider and records what comes out."""
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    values = session.run(names, {name: realize(pattern) for name, pattern in inputs.items()})
    outputs = {name: _summary(value) for name, value in zip(names, values, strict=True)}
    return {
        "graph": graph,
        "inputs": {name: dict(pattern) for name, pattern in inputs.items()},
        "outputs": outputs,
        "tolerance": tolerance,
    }


def _summary(value: NDArray[Any]) -> dict[str, Any]:
    return {
        "shape": list(value.shape),
        "first": [round(float(v), 6) for v in value.ravel()[:FIRST]],
        "mean": round(float(value.mean()), 6),
        "std": round(float(value.std()), 6),
    }
