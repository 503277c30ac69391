"""A tiny real pack of faces; what it says can be foretold.

    from tests.face_packs_for_tests import portrait, write_face_pack

A face is a red square of 16 pixels: its box is 32 pixels wide around the middle of each 8-pixel cell that is
red enough, so a square whose corner is a multiple of 16 is found once or more and kept once. Its points lie
as a face's do. A crop is "happy" when its lower half is brighter than its upper half, "angry" the other way
round, and else neutral.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray

from tests.graphs_for_tests import model_of
from tests.packs_for_tests import _manifest, _write, known_answer

LABELS = ("angry", "happy", "neutral")
# All that fer2013 has.
SEVEN = ("angry", "happy", "neutral", "disgust", "fear", "sad", "surprise")
SIDE = 48
# Eyes, nose and mouth from the middle of a box of 32 pixels.
POINTS = ((-6, -6), (6, -6), (0, 0), (-5, 6), (5, 6))


def portrait(places: list[tuple[int, int]], width: int = 320, height: int = 240) -> NDArray[np.uint8]:
    """A green picture with a face around each place (x, y; multiples of 8, plus 4)."""
    picture = np.zeros((height, width, 3), np.uint8)
    picture[..., 1] = 90
    for x, y in places:
        picture[y - 4 : y + 4, x - 4 : x + 4] = (255, 0, 0)
    return picture


def detect_graph() -> onnx.ModelProto:
    """Redness of cells of 8 pixels."""
    text = """
    detect (uint8[batch, height, width, 3] pixels)
        => (float[batch, cells] scores, float[batch, cells, 4] boxes, float[batch, cells, 5, 2] points)
    {
        float_pixels = Cast <to = 1> (pixels)
        planes = Transpose <perm = [0, 3, 1, 2]> (float_pixels)
        small = AveragePool <kernel_shape = [8, 8], strides = [8, 8]> (planes)
        red = Conv(small, redness)
        likely = Relu(red)
        scores = Reshape(likely, flat)
        nothing = Mul(red, zero)
        one = Add(nothing, unit)
        column = CumSum(one, across)
        row = CumSum(one, down)
        x_of = Mul(column, eight)
        y_of = Mul(row, eight)
        x = Sub(x_of, four)
        y = Sub(y_of, four)
        middle = Concat <axis = 1> (x, y, x, y)
        sides = Add(middle, reach)
        sides_flat = Reshape(sides, four_flat)
        boxes = Transpose <perm = [0, 2, 1]> (sides_flat)
        middles = Concat <axis = 1> (x, y, x, y, x, y, x, y, x, y)
        places = Add(middles, offsets)
        places_flat = Reshape(places, ten_flat)
        places_last = Transpose <perm = [0, 2, 1]> (places_flat)
        points = Reshape(places_last, pairs)
    }
    """
    weights = {
        "redness": np.array([1, -1, 0], np.float32).reshape(1, 3, 1, 1) / 255,
        "flat": np.array([0, -1]),
        "zero": np.float32(0),
        "unit": np.float32(1),
        "across": np.int64(3),
        "down": np.int64(2),
        "eight": np.float32(8),
        "four": np.float32(4),
        "reach": np.array([-16, -16, 16, 16], np.float32).reshape(1, 4, 1, 1),
        "four_flat": np.array([0, 4, -1]),
        "offsets": np.array(POINTS, np.float32).reshape(1, 10, 1, 1),
        "ten_flat": np.array([0, 10, -1]),
        "pairs": np.array([0, -1, 5, 2]),
    }
    return model_of(text, {name: np.asarray(value) for name, value in weights.items()})


def expression_graph(labels: int) -> onnx.ModelProto:
    """Brightness of the lower half against the upper one."""
    text = f"""
    expression (float[batch, 1, {SIDE}, {SIDE}] crops) => (float[batch, {labels}] logits)
    {{
        flat = Reshape(crops, rows)
        logits = MatMul(flat, halves)
    }}
    """
    slope = np.where(np.arange(SIDE) < SIDE // 2, -1.0, 1.0).repeat(SIDE) / (SIDE * SIDE / 2)
    halves = np.stack([-slope, slope, *([0 * slope] * (labels - 2))], 1).astype(np.float32) * 0.05
    return model_of(text, {"rows": np.array([0, -1]), "halves": halves})


def write_face_pack(folder: Path, named_as_fer2013: bool = False) -> Path:
    """Writes `tiny-face` (roles face-detect and face-expression) and returns the folder.

    With `named_as_fer2013` it has all seven labels.
    """
    folder.mkdir(parents=True, exist_ok=True)
    labels = SEVEN if named_as_fer2013 else LABELS
    detect, expression = detect_graph(), expression_graph(len(labels))
    (folder / "detect.onnx").write_bytes(detect.SerializeToString())
    (folder / "expression.onnx").write_bytes(expression.SerializeToString())
    pixels = {"pattern": "ramp_int", "shape": [1, 32, 64, 3], "low": 0, "modulus": 251, "dtype": "uint8"}
    ramp = (np.arange(32 * 64 * 3) % 251).astype(np.uint8).reshape(1, 32, 64, 3)
    crops = {"pattern": "ramp", "shape": [2, 1, SIDE, SIDE], "low": 0.0, "high": 255.0}
    grey = np.linspace(0, 255, 2 * SIDE * SIDE).astype(np.float32).reshape(2, 1, SIDE, SIDE)
    answers = [
        known_answer("detect", detect, {"pixels": pixels}, {"pixels": ramp}),
        known_answer("expression", expression, {"crops": crops}, {"crops": grey}),
    ]
    sections = {
        "roles": ["face-detect", "face-expression"],
        "known_answers": answers,
        "face_detect": {"long_side": 640, "multiple": 32, "threshold": 0.9, "overlap": 0.3},
        "face_expression": {
            "side": SIDE,
            "template": [0.3, 0.35, 0.7, 0.35, 0.5, 0.55, 0.35, 0.75, 0.65, 0.75],
            "labels": {"en": list(labels)},
            "valence": [-0.5, 0.8, *([0.0] * (len(labels) - 2))],
            "temperature": 1.0,
            "smallest": 20,
            "sharpest_needed": 0.05,
        },
    }
    manifest = _manifest("tiny-face", "", [], {"detect": detect, "expression": expression})
    return _write(folder, {**manifest, **sections})
