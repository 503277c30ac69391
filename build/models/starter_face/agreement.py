"""How far a detector finds what its teacher finds."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass

import numpy as np
from numpy.typing import NDArray

from mmdesk.models.boxes import overlaps
from starter_face.yunet import Found

# A face counts where the teacher is at least this sure of it, from this size (root of the area, pixels),
# and is found when a box overlaps by at least this much.
SURE = 0.7
SIZE = 24.0
MATCH = 0.5


@dataclass(frozen=True)
class Agreement:
    """Counts over many pictures.

    Attributes:
        faces: The teacher's faces.
        found: Those that have a partner.
        said: The detector's faces.
        right: Those that have a partner among the teacher's.
        nearly: Those that have one among the teacher's less sure faces too (from half of `SURE`).
        off: Sum over found faces of the mean distance of the points, as share of the face's size.
    """

    faces: int
    found: int
    said: int
    right: int
    nearly: int
    off: float

    def __add__(self, other: "Agreement") -> "Agreement":
        return Agreement(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))

    @property
    def recall(self) -> float:
        """Share of the teacher's faces that were found."""
        return self.found / max(1, self.faces)

    @property
    def precision(self) -> float:
        """Share of the detector's faces that the teacher names too."""
        return self.right / max(1, self.said)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.recall * self.precision / max(1e-9, self.recall + self.precision)

    def as_figures(self) -> Mapping[str, float]:
        """In percent; the points' distance in percent of the face's size."""
        return {
            "precision": 100 * self.precision,
            "recall": 100 * self.recall,
            "f1": 100 * self.f1,
            "precision_with_unsure": 100 * self.nearly / max(1, self.said),
            "point_distance": 100 * self.off / max(1, self.found),
        }


def agreement(mine: Sequence[Found], teacher: Sequence[Found], threshold: float) -> Agreement:
    """Compares picture by picture.

    A face at the border of `SIZE` may have a partner on the other side of it: partners may have any size.

    Args:
        mine: The detector's faces.
        teacher: The teacher's, also those that it is less sure of.
        threshold: The detector's faces count from this score.
    """
    counts = np.zeros(6)
    for ours, theirs in zip(mine, teacher, strict=True):
        counts += _of_picture(ours, theirs, threshold)
    faces, found, said, right, nearly = counts[:5].astype(int).tolist()
    return Agreement(faces, found, said, right, nearly, float(counts[5]))


def _of_picture(ours: Found, theirs: Found, threshold: float) -> NDArray[np.float64]:
    shared = overlaps(ours.boxes, theirs.boxes)
    said, sure = ours.scores >= threshold, theirs.scores >= SURE
    wanted, big = sure & (sizes(theirs.boxes) >= SIZE), said & (sizes(ours.boxes) >= SIZE)
    found = wanted & (shared[said] >= MATCH).any(0)
    right = big & (shared[:, sure] >= MATCH).any(1)
    nearly = big & (shared[:, theirs.scores >= SURE / 2] >= MATCH).any(1)
    off = 0.0
    for face in np.flatnonzero(found):
        partner = int(np.argmax(np.where(said, shared[:, face], -1)))
        apart = np.linalg.norm(ours.points[partner] - theirs.points[face], axis=1).mean()
        off += float(apart / sizes(theirs.boxes[face][None])[0])
    return np.array([wanted.sum(), found.sum(), big.sum(), right.sum(), nearly.sum(), off])


def sizes(boxes: NDArray[np.float32]) -> NDArray[np.float32]:
    """Root of each box's area."""
    sides = np.clip(boxes[:, 2:] - boxes[:, :2], 0, None)
    result: NDArray[np.float32] = np.sqrt(sides.prod(1))
    return result
