"""Faces of the split ``test`` with what people and the pack say that they express."""

from pathlib import Path

import numpy as np

from looking.page import Card, Line, evenly, page, picture
from mmdesk.packs.pack import open_pack
from mmdesk.runtime.device import Device, choose
from mmdesk.tasks.expressions import ExpressionReader, FaceAffect
from starter_face.fer_sheets import LABELS, read_faces

ENLARGED = 4


def face_sheet(pack: Path, data: Path, split: str, count: int) -> str:
    """The page.

    Args:
        pack: Folder of the face pack.
        data: Folder of the data sets; the faces are in its ``fer2013``.
        split: Of the faces.
        count: How many, evenly spread over the split and so over the labels.
    """
    faces = read_faces(data / "fer2013", split)
    reader = ExpressionReader(open_pack(pack), choose(Device.CPU))
    cards = []
    for place in evenly(len(faces), count):
        pixels, label = faces.pixels[place], LABELS[faces.labels[place]]
        (affect,) = reader.read_crops([pixels.astype(np.float32)])
        large = np.kron(pixels, np.ones((ENLARGED, ENLARGED), np.uint8))
        cards.append(Card(f"face {place}", picture(large), _lines(label, affect)))
    reader.close()
    right = sum(not card.lines[1].wrong for card in cards)
    return page("Faces", f"{len(cards)} faces of fer2013, split {split}; {right} as labelled.", cards)


def _lines(label: str, affect: FaceAffect) -> list[Line]:
    first, second = sorted(affect.distribution, key=lambda pair: -pair[1])[:2]
    said = f"{first[0]} {first[1]:.0%}, {second[0]} {second[1]:.0%}"
    return [
        Line("people", label),
        Line("pack", said, first[0] != label),
        Line("valence", f"{affect.valence:+.2f}"),
    ]
