"""What the roles `face-detect` and `face-expression` need to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mmdesk.packs.fields import Fields

DETECT_GRAPH = "detect"
EXPRESSION_GRAPH = "expression"
# Eyes, tip of the nose, corners of the mouth; the left one in the picture first.
POINTS = 5


@dataclass(frozen=True, slots=True)
class FaceDetectSpec:
    """Section `face_detect`; its graph is `detect`.

    The graph takes `pixels` uint8 [batch, height, width, 3] (RGB, sides multiples of `multiple`) and gives,
    for every cell of its own, `scores` [batch, cells] in [0, 1], `boxes` [batch, cells, 4] (x0, y0, x1, y1)
    and `points` [batch, cells, 5, 2] in pixels.

    Attributes:
        long_side: Larger pictures are shrunk until their longer side has so many pixels.
        multiple: Pictures are filled up to a multiple of this.
        threshold: Score from which a cell has found a face.
        overlap: Of two boxes that overlap more than this, the better one is the face.
    """

    long_side: int
    multiple: int
    threshold: float
    overlap: float


@dataclass(frozen=True, slots=True)
class FaceExpressionSpec:
    """Section `face_expression`; its graph is `expression`.

    The graph takes `crops` float32 [batch, 1, side, side] (grey levels 0..255) and gives `logits`
    [batch, labels].

    Attributes:
        side: Of a crop in pixels.
        template: Where the five points lie in a crop, as shares of its side.
        labels: Names of the expressions by language, in the order of the logits; English is there.
        valence: Valence in [-1, 1] of each expression.
        temperature: The logits are divided by it before the softmax (Guo et al., 2017).
        smallest: Smaller faces (root of the box's area, in pixels of the picture) are not judged.
        sharpest_needed: Crops with less detail (`models.face_crops.detail`) are not judged.
    """

    side: int
    template: tuple[tuple[float, float], ...]
    labels: Mapping[str, tuple[str, ...]]
    valence: tuple[float, ...]
    temperature: float
    smallest: float
    sharpest_needed: float


def read_face_detect(fields: Fields) -> FaceDetectSpec:
    """Reads section `face_detect`."""
    return FaceDetectSpec(
        long_side=fields.integer("long_side", 32, 8192),
        multiple=fields.integer("multiple", 1, 1024),
        threshold=fields.number("threshold", 0.0, 1.0),
        overlap=fields.number("overlap", 0.0, 1.0),
    )


def read_face_expression(fields: Fields) -> FaceExpressionSpec:
    """Reads section `face_expression`."""
    labels = _labels(fields)
    valence = fields.numbers("valence", -1.0, 1.0)
    if len(valence) != len(labels["en"]):
        raise fields.out_of_bounds("valence", f"{len(labels['en'])}")
    flat = fields.numbers("template", -1.0, 2.0)
    if len(flat) != 2 * POINTS:
        raise fields.out_of_bounds("template", f"{2 * POINTS}")
    return FaceExpressionSpec(
        side=fields.integer("side", 8, 1024),
        template=tuple(zip(flat[::2], flat[1::2], strict=True)),
        labels=labels,
        valence=valence,
        temperature=fields.number("temperature", 0.01, 100.0),
        smallest=fields.number("smallest", 1.0, 10_000.0),
        sharpest_needed=fields.number("sharpest_needed", 0.0, 1e6),
    )


def _labels(fields: Fields) -> dict[str, tuple[str, ...]]:
    with fields.child("labels") as inside:
        labels = {language: inside.texts(language, at_least=2) for language in inside.names()}
    if "en" not in labels or len({len(names) for names in labels.values()}) != 1:
        raise fields.out_of_bounds("labels", "en, as many in each language")
    if len(set(labels["en"])) != len(labels["en"]):
        raise fields.out_of_bounds("labels", "a name stands twice")
    return labels
