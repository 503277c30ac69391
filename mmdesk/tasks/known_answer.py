"""A model is believed when it gives the answer that its makers wrote down."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmdesk.errors import ModelFailed
from mmdesk.packs.graphs import Expected, InputPattern, KnownAnswer, Pattern
from mmdesk.runtime.session import Session
from mmdesk.sentences import sentence

Tensor = NDArray[Any]


def made(pattern: InputPattern) -> Tensor:
    """The tensor that a pattern describes, in C order."""
    size = math.prod(pattern.shape)
    values: Tensor
    if pattern.pattern is Pattern.RAMP:
        values = np.linspace(pattern.low, pattern.high, size)
    elif pattern.pattern is Pattern.RAMP_INT:
        values = np.arange(size) % pattern.modulus + int(pattern.low)
    elif pattern.pattern is Pattern.VALUES:
        values = np.array(pattern.values)
    else:
        values = np.full(size, pattern.pattern is Pattern.ONES)
    return values.astype(pattern.dtype).reshape(pattern.shape)


def check(session: Session, answer: KnownAnswer) -> None:
    """Runs a known answer.

    Raises:
        ModelFailed: The graph could not be run, or said something else.
    """
    feeds = {name: made(pattern) for name, pattern in answer.inputs.items()}
    outputs = session.run(feeds, wanted=list(answer.outputs))
    for name, expected in answer.outputs.items():
        wrong = difference(outputs[name], expected, answer.tolerance)
        if wrong:
            raise ModelFailed(
                sentence(
                    "The model {graph} gives a wrong answer on {provider} ({output}: {detail}).",
                    graph=session.name,
                    provider=session.provider,
                    output=name,
                    detail=wrong,
                ),
                sentence("Choose another device in the settings, or install the pack again."),
            )


def difference(output: Tensor, expected: Expected, tolerance: float) -> str:
    """What is not as expected, in a few words; empty when everything is.

    Args:
        output: Any shape and number type.
        expected: What it should be.
        tolerance: Largest difference, times `max(1, |expected|)`.
    """
    if output.shape != expected.shape:
        return f"shape {list(output.shape)}, not {list(expected.shape)}"
    wide = output.astype(np.float64)
    first = wide.ravel()[: len(expected.first)].tolist()
    mean, std = (float(wide.mean()), float(wide.std())) if wide.size else (0.0, 0.0)
    real = [*first, mean, std]
    wanted = [*expected.first, expected.mean, expected.std]
    for a, b in zip(real, wanted, strict=True):
        # Written so that NaN is a difference.
        if not abs(a - b) <= tolerance * max(1.0, abs(b)):
            return f"{a:.6g}, not {b:.6g}"
    return ""
