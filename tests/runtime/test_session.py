"""A session runs what was declared, stops when asked, and says what really ran."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx.external_data_helper import set_external_data

from mmdesk.control import Control
from mmdesk.errors import Cancelled, DeviceUnavailable, ModelFailed
from mmdesk.runtime.device import Choice, Device, choose
from mmdesk.runtime.session import Session
from tests.graphs_for_tests import HEAD_SIZE, SIDE, caption_encoder, model_of

CPU = Choice(Device.CPU, ("CPUExecutionProvider",))


@dataclass(frozen=True)
class Declared:
    name: str
    dtype: str
    shape: tuple[int | str, ...]


X, Y = Declared("x", "float32", ("n", 2)), Declared("y", "float32", ("n", 2))


def doubling() -> onnx.ModelProto:
    return model_of(
        "g (float[n, 2] x) => (float[n, 2] y, float[n, 2] z) { y = Mul(x, two) z = Add(y, x) }",
        {"two": two()},
    )


def two() -> NDArray[np.float32]:
    return np.array(2, np.float32)


def session(**changes: object) -> Session:
    given: dict[str, Any] = {
        "model": doubling().SerializeToString(),
        "inputs": [X],
        "outputs": [Y],
        "choice": CPU,
    }
    return Session("doubling", **(given | changes))


def test_computes_what_is_declared() -> None:
    x = np.array([[1, 2], [3, 4]], np.float32)
    outputs = session().run({"x": x})
    assert list(outputs) == ["y"]
    np.testing.assert_array_equal(outputs["y"], 2 * x)


def test_computes_only_what_is_wanted() -> None:
    both = session(outputs=[Y, replace(Y, name="z")])
    x = np.ones((1, 2), np.float32)
    assert list(both.run({"x": x})) == ["y", "z"]
    assert list(both.run({"x": x}, wanted=["z"])) == ["z"]


def test_says_what_really_ran() -> None:
    assert session().provider == "CPUExecutionProvider"


def test_a_chosen_device_that_did_not_take_the_graph_is_an_error() -> None:
    """ONNX Runtime itself falls back in silence; `choose` was passed by here to see that."""
    if choose(Device.AUTO).providers[0] != "CPUExecutionProvider":
        pytest.skip("this machine has CUDA")
    forced = Choice(Device.CUDA, ("CUDAExecutionProvider", "CPUExecutionProvider"))
    with pytest.raises(DeviceUnavailable, match="CPUExecutionProvider"):
        session(choice=forced)


@pytest.mark.parametrize(
    ("side", "tensors"),
    [
        ("inputs", []),
        ("inputs", [X, replace(X, name="more")]),
        ("inputs", [replace(X, name="other")]),
        ("inputs", [replace(X, dtype="int64")]),
        ("inputs", [replace(X, shape=("n", 3))]),
        ("inputs", [replace(X, shape=("n", 2, 1))]),
        ("outputs", [replace(Y, name="other")]),
        ("outputs", [replace(Y, dtype="float16")]),
    ],
)
def test_a_graph_that_is_not_what_is_declared_is_refused(side: str, tensors: list[Declared]) -> None:
    with pytest.raises(ModelFailed, match="doubling"):
        session(**{side: tensors})


@pytest.mark.parametrize(
    "feeds",
    [
        {},
        {"x": np.ones((1, 2), np.float32), "y": np.ones((1, 2), np.float32)},
        {"x": np.ones((1, 2), np.float64)},
        {"x": np.ones((1, 3), np.float32)},
        {"x": np.ones(2, np.float32)},
    ],
)
def test_feeds_that_are_not_as_declared_are_refused(feeds: dict[str, NDArray[Any]]) -> None:
    with pytest.raises(ModelFailed, match="declares"):
        session().run(feeds)


@pytest.mark.parametrize("model", [b"", b"not onnx", doubling().SerializeToString()[:-20]])
def test_a_file_that_is_no_graph_is_an_error_with_a_sentence(
    model: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ModelFailed, match="doubling") as failed:
        session(model=model)
    assert str(failed.value.hint)
    assert capfd.readouterr() == ("", "")


def test_a_run_that_fails_is_an_error_with_a_sentence(capfd: pytest.CaptureFixture[str]) -> None:
    shapes = model_of("g (float[n, 2] x) => (float[5] y) { y = Reshape(x, five) }", {"five": np.array([5])})
    reshaping = session(model=shapes.SerializeToString(), outputs=[replace(Y, shape=(5,))])
    with pytest.raises(ModelFailed, match="doubling"):
        reshaping.run({"x": np.ones((1, 2), np.float32)})
    assert capfd.readouterr() == ("", "")


def test_external_data_comes_from_memory() -> None:
    model = doubling()
    tensor = model.graph.initializer[0]
    raw = two().tobytes()
    tensor.ClearField("float_data")
    tensor.raw_data = raw
    set_external_data(tensor, location="weights.bin", offset=0, length=len(raw))
    tensor.ClearField("raw_data")
    data = model.SerializeToString()
    outputs = session(model=data, external={"weights.bin": raw}).run({"x": np.ones((1, 2), np.float32)})
    np.testing.assert_array_equal(outputs["y"], [[2, 2]])
    with pytest.raises(ModelFailed):
        session(model=data)


def slow() -> Session:
    """About a minute of work in one run."""
    shape = ("batch", 2, 4, HEAD_SIZE)
    outputs = [Declared(f"present.0.encoder.{part}", "float32", shape) for part in ("key", "value")]
    inputs = [Declared("pixel_values", "float32", ("batch", 3, SIDE, SIDE))]
    return Session("slow", caption_encoder(100_000).SerializeToString(), inputs, outputs, CPU, threads=1)


def test_cancelling_stops_a_run_at_once(capfd: pytest.CaptureFixture[str]) -> None:
    control, running = Control(), slow()
    cancelled: list[float] = []

    def cancel() -> None:
        cancelled.append(time.monotonic())
        control.cancel()

    timer = threading.Timer(0.3, cancel)
    timer.start()
    with pytest.raises(Cancelled):
        running.run({"pixel_values": np.zeros((1, 3, SIDE, SIDE), np.float32)}, control)
    assert time.monotonic() - cancelled[0] < 1
    timer.join()
    assert capfd.readouterr() == ("", "")


def test_does_not_begin_when_already_cancelled() -> None:
    control = Control()
    control.cancel()
    with pytest.raises(Cancelled):
        session().run({"x": np.ones((1, 2), np.float32)}, control)


def test_waits_while_paused() -> None:
    control, results = Control(), []
    control.pause()
    x = np.ones((1, 2), np.float32)
    worker = threading.Thread(target=lambda: results.append(session().run({"x": x}, control)))
    worker.start()
    worker.join(0.3)
    assert worker.is_alive()
    control.resume()
    worker.join(5)
    assert len(results) == 1


def test_a_session_can_be_run_again_after_a_cancelled_run() -> None:
    control, one = Control(), session()
    control.cancel()
    x = np.ones((1, 2), np.float32)
    with pytest.raises(Cancelled):
        one.run({"x": x}, control)
    np.testing.assert_array_equal(one.run({"x": x}, Control())["y"], 2 * x)
