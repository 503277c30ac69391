"""How fer2013 frames faces, so that the program frames those it finds in the same way."""

import numpy as np
from PIL import Image

from starter_face.fer_sheets import FaceSet
from starter_face.yunet import YuNet

# Faces are enlarged, with room around them: YuNet finds few that fill a picture.
ENLARGED, AROUND = 144, 56
SURE = 0.5
LOOKED_AT = 600


def measure_template(faces: FaceSet, teacher: YuNet, seed: int) -> list[float]:
    """Median places of YuNet's five points in the faces of the set.

    Args:
        faces: Training faces.
        teacher: Finds the points.
        seed: Chooses some hundred faces.

    Returns:
        x and y of each point in turn, as shares of the crop's side; made symmetric, as expressions are
        judged on mirror images too.

    Raises:
        ValueError: YuNet finds no face.
    """
    rows = np.random.default_rng(seed).permutation(len(faces))[:LOOKED_AT]
    found = []
    for row in rows.tolist():
        side = ENLARGED + 2 * AROUND
        grey = np.full((side, side), int(faces.pixels[row].mean()), np.uint8)
        face = Image.fromarray(faces.pixels[row]).resize((ENLARGED, ENLARGED), Image.Resampling.BICUBIC)
        grey[AROUND:-AROUND, AROUND:-AROUND] = np.asarray(face)
        best = teacher.find(np.repeat(grey[..., None], 3, 2), SURE)
        if len(best.scores):
            found.append((best.points[0] - AROUND) / ENLARGED)
    if not found:
        raise ValueError("the teacher finds no face in the set")
    points = np.median(np.stack(found), axis=0)
    mirrored = points[[1, 0, 2, 4, 3]] * (-1, 1) + (1, 0)
    return [round(float(value), 4) for value in ((points + mirrored) / 2).ravel()]
