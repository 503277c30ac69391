"""pretrained_small: networks of chance in the formats of the published teachers.

The picture network has MobileNetV2's shapes and random weights; the face teacher finds bright spots
and the speech teacher finds loud sound. They teach nothing, but everything that reads them works.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import flatbuffers
import numpy as np
import onnx
import tflite
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from starter_vision.mobilenet import OUTPUT_CHANNELS, STAGES
from tiny.tiles import CLASSES

CLASS_COUNT = 1001
# Standard deviation of evenly spread 8-bit values.
_SPREAD = 73.0
_BLOCK, _STATE = 512 + 64, 128
_FELT = 64  # channels of YuNet's features before its heads
_POINTS = (0.3, 0.35, 0.7, 0.35, 0.5, 0.55, 0.35, 0.75, 0.65, 0.75)

Weight = tuple[NDArray[np.int8], int]


def write_teachers(folder: Path) -> None:
    """Writes the networks and the labels of the classes."""
    target = folder / "tf2_mobilenet_v2_1.0_224_ptq.tflite"
    target.write_bytes(_mobilenet(list(_convolutions(np.random.default_rng(6)))))
    names = [*CLASSES.values()]
    labels = ["background", *names, *(f"class {n}" for n in range(len(names), CLASS_COUNT - 1))]
    (folder / "imagenet_labels.txt").write_text("\n".join(labels) + "\n", encoding="utf-8")
    onnx.save(_faces(), str(folder / "yunet_n_dynamic.onnx"))
    onnx.save(_speech(), str(folder / "silero_vad_16k_op15.onnx"))


def _convolutions(chance: np.random.Generator) -> Iterator[Weight]:
    """Weights and operator of each convolution as TensorFlow Lite lays them out."""

    def made(*shape: int) -> NDArray[np.int8]:
        return chance.integers(-127, 128, shape, np.int8)

    plain, depthwise = tflite.BuiltinOperator.CONV_2D, tflite.BuiltinOperator.DEPTHWISE_CONV_2D
    yield made(32, 3, 3, 3), plain
    channels = 32
    for expansion, width, repeats, _ in STAGES:
        for _ in range(repeats):
            hidden = channels * expansion
            if expansion > 1:
                yield made(hidden, 1, 1, channels), plain
            yield made(1, 3, 3, hidden), depthwise
            yield made(width, 1, 1, hidden), plain
            channels = width
    yield made(OUTPUT_CHANNELS, 1, 1, channels), plain
    yield made(CLASS_COUNT, 1, 1, OUTPUT_CHANNELS), plain


def _mobilenet(weights: Sequence[Weight]) -> bytes:
    """A model of one operator a weight; only what `starter_vision.mobilenet` reads is in it."""
    builder = flatbuffers.Builder(1 << 22)
    buffers, tensors, operators = list[int](), list[int](), list[int]()
    for place, (weight, kind) in enumerate(weights):
        fan_in = weight.size // weight.shape[3 if kind == tflite.BuiltinOperator.DEPTHWISE_CONV_2D else 0]
        bias = np.zeros(weight.shape[3] if weight.shape[0] == 1 else weight.shape[0], np.int32)
        for value, scale in ((weight, np.sqrt(2 / fan_in) / _SPREAD), (bias, 1.0)):
            tensors.append(_tensor(builder, value, len(buffers), float(scale)))
            buffers.append(_buffer(builder, value))
        code = 0 if kind == tflite.BuiltinOperator.CONV_2D else 1
        operators.append(_operator(builder, code, [0, 2 * place, 2 * place + 1]))
    tensor_list, operator_list = _offsets(builder, tensors), _offsets(builder, operators)
    tflite.SubGraphStart(builder)
    tflite.SubGraphAddTensors(builder, tensor_list)
    tflite.SubGraphAddOperators(builder, operator_list)
    graph = _offsets(builder, [tflite.SubGraphEnd(builder)])
    kinds = (tflite.BuiltinOperator.CONV_2D, tflite.BuiltinOperator.DEPTHWISE_CONV_2D)
    codes = _offsets(builder, [_code(builder, kind) for kind in kinds])
    buffer_list = _offsets(builder, buffers)
    tflite.ModelStart(builder)
    tflite.ModelAddVersion(builder, 3)
    tflite.ModelAddOperatorCodes(builder, codes)
    tflite.ModelAddSubgraphs(builder, graph)
    tflite.ModelAddBuffers(builder, buffer_list)
    builder.Finish(tflite.ModelEnd(builder), b"TFL3")
    return bytes(builder.Output())


def _tensor(builder: flatbuffers.Builder, value: NDArray[np.generic], buffer: int, scale: float) -> int:
    scales = builder.CreateNumpyVector(np.array([scale], np.float32))
    zeros = builder.CreateNumpyVector(np.array([0], np.int64))
    tflite.QuantizationParametersStart(builder)
    tflite.QuantizationParametersAddScale(builder, scales)
    tflite.QuantizationParametersAddZeroPoint(builder, zeros)
    quantization = tflite.QuantizationParametersEnd(builder)
    shape = builder.CreateNumpyVector(np.array(value.shape, np.int32))
    tflite.TensorStart(builder)
    tflite.TensorAddShape(builder, shape)
    tflite.TensorAddBuffer(builder, buffer)
    tflite.TensorAddQuantization(builder, quantization)
    return int(tflite.TensorEnd(builder))


def _buffer(builder: flatbuffers.Builder, value: NDArray[np.generic]) -> int:
    data = builder.CreateNumpyVector(np.frombuffer(value.tobytes(), np.uint8))
    tflite.BufferStart(builder)
    tflite.BufferAddData(builder, data)
    return int(tflite.BufferEnd(builder))


def _operator(builder: flatbuffers.Builder, code: int, inputs: Sequence[int]) -> int:
    places = builder.CreateNumpyVector(np.array(inputs, np.int32))
    tflite.OperatorStart(builder)
    tflite.OperatorAddOpcodeIndex(builder, code)
    tflite.OperatorAddInputs(builder, places)
    return int(tflite.OperatorEnd(builder))


def _code(builder: flatbuffers.Builder, kind: int) -> int:
    tflite.OperatorCodeStart(builder)
    tflite.OperatorCodeAddDeprecatedBuiltinCode(builder, kind)
    tflite.OperatorCodeAddBuiltinCode(builder, kind)
    return int(tflite.OperatorCodeEnd(builder))


def _offsets(builder: flatbuffers.Builder, offsets: Sequence[int]) -> int:
    builder.StartVector(4, len(offsets), 4)
    for offset in reversed(offsets):
        builder.PrependUOffsetTRelative(offset)
    return int(builder.EndVector())


def _faces() -> onnx.ModelProto:
    """YuNet's interface: scores are high where a cell is bright."""
    spread = np.eye(_FELT, 3, dtype=np.float32)[:, :, None, None]
    nodes, stored, outputs = [], [numpy_helper.from_array(spread, "spread")], []
    for stride in (8, 16, 32):
        size = [stride, stride]
        pool = helper.make_node("AveragePool", ["input"], [f"mean_{stride}"], kernel_shape=size, strides=size)
        nodes.append(pool)
        nodes.append(helper.make_node("Conv", [f"mean_{stride}", "spread"], [f"spread_{stride}"]))
        nodes.append(helper.make_node("Relu", [f"spread_{stride}"], [f"felt_{stride}"]))
        for name, rows, bias in (
            ("cls", [[0.03] * 3], [-18.0]),
            ("obj", [[0.03] * 3], [-18.0]),
            ("bbox", [[0.0] * 3] * 4, [0.5, 0.5, 1.0, 1.2]),
            ("kps", [[0.0] * 3] * 10, list(_POINTS)),
        ):
            outputs.append(_cells(nodes, stored, f"{name}_{stride}", f"felt_{stride}", rows, bias))
    pixels = helper.make_tensor_value_info("input", TensorProto.FLOAT, ["batch", 3, "height", "width"])
    graph = helper.make_graph(nodes, "tiny", [pixels], outputs, stored)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def _cells(
    nodes: list[onnx.NodeProto],
    stored: list[onnx.TensorProto],
    name: str,
    source: str,
    rows: Sequence[Sequence[float]],
    bias: Sequence[float],
) -> onnx.ValueInfoProto:
    """One output [batch, cells, width]: a linear map of each cell's mean colour."""
    wide = np.pad(np.array(rows, np.float32), ((0, 0), (0, _FELT - 3)))
    stored.append(numpy_helper.from_array(wide[:, :, None, None], f"{name}_w"))
    stored.append(numpy_helper.from_array(np.array(bias, np.float32), f"{name}_b"))
    stored.append(numpy_helper.from_array(np.array([0, len(rows), -1]), f"{name}_shape"))
    nodes.append(helper.make_node("Conv", [source, f"{name}_w", f"{name}_b"], [f"{name}_map"]))
    nodes.append(helper.make_node("Reshape", [f"{name}_map", f"{name}_shape"], [f"{name}_rows"]))
    score = len(rows) == 1
    turned = f"{name}_turned" if score else name
    nodes.append(helper.make_node("Transpose", [f"{name}_rows"], [turned], perm=[0, 2, 1]))
    if score:
        nodes.append(helper.make_node("Sigmoid", [turned], [name]))
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", "cells", len(rows)])


def _speech() -> onnx.ModelProto:
    """Silero VAD's interface: speech is what is louder than a hundredth of full scale."""
    stored = [
        numpy_helper.from_array(np.array([2e4], np.float32), "gain"),
        numpy_helper.from_array(np.array([-2.0], np.float32), "quiet"),
    ]
    nodes = [
        helper.make_node("Mul", ["input", "input"], ["power"]),
        helper.make_node("ReduceMean", ["power"], ["mean"], axes=[1], keepdims=1),
        helper.make_node("Mul", ["mean", "gain"], ["scaled"]),
        helper.make_node("Add", ["scaled", "quiet"], ["moved"]),
        helper.make_node("Sigmoid", ["moved"], ["output"]),
        helper.make_node("Identity", ["state"], ["stateN"]),
    ]
    value = helper.make_tensor_value_info
    inputs = [
        value("input", TensorProto.FLOAT, ["batch", _BLOCK]),
        value("state", TensorProto.FLOAT, [2, "batch", _STATE]),
        value("sr", TensorProto.INT64, []),
    ]
    outputs = [
        value("output", TensorProto.FLOAT, ["batch", 1]),
        value("stateN", TensorProto.FLOAT, [2, "batch", _STATE]),
    ]
    graph = helper.make_graph(nodes, "tiny", inputs, outputs, stored)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
