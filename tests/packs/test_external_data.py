"""The files that a graph wants to read are found wherever they hide."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper

from mmdesk.packs.external_data import external_locations
from tests.graphs_for_tests import caption_decoder


def external(location: str) -> TensorProto:
    """A tensor whose values lie in another file."""
    tensor = numpy_helper.from_array(np.zeros(4, np.float32), "w")
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in (("offset", "0"), ("location", location), ("length", "16")):
        entry = tensor.external_data.add()
        entry.key, entry.value = key, value
    return tensor


def graph(*nodes: onnx.NodeProto, tensors: tuple[TensorProto, ...] = ()) -> onnx.GraphProto:
    return helper.make_graph(list(nodes), "g", [], [], initializer=list(tensors))


def sparse(tensor: TensorProto) -> onnx.SparseTensorProto:
    return onnx.SparseTensorProto(values=tensor, indices=TensorProto(data_type=TensorProto.INT64))


def hidden_models() -> dict[str, onnx.ModelProto]:
    """One model per place of onnx.proto where a tensor can stand."""
    inside = graph(tensors=(external("deep.bin"),))
    attributes = {
        "tensor attribute": helper.make_attribute("value", external("deep.bin")),
        "tensors attribute": helper.make_attribute("values", [external("deep.bin")]),
        "subgraph": helper.make_attribute("then_branch", inside),
        "subgraphs": helper.make_attribute("branches", [inside]),
        "sparse attribute": helper.make_attribute("value", sparse(external("deep.bin"))),
    }
    models = {}
    for name, attribute in attributes.items():
        node = helper.make_node("Anything", [], ["y"])
        node.attribute.append(attribute)
        models[name] = helper.make_model(graph(node))
    models["initializer"] = helper.make_model(inside)
    models["sparse initializer"] = helper.make_model(graph())
    models["sparse initializer"].graph.sparse_initializer.append(sparse(external("deep.bin")))
    node = helper.make_node("Constant", [], ["y"], value=external("deep.bin"))
    models["function"] = helper.make_model(graph())
    models["function"].functions.append(
        helper.make_function("d", "f", [], ["y"], [node], [helper.make_opsetid("", 17)])
    )
    models["training"] = helper.make_model(graph())
    models["training"].training_info.add().algorithm.CopyFrom(inside)
    return models


@pytest.mark.parametrize("place", sorted(hidden_models()))
def test_finds_external_data_in_every_place_of_the_format(place: str) -> None:
    assert external_locations(hidden_models()[place].SerializeToString()) == {"deep.bin"}


def test_a_whole_model_needs_no_other_file() -> None:
    assert external_locations(caption_decoder().SerializeToString()) == frozenset()


def test_a_location_stands_as_it_is_written() -> None:
    locations = ("../up.bin", "/etc/passwd", "ü.bin", "*/_ORT_MEM_ADDR_/*")
    model = helper.make_model(graph(tensors=tuple(external(location) for location in locations)))
    assert external_locations(model.SerializeToString()) == set(locations)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_message_or_a_value_error(data: bytes) -> None:
    try:
        locations = external_locations(data)
    except ValueError:
        return
    assert isinstance(locations, frozenset)


@given(st.integers(min_value=0, max_value=10_000))
def test_a_cut_model_is_never_taken_for_a_whole_one_with_other_files(cut: int) -> None:
    whole = caption_decoder().SerializeToString()
    part = whole[: cut % len(whole)]
    with suppress(ValueError):
        assert external_locations(part) == frozenset()
