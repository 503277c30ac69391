"""8-bit storage: the graph computes nearly the same, row by row, from a quarter of the bytes."""

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from kit.int8_rows import nearest, store_in_int8_rows


def product(weight: np.ndarray) -> onnx.ModelProto:
    rows, columns = weight.shape
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "w"], ["y"])],
        "product",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", rows])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["batch", columns])],
        [numpy_helper.from_array(weight, "w")],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def run(model: onnx.ModelProto, x: np.ndarray) -> np.ndarray:
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return np.asarray(session.run(["y"], {"x": x})[0])


def test_the_graph_computes_nearly_the_same_from_a_quarter_of_the_bytes() -> None:
    chance = np.random.default_rng(3)
    sizes = chance.uniform(0.01, 10, 96)
    weight = (chance.normal(0, 1, (128, 96)) * sizes).astype(np.float32)
    x = chance.normal(0, 1, (5, 128)).astype(np.float32)
    plain = run(product(weight), x)
    stored = store_in_int8_rows(product(weight))
    assert len(stored.SerializeToString()) < 0.3 * weight.nbytes
    error = (run(stored, x) - plain) / sizes
    assert np.sqrt(np.square(error).mean() / np.square(plain / sizes).mean()) < 0.01
    # A row's answer does not depend on the rows beside it.
    np.testing.assert_allclose(run(stored, x[:1]), run(stored, x)[:1], rtol=1e-6)


def test_scales_follow_the_axis_along_which_sizes_differ() -> None:
    weight = np.ones((64, 4), np.float32) * np.array([1e-3, 1, 10, 1000], np.float32)
    values, scale = nearest(weight)
    assert scale.shape == (1, 4)
    np.testing.assert_allclose(values * scale, weight, rtol=1e-6)
    _, turned = nearest(weight.T.copy())
    assert turned.shape == (4, 1)


def test_small_tensors_stay_as_they_are() -> None:
    weight = np.ones((8, 8), np.float32)
    assert [tensor.name for tensor in store_in_int8_rows(product(weight)).graph.initializer] == ["w"]
