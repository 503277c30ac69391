"""What a manifest says about its graphs: tensors, and answers that are known beforehand."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from mmdesk.packs.fields import Fields

DTYPES = ("float32", "float16", "int64", "int32", "uint8", "bool")
MOST_ELEMENTS = 2**28


@dataclass(frozen=True, slots=True)
class TensorSpec:
    """One input or output of a graph.

    Attributes:
        name: Its name in the graph.
        dtype: numpy's name of the element type.
        shape: Sizes; a word names an axis whose size may change ("batch").
    """

    name: str
    dtype: str
    shape: tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class GraphSpec:
    """One ONNX file of a pack."""

    name: str
    file: str
    inputs: tuple[TensorSpec, ...]
    outputs: tuple[TensorSpec, ...]


class Pattern(StrEnum):
    """How the values of a known answer's input are made; all in C order.

    `ramp` is `linspace(low, high, size)`, `ramp_int` is `arange(size) % modulus + low`, `values` are
    written out.
    """

    RAMP = "ramp"
    RAMP_INT = "ramp_int"
    ONES = "ones"
    ZEROS = "zeros"
    VALUES = "values"


@dataclass(frozen=True, slots=True)
class InputPattern:
    """An input tensor of a known answer; see `Pattern`."""

    pattern: Pattern
    shape: tuple[int, ...]
    dtype: str
    low: float = 0.0
    high: float = 0.0
    modulus: int = 1
    values: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Expected:
    """What an output must be.

    Attributes:
        shape: Exact shape.
        first: The first values in C order, up to 16.
        mean: Over the whole tensor.
        std: Over the whole tensor (population).
    """

    shape: tuple[int, ...]
    first: tuple[float, ...]
    mean: float
    std: float


@dataclass(frozen=True, slots=True)
class KnownAnswer:
    """Inputs of a graph and what comes out; compared within `tolerance * max(1, |value|)`."""

    graph: str
    inputs: Mapping[str, InputPattern]
    outputs: Mapping[str, Expected]
    tolerance: float


def read_graph(name: str, fields: Fields) -> GraphSpec:
    """Reads one entry of `graphs`."""
    return GraphSpec(name, fields.text("file"), _tensors(fields, "inputs"), _tensors(fields, "outputs"))


def _tensors(fields: Fields, key: str) -> tuple[TensorSpec, ...]:
    tensors = tuple(
        TensorSpec(one.text("name"), one.choice("dtype", DTYPES), _open_shape(one))
        for one in fields.children(key, at_least=1)
    )
    if len({tensor.name for tensor in tensors}) != len(tensors):
        raise fields.out_of_bounds(key, "a name stands twice")
    return tensors


def _open_shape(fields: Fields) -> tuple[int | str, ...]:
    sizes: list[int | str] = []
    for size in fields.array("shape"):
        named = isinstance(size, str) and size.isidentifier()
        fixed = isinstance(size, int) and not isinstance(size, bool) and size > 0
        if not isinstance(size, int | str) or not (named or fixed):
            raise fields.wrong_type(fields.place("shape"), "[integer | name, ...]")
        sizes.append(size)
    return tuple(sizes)


def read_known_answer(fields: Fields, graphs: Mapping[str, GraphSpec]) -> KnownAnswer:
    """Reads one entry of `known_answers`, checked against the graphs' declarations."""
    graph = fields.text("graph")
    if graph not in graphs:
        raise fields.out_of_bounds("graph", " | ".join(graphs))
    inputs = {name: _pattern(inside) for name, inside in fields.named("inputs")}
    outputs = {name: _expected(inside) for name, inside in fields.named("outputs")}
    declared = graphs[graph]
    if inputs.keys() != {tensor.name for tensor in declared.inputs}:
        raise fields.out_of_bounds("inputs", "the names of the graph's inputs")
    if not outputs or not outputs.keys() <= {tensor.name for tensor in declared.outputs}:
        raise fields.out_of_bounds("outputs", "names of the graph's outputs")
    return KnownAnswer(graph, inputs, outputs, fields.number("tolerance", 0.0, 1.0))


def _pattern(fields: Fields) -> InputPattern:
    shape = _closed_shape(fields)
    pattern = Pattern(fields.choice("pattern", tuple(Pattern), default=Pattern.VALUES))
    if pattern is Pattern.RAMP:
        low, high = fields.number("low", -1e30, 1e30), fields.number("high", -1e30, 1e30)
        return InputPattern(pattern, shape, fields.choice("dtype", DTYPES, "float32"), low, high)
    if pattern is Pattern.RAMP_INT:
        low, modulus = fields.integer("low", -(2**31), 2**31), fields.integer("modulus", 1, 2**31)
        dtype = fields.choice("dtype", DTYPES, "int64")
        return InputPattern(pattern, shape, dtype, low, modulus=modulus)
    dtype = fields.choice("dtype", DTYPES)
    if pattern is not Pattern.VALUES:
        return InputPattern(pattern, shape, dtype)
    values = fields.numbers("values", -1e30, 1e30)
    if len(values) != math.prod(shape):
        raise fields.out_of_bounds("values", f"{math.prod(shape)}")
    return InputPattern(pattern, shape, dtype, values=values)


def _expected(fields: Fields) -> Expected:
    shape = _closed_shape(fields)
    first = fields.numbers("first", -1e30, 1e30)
    if len(first) < min(1, math.prod(shape)) or len(first) > min(16, math.prod(shape)):
        raise fields.out_of_bounds("first", "1 ... 16 values")
    return Expected(shape, first, fields.number("mean", -1e30, 1e30), fields.number("std", 0, 1e30))


def _closed_shape(fields: Fields) -> tuple[int, ...]:
    shape = fields.integers("shape", 0, MOST_ELEMENTS)
    if math.prod(shape) > MOST_ELEMENTS:
        raise fields.out_of_bounds("shape", f"<= {MOST_ELEMENTS}")
    return shape
