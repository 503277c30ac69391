"""One graph, loaded on one device and checked against its declaration."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from mmdesk.control import Control
from mmdesk.errors import ModelFailed
from mmdesk.runtime.cores import available_cores
from mmdesk.runtime.device import Choice, Device, unavailable
from mmdesk.runtime.library import FATAL, onnx_runtime, wrapped
from mmdesk.runtime.probe import CUDA, prepare, provider_options
from mmdesk.sentences import sentence

Tensor = NDArray[Any]

_DTYPES = {
    "tensor(float)": "float32",
    "tensor(float16)": "float16",
    "tensor(int64)": "int64",
    "tensor(int32)": "int32",
    "tensor(uint8)": "uint8",
    "tensor(bool)": "bool",
}


class TensorDeclaration(Protocol):
    """What a manifest says about one input or output; a word in `shape` is an open axis."""

    @property
    def name(self) -> str:
        """Its name in the graph."""

    @property
    def dtype(self) -> str:
        """Element type as numpy names it."""

    @property
    def shape(self) -> tuple[int | str, ...]:
        """Sizes, or names of open axes."""


class Session:
    """Runs a graph. One thread at a time; cancelling and `close` may come from any thread.

    Args:
        name: What to call the graph in messages ("starter-caption encoder").
        model: The bytes of the ONNX file; bytes and not a path, so that what runs is what the pack
            verified.
        inputs: What the manifest declares; the graph must agree.
        outputs: What the manifest declares; the graph may have more.
        choice: The device, from `device.choose`.
        threads: Threads inside one run; by default the cores that this process may use.
        external: The bytes of external data files by location.

    Raises:
        DeviceUnavailable: CUDA was chosen and this graph did not get it.
        ModelFailed: The graph cannot be loaded, or is not what the manifest declares.
    """

    def __init__(
        self,
        name: str,
        model: bytes,
        inputs: Sequence[TensorDeclaration],
        outputs: Sequence[TensorDeclaration],
        choice: Choice,
        threads: int | None = None,
        external: Mapping[str, bytes] | None = None,
    ) -> None:
        self.name = name
        self.inputs = {tensor.name: tensor for tensor in inputs}
        self.outputs = {tensor.name: tensor for tensor in outputs}
        self._library = onnx_runtime()
        with wrapped(name):
            for provider in choice.providers:
                prepare(provider)
            self._session: Any = self._library.InferenceSession(
                model,
                self._options(threads or available_cores(), external or {}),
                providers=[(provider, provider_options(provider)) for provider in choice.providers],
                enable_fallback=0,
            )
        self.provider = str(self._session.get_providers()[0])
        self._check_device(choice)
        self._check_declaration("input", self._session.get_inputs(), self.inputs, exact=True)
        self._check_declaration("output", self._session.get_outputs(), self.outputs, exact=False)
        # Taken apart once: a decoder's feeds are checked at every step.
        self._expected = {tensor.name: _expected(tensor) for tensor in inputs}

    def run(
        self, feeds: Mapping[str, Tensor], control: Control | None = None, wanted: Sequence[str] | None = None
    ) -> dict[str, Tensor]:
        """Computes outputs.

        Args:
            feeds: Every declared input with its declared dtype and shape.
            control: Stops the run within about 0.03 s when cancelled, and holds it while paused.
            wanted: Names of outputs to compute; by default all declared ones.

        Returns:
            The outputs by name.

        Raises:
            Cancelled: The person stopped the work.
            ModelFailed: The feeds are not as declared, or ONNX Runtime failed.
        """
        self._check_feeds(feeds)
        names = list(wanted or self.outputs)
        if control is None:
            with wrapped(self.name):
                return dict(zip(names, self._session.run(names, dict(feeds)), strict=True))
        control.checkpoint()
        options = self._library.RunOptions()

        def terminate() -> None:
            options.terminate = True

        try:
            with control.on_cancel(terminate), wrapped(self.name):
                return dict(zip(names, self._session.run(names, dict(feeds), options), strict=True))
        except ModelFailed:
            # A terminated run surfaces as an ordinary failure; whether the person asked for it is
            # known here and need not be read from the error's text.
            control.checkpoint()
            raise

    def close(self) -> None:
        """Gives the graph's memory back; the session cannot run any more."""
        self._session = None

    def _options(self, threads: int, external: Mapping[str, bytes]) -> object:
        options = self._library.SessionOptions()
        options.log_severity_level = FATAL
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # Threads that spin between runs would take the cores from decoding and from the window.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        # A memory pattern is planned for one set of shapes; ours change with every step and batch.
        options.enable_mem_pattern = False
        if external:
            names, buffers = list(external), list(external.values())
            options.add_external_initializers_from_files_in_memory(names, buffers, [len(b) for b in buffers])
        return options

    def _check_device(self, choice: Choice) -> None:
        if choice.device is Device.CUDA and self.provider != CUDA:
            raise unavailable(f"{self.name} -> {self.provider}")

    def _check_declaration(
        self, side: str, real: Iterable[Any], declared: Mapping[str, TensorDeclaration], exact: bool
    ) -> None:
        found = {node.name: node for node in real}
        if declared.keys() - found.keys() or (exact and found.keys() - declared.keys()):
            raise self._undeclared(side, ", ".join(sorted(declared.keys() ^ found.keys())))
        for name, tensor in declared.items():
            shape = found[name].shape
            fits = _DTYPES.get(found[name].type) == tensor.dtype and len(shape) == len(tensor.shape)
            if not fits or not all(map(_compatible, shape, tensor.shape)):
                raise self._undeclared(side, f"{name}: {found[name].type} {shape}")

    def _undeclared(self, side: str, detail: str) -> ModelFailed:
        return ModelFailed(
            sentence(
                "The model {graph} is not what its manifest declares ({side}: {detail}).",
                graph=self.name,
                side=side,
                detail=detail,
            ),
            sentence("Install the pack again, or ask whoever made it for a corrected one."),
        )

    def _check_feeds(self, feeds: Mapping[str, Tensor]) -> None:
        if feeds.keys() != self._expected.keys():
            raise self._wrong_feed(", ".join(sorted(feeds.keys() ^ self._expected.keys())))
        for name, value in feeds.items():
            dtype, rank, fixed = self._expected[name]
            fits = value.dtype == dtype and value.ndim == rank
            if not fits or any(value.shape[axis] != size for axis, size in fixed):
                raise self._wrong_feed(f"{name}: {value.dtype.name} {list(value.shape)}")

    def _wrong_feed(self, detail: str) -> ModelFailed:
        return ModelFailed(
            sentence(
                "The model {graph} was given something else than it declares: {detail}.",
                graph=self.name,
                detail=detail,
            ),
            sentence("This is a mistake in mmdesk or in the pack's manifest; please report it."),
        )


def _compatible(real: object, declared: int | str) -> bool:
    """Open axes may be declared fixed: a pack may promise less than its graph can do."""
    return not isinstance(real, int) or real == declared


def _expected(tensor: TensorDeclaration) -> tuple[np.dtype[Any], int, list[tuple[int, int]]]:
    """Element type, rank, and the axes whose size is fixed."""
    fixed = [(axis, size) for axis, size in enumerate(tensor.shape) if isinstance(size, int)]
    return np.dtype(tensor.dtype), len(tensor.shape), fixed
