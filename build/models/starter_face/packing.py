"""Writes the manifest of ``starter-face``."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kit.known_answers import know
from kit.pack_writer import describe_graph, write_manifest
from starter_face.export import DETECT, DETECT_SHAPES, EXPRESSION, EXPRESSION_SHAPES
from starter_face.fer_sheets import LABELS, SIDE
from starter_face.quality import Judging

NAME = "starter-face"
VERSION = "1.0.0"
TOLERANCE = 0.01
LONG_SIDE = 640
MULTIPLE = 32
OVERLAP = 0.3
# The threshold while the right one is looked for.
LOW = 0.2
CHINESE = ("愤怒", "厌恶", "恐惧", "高兴", "悲伤", "惊讶", "平静")
# Pleasure of each emotion as people rated it (Russell and Mehrabian, "Evidence for a three-factor theory of
# emotions", 1977; the circumplex of Russell, 1980, has the same order), in the order of LABELS.
VALENCE = (-0.51, -0.60, -0.64, 0.81, -0.63, 0.40, 0.0)
LAW = (
    "Trained on fer2013, whose pictures were gathered from the web for a challenge and state no licence, "
    "and on Flickr8k, which was given out for non-commercial research and education and whose "
    "photographers keep their copyright. Use these weights for research and non-commercial purposes "
    "only. YuNet, which taught the detector, is published under the Apache License 2.0."
)
TRAINING_DATA = (
    "fer2013, training faces (Goodfellow et al., ICONIP 2013)",
    "Flickr8k, 6,000 training photos (Hodosh, Young, Hockenmaier, JAIR 47, 2013), labelled by YuNet",
)
LIMITS = (
    "Says what a face shows, which need not be what the person feels.",
    "Seven expressions, posed or not, of faces from the web; disgust is rare there and often missed.",
    "Pictures are searched at 640 pixels: faces under 24 of these pixels are often missed.",
    "Faces from the side, covered or badly lit are judged worse.",
    "The training faces were not balanced by age, sex or skin.",
)


@dataclass(frozen=True)
class Chosen:
    """What validation chose.

    Attributes:
        threshold: The detector's.
        template: x and y of the five points, as shares of a crop's side.
        judging: Of expressions.
    """

    threshold: float
    template: Sequence[float]
    judging: Judging


def declare(folder: Path, chosen: Chosen) -> None:
    """Writes the manifest of a folder whose other files are in place."""
    pixels = {"pattern": "ramp_int", "shape": [1, 96, 128, 3], "low": 0, "modulus": 251, "dtype": "uint8"}
    crops = {"pattern": "ramp", "shape": [2, 1, SIDE, SIDE], "low": 0.0, "high": 255.0}
    write_manifest(
        folder,
        {
            "name": NAME,
            "version": VERSION,
            "title": {"en": "Starter faces", "zh": "入门人脸与表情"},
            "roles": ["face-detect", "face-expression"],
            "languages": [],
            "precision": "fp32",
            "stored": "fp16",
            "licence": {
                "weights": "research and non-commercial use",
                "research_only": True,
                "notice": LAW,
            },
            "training_data": list(TRAINING_DATA),
            "limits": list(LIMITS),
            "graphs": {
                "detect": describe_graph(folder / DETECT, DETECT_SHAPES),
                "expression": describe_graph(folder / EXPRESSION, EXPRESSION_SHAPES),
            },
            "known_answers": [
                know("detect", folder / DETECT, {"pixels": pixels}, TOLERANCE),
                know("expression", folder / EXPRESSION, {"crops": crops}, TOLERANCE),
            ],
            "face_detect": {
                "long_side": LONG_SIDE,
                "multiple": MULTIPLE,
                "threshold": chosen.threshold,
                "overlap": OVERLAP,
            },
            "face_expression": {
                "side": SIDE,
                "template": list(chosen.template),
                "labels": {"en": list(LABELS), "zh": list(CHINESE)},
                "valence": list(VALENCE),
                "temperature": chosen.judging.temperature,
                "smallest": float(chosen.judging.smallest),
                "sharpest_needed": chosen.judging.sharpest_needed,
            },
        },
    )
