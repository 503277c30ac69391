"""The student as an ONNX graph, written operator by operator.

The LSTM operator's ``sequence_lens`` makes the backward direction start at each text's
own end, so padding cannot change a result. Matrices are stored as float16 (ONNX Runtime
folds the casts when it creates the session) and the embeddings as int8 with one scale
a row.
"""

from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from kit.half import store_as_half
from starter_sentiment_text.student import (
    BAG_FACTOR,
    BAG_SHIFT,
    BEFORE,
    HERE,
    PAD_SCORE,
    SPECIAL_SCORE,
    TWO_BEFORE,
    Student,
)

OPSET = 17

Floats = NDArray[np.float32]


class GraphWriter:
    """Collects nodes and stored tensors of one graph."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.stored: list[onnx.TensorProto] = []

    def add(self, kind: str, inputs: list[str], output: str, **attributes: int | str | list[int]) -> str:
        """Append one operator and return the name of its output."""
        node = helper.make_node(kind, inputs, [output])
        node.attribute.extend(helper.make_attribute(name, value) for name, value in attributes.items())
        self.nodes.append(node)
        return output

    def store(self, name: str, value: NDArray[np.generic]) -> str:
        """Keep a tensor in the graph exactly as it is."""
        self.stored.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name


def export(student: Student, target: Path) -> None:
    """Write ``input_ids, attention_mask`` int64 [B, S] to ``logits, token_weights``."""
    writer = GraphWriter()
    pairs, triples = _neighbours(writer)
    words = _embed(writer, student, pairs)
    states = _read_both_ways(writer, student, words)
    weights = _attend(writer, student, states)
    votes = _vote(writer, student, ("input_ids", pairs, triples))
    _classify(writer, student, states, weights, votes)
    graph = helper.make_graph(
        writer.nodes,
        "text_sentiment",
        [_value(name, TensorProto.INT64, "tokens") for name in ("input_ids", "attention_mask")],
        [_value("logits", TensorProto.FLOAT, 3), _value("token_weights", TensorProto.FLOAT, "tokens")],
        writer.stored,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)
    onnx.save(store_as_half(model), str(target))


def int8_rows(table: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Rows [V, D] as int8 and their scales [V, 1], so that int8 * scale is nearest."""
    scale = np.maximum(np.abs(table).max(1, keepdims=True), 1e-8) / 127.0
    return np.rint(table / scale).astype(np.int8), scale.astype(np.float32)


def _value(name: str, kind: int, last: int | str) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, kind, ["batch", last])


def _array(tensor: Tensor) -> Floats:
    return tensor.detach().numpy().astype(np.float32)


def _neighbours(w: GraphWriter) -> tuple[str, str]:
    """Names of the numbers [B, S] of pairs and triples, as in ``student.neighbours``."""
    here = w.add("Mul", ["input_ids", w.store("here", np.array(HERE))], "here_part")
    parts = []
    for back, factor in ((1, BEFORE), (2, TWO_BEFORE)):
        pads = w.store(f"back_{back}", np.array([0, back, 0, -back]))
        before = w.add("Pad", ["input_ids", pads], f"ids_{back}_before")
        parts.append(w.add("Mul", [before, w.store(f"factor_{back}", np.array(factor))], f"part_{back}"))
    pairs = w.add("Add", [here, parts[0]], "pairs")
    return pairs, w.add("Add", [pairs, parts[1]], "triples")


def _picked(w: GraphWriter, table: nn.Embedding, rows: str, name: str) -> str:
    """Rows of a table that is stored as int8 with one scale a row."""
    values, scales = int8_rows(_array(table.weight))
    stored, scale = w.store(f"{name}_int8", values), w.store(f"{name}_scale", scales)
    picked = w.add("Gather", [stored, rows], f"{name}_picked_int8")
    picked = w.add("Cast", [picked], f"{name}_picked", to=TensorProto.FLOAT)
    return w.add("Mul", [picked, w.add("Gather", [scale, rows], f"{name}_scales")], f"{name}_scaled")


def _embed(w: GraphWriter, student: Student, pairs: str) -> str:
    words = _picked(w, student.embedding, "input_ids", "embedding")
    rows = w.add("Mod", [pairs, w.store("pair_rows", np.array(student.shape.pairs))], "pair_row")
    near = _picked(w, student.pairs, rows, "pair_table")
    weight = w.store("pair_words", _array(student.pair_words.weight).T)
    words = w.add("Add", [words, w.add("MatMul", [near, weight], "near_pairs")], "words_and_pairs")
    real = w.add("Cast", ["attention_mask"], "real", to=TensorProto.FLOAT)
    last = w.store("last_axis", np.array([-1]))
    words = w.add("Mul", [words, w.add("Unsqueeze", [real, last], "real_column")], "words")
    return _convolve(w, student.convolution, words)


def _vote(w: GraphWriter, student: Student, groups: tuple[str, ...]) -> str:
    """Logits [B, 3] of the bag of groups."""
    table = w.store("bag", _array(student.bag.weight))
    factor, shift = w.store("bag_factor", np.array(BAG_FACTOR)), w.store("bag_shift", np.array(BAG_SHIFT))
    size = w.store("bag_rows", np.array(student.shape.bag))
    votes = []
    for number, group in enumerate(groups):
        code = w.add("Add", [w.add("Mul", [group, factor], f"spread_{number}"), shift], f"code_{number}")
        row = w.add("Mod", [code, size], f"bag_row_{number}")
        votes.append(w.add("Gather", [table, row], f"vote_{number}"))
    both = w.add("Mul", [w.add("Sum", votes, "votes_by_token"), "real_column"], "real_votes")
    count = w.add(
        "Unsqueeze", [w.add("Cast", ["length"], "length_float", to=TensorProto.FLOAT), "last_axis"], "count"
    )
    total = w.add("ReduceSum", [both, "axis_1"], "votes_sum", keepdims=0)
    return w.add("Div", [total, w.add("Sqrt", [count], "count_root")], "votes")


def _convolve(w: GraphWriter, convolution: nn.Conv1d, words: str) -> str:
    assert convolution.bias is not None
    kernel = w.store("near_kernel", _array(convolution.weight))
    bias = w.store("near_bias", _array(convolution.bias))
    channels = w.add("Transpose", [words], "channels", perm=[0, 2, 1])
    near = w.add("Conv", [channels, kernel, bias], "near", kernel_shape=[3], pads=[1, 1])
    near = w.add("Transpose", [w.add("Relu", [near], "near_positive")], "near_words", perm=[2, 0, 1])
    turned = w.add("Transpose", [words], "words_by_time", perm=[1, 0, 2])
    return w.add("Add", [turned, near], "lstm_words")


def _read_both_ways(w: GraphWriter, student: Student, words: str) -> str:
    """States [B, S, 2H]; ``words`` is [S, B, D]."""
    lengths = w.add("ReduceSum", ["attention_mask", w.store("axis_1", np.array([1]))], "length", keepdims=0)
    lengths = w.add("Cast", [lengths], "length_int32", to=TensorProto.INT32)
    both = (student.forward_lstm, student.backward_lstm)
    inputs = [_onnx_gates(_array(lstm.get_parameter("weight_ih_l0"))) for lstm in both]
    states = [_onnx_gates(_array(lstm.get_parameter("weight_hh_l0"))) for lstm in both]
    biases = [
        np.concatenate(
            [
                _onnx_gates(_array(lstm.get_parameter("bias_ih_l0"))),
                _onnx_gates(_array(lstm.get_parameter("bias_hh_l0"))),
            ]
        )
        for lstm in both
    ]
    hidden = student.shape.hidden
    read = [
        words,
        w.store("lstm_inputs", np.stack(inputs)),
        w.store("lstm_states", np.stack(states)),
        w.store("lstm_biases", np.stack(biases)),
        lengths,
    ]
    out = w.add("LSTM", read, "by_direction", hidden_size=hidden, direction="bidirectional")
    out = w.add("Transpose", [out], "by_text", perm=[2, 0, 1, 3])
    return w.add("Reshape", [out, w.store("joined", np.array([0, 0, 2 * hidden]))], "states")


def _onnx_gates(value: Floats) -> Floats:
    """Torch's gate order (input, forget, cell, output) as ONNX's (input, output, forget, cell)."""
    i, f, c, o = np.split(value, 4)
    return np.concatenate([i, o, f, c])


def _linear(w: GraphWriter, layer: nn.Module, source: str, name: str) -> str:
    assert isinstance(layer, nn.Linear)
    weight = w.store(f"{name}_weight", _array(layer.weight).T)
    product = w.add("MatMul", [source, weight], f"{name}_product")
    return w.add("Add", [product, w.store(f"{name}_bias", _array(layer.bias))], name)


def _attend(w: GraphWriter, student: Student, states: str) -> str:
    """Weights [B, S, K] over the words of each text, one column a head."""
    score = w.add("Tanh", [_linear(w, student.score[0], states, "score_hidden")], "score_tanh")
    score = _linear(w, student.score[2], score, "scores")
    begin = w.add("Equal", ["input_ids", w.store("begin_id", np.array(2))], "is_begin")
    end = w.add("Equal", ["input_ids", w.store("end_id", np.array(3))], "is_end")
    special = w.add("Cast", [w.add("Or", [begin, end], "is_special")], "special", to=TensorProto.FLOAT)
    special = w.add(
        "Mul", [special, w.store("special_score", np.array([SPECIAL_SCORE], np.float32))], "special_block"
    )
    padding = w.add("Sub", [w.store("one", np.array([1], np.float32)), "real"], "padding")
    padding = w.add("Mul", [padding, w.store("pad_score", np.array([PAD_SCORE], np.float32))], "pad_block")
    blocked = w.add("Unsqueeze", [w.add("Add", [special, padding], "block"), "last_axis"], "block_column")
    weights = w.add("Softmax", [w.add("Add", [score, blocked], "open_scores")], "head_weights", axis=1)
    w.add("ReduceMean", [weights], "token_weights", axes=[-1], keepdims=0)
    return weights


def _classify(w: GraphWriter, student: Student, states: str, weights: str, votes: str) -> None:
    turned = w.add("Transpose", [weights], "weights_by_head", perm=[0, 2, 1])
    pooled = w.add("MatMul", [turned, states], "pooled_heads")
    width = 2 * student.shape.hidden * student.shape.heads
    pooled = w.add("Reshape", [pooled, w.store("flat", np.array([0, width]))], "pooled")
    wide = w.add("Relu", [_linear(w, student.wide, pooled, "wide")], "wide_positive")
    w.add("Add", [_linear(w, student.head, wide, "deep_logits"), votes], "logits")
