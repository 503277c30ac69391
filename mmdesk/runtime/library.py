"""The one place that imports ONNX Runtime, quietly and late."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

from mmdesk.errors import ModelFailed
from mmdesk.sentences import sentence

FATAL = 4

# From 1.29 on the official builds report to Microsoft over the internet, and keep an identifier of the
# machine, from the moment of the import (Privacy.md in the wheel). Only this variable, set before, prevents
# all of it; `disable_telemetry_events` is too late for the first report, and what older builds know.
_NO_TELEMETRY = "ORT_DISABLE_TELEMETRY"


def onnx_runtime() -> ModuleType:
    """The library, with its own logging and telemetry off.

    It reports every failure as an exception as well, which becomes a sentence; its lines on stderr
    would only stand beside it.

    Raises:
        ModelFailed: ONNX Runtime is not installed or cannot be loaded.
    """
    os.environ[_NO_TELEMETRY] = "1"
    try:
        import onnxruntime
    except ImportError as error:
        raise ModelFailed(
            sentence("ONNX Runtime, which runs the models, cannot be loaded: {detail}.", detail=str(error)),
            sentence("Install mmdesk again."),
        ) from error
    onnxruntime.set_default_logger_severity(FATAL)
    onnxruntime.disable_telemetry_events()
    library: ModuleType = onnxruntime
    return library


def failures() -> tuple[type[Exception], ...]:
    """Every exception that ONNX Runtime raises: its own have no common base class."""
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    own = [item for item in vars(state).values() if isinstance(item, type) and issubclass(item, Exception)]
    return (*own, ValueError, RuntimeError, TypeError)


@contextmanager
def wrapped(graph: str) -> Iterator[None]:
    """Turns what ONNX Runtime raises inside into `ModelFailed`."""
    try:
        yield
    except failures() as error:
        raise ModelFailed(
            sentence("The model {graph} could not be run: {detail}", graph=graph, detail=str(error).strip()),
            sentence("Install the model pack again, or choose another device in the settings."),
        ) from error
