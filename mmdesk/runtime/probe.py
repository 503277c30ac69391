"""The self-test: one convolution on one device, compared with numpy.

A convolution because cuDNN is opened by the first one only, so that its absence shows. Run as
`python -m mmdesk.runtime.probe PROVIDER` it prints one JSON object, and is safe against drivers
that end the process they fault in.
"""

from __future__ import annotations

import json
import sys
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from mmdesk.errors import InferenceError, ModelFailed
from mmdesk.runtime.library import onnx_runtime, wrapped
from mmdesk.sentences import sentence

CPU = "CPUExecutionProvider"
CUDA = "CUDAExecutionProvider"
TOLERANCE = 1e-4


def compute(provider: str) -> str:
    """Runs the convolution.

    Args:
        provider: ONNX Runtime's name of the execution provider.

    Returns:
        The provider that really ran.

    Raises:
        ModelFailed: It could not run, or the result is not numpy's.
    """
    library = onnx_runtime()
    model = resources.files("mmdesk.runtime").joinpath("convolution.onnx").read_bytes()
    random = np.random.default_rng(0)
    x = random.standard_normal((2, 8, 24, 24), dtype=np.float32)
    weight = random.standard_normal((16, 8, 3, 3), dtype=np.float32)
    options = library.SessionOptions()
    options.intra_op_num_threads = 1
    with wrapped("convolution"):
        prepare(provider)
        session = library.InferenceSession(
            model, options, providers=_with_options(provider), enable_fallback=0
        )
        (y,) = session.run(["y"], {"x": x, "weight": weight})
    difference = float(np.abs(y - convolve(x, weight)).max())
    if not difference <= TOLERANCE:
        raise ModelFailed(
            sentence(
                "The device computes wrong numbers: a test result is off by {difference}.",
                difference=difference,
            ),
            sentence("Choose another device, and update its driver."),
        )
    return str(session.get_providers()[0])


def convolve(x: NDArray[np.float32], weight: NDArray[np.float32]) -> NDArray[np.float32]:
    """A 3 × 3 convolution without padding, [N, C, H, W] with [K, C, 3, 3], in float64 inside."""
    windows = np.lib.stride_tricks.sliding_window_view(x.astype(np.float64), (3, 3), axis=(2, 3))
    result: NDArray[np.float64] = np.einsum("nchwij,kcij->nkhw", windows, weight.astype(np.float64))
    return result.astype(np.float32)


def prepare(provider: str) -> None:
    """Loads the CUDA and cuDNN libraries that lie in Python packages, which the loader cannot find."""
    if provider == CUDA and sys.platform in ("linux", "win32"):
        onnx_runtime().preload_dlls()


def provider_options(provider: str) -> dict[str, str]:
    """Options that the program runs a provider with.

    No TF32: it rounds to 10 bits, and the same file must give the same numbers everywhere. Heuristic
    search: the exhaustive one stalls at each new shape.
    """
    if provider != CUDA:
        return {}
    return {
        "cudnn_conv_algo_search": "HEURISTIC",
        "arena_extend_strategy": "kSameAsRequested",
        "use_tf32": "0",
    }


def _with_options(provider: str) -> list[tuple[str, dict[str, str]]]:
    return [(provider, provider_options(provider))]


def main() -> None:
    """Prints `{"provider": ..., "error": ...}` of the provider named on the command line."""
    try:
        answer = {"provider": compute(sys.argv[1]), "error": ""}
    except InferenceError as error:
        answer = {"provider": "", "error": str(error)}
    sys.stdout.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    main()
