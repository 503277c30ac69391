"""Makes `mmdesk/runtime/convolution.onnx`, the graph of the devices' self-test.

    python build/runtime/convolution.py

One convolution whose input and weights are both fed, so that the test brings its own numbers.
"""

from pathlib import Path

import onnx
from onnx import TensorProto, helper

TARGET = Path(__file__).resolve().parents[2] / "mmdesk" / "runtime" / "convolution.onnx"


def convolution() -> onnx.ModelProto:
    """The graph: `y = Conv(x, weight)`, 3 × 3, no padding, all other sizes open."""
    graph = helper.make_graph(
        [helper.make_node("Conv", ["x", "weight"], ["y"], kernel_shape=[3, 3])],
        "convolution",
        [
            helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", "c", "h", "w"]),
            helper.make_tensor_value_info("weight", TensorProto.FLOAT, ["k", "c", 3, 3]),
        ],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", "k", "h2", "w2"])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    return model


if __name__ == "__main__":
    TARGET.write_bytes(convolution().SerializeToString(deterministic=True))
