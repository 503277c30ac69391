"""Which files beside itself an ONNX model wants to read.

An ONNX file may keep tensors in other files ("external data") under any path, absolute ones and
`..` included, and ONNX Runtime would open them. This walks the protobuf wire format of
`onnx.proto` (field numbers are fixed for ever by its compatibility rules) and lists those paths,
so that a pack can refuse what it does not list. The onnx package itself is not needed to run.
"""

from __future__ import annotations

from collections.abc import Iterator

# For each message the fields that lead to a tensor, and the message they hold (onnx.proto, IR 3+).
_CHILDREN: dict[str, dict[int, str]] = {
    "model": {7: "graph", 20: "training", 25: "function"},
    "training": {1: "graph", 2: "graph"},
    "function": {7: "node", 11: "attribute"},
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "node": {5: "attribute"},
    "attribute": {5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse", 23: "sparse"},
    "sparse": {1: "tensor", 2: "tensor"},
    "tensor": {13: "entry"},
}
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5


def external_locations(model: bytes) -> frozenset[str]:
    """The `location` of every external tensor, in subgraphs and functions too.

    Args:
        model: The bytes of an ONNX file.

    Returns:
        Paths as they stand in the model; empty when it needs no other file.

    Raises:
        ValueError: The bytes are not a protobuf message.
    """
    return frozenset(_walk(memoryview(model), "model"))


def _walk(message: memoryview, kind: str) -> Iterator[str]:
    pending = [(message, kind)]
    while pending:
        message, kind = pending.pop()
        children = _CHILDREN[kind]
        for number, value in _fields(message):
            child = children.get(number)
            if child == "entry":
                yield from _location(value)
            elif child:
                pending.append((value, child))


def _location(entry: memoryview) -> Iterator[str]:
    fields = dict(_fields(entry))
    if bytes(fields.get(1, b"")) == b"location":
        yield bytes(fields.get(2, b"")).decode("utf-8")


def _fields(message: memoryview) -> Iterator[tuple[int, memoryview]]:
    """The length-delimited fields of a message; the others are skipped."""
    at, end = 0, len(message)
    while at < end:
        key, at = _varint(message, at)
        wire = key & 7
        if wire == _BYTES:
            size, at = _varint(message, at)
            if at + size > end:
                raise ValueError("a field ends behind its message")
            yield key >> 3, message[at : at + size]
            at += size
        elif wire == _VARINT:
            _, at = _varint(message, at)
        elif wire in (_FIXED64, _FIXED32):
            at += 8 if wire == _FIXED64 else 4
        else:
            raise ValueError(f"unknown wire type {wire}")
    if at != end:
        raise ValueError("a field ends behind its message")


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if at >= len(message) or shift > 63:
            raise ValueError("a number does not end")
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at += 1
        if byte < 0x80:
            return value, at
        shift += 7
