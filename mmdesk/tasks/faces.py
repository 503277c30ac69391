"""Finding faces in pictures."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmdesk.control import Control
from mmdesk.errors import PackNotFound
from mmdesk.events import Source
from mmdesk.models.boxes import best_of_each
from mmdesk.models.face_crops import fitted
from mmdesk.packs.face_spec import DETECT_GRAPH, FaceDetectSpec
from mmdesk.packs.pack import Pack
from mmdesk.packs.roles import Role
from mmdesk.runtime.device import Choice
from mmdesk.sentences import sentence
from mmdesk.tasks.loading import close, load_graphs, source

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Face:
    """A face in a picture, in pixels of the picture; it may reach beyond the edge.

    Attributes:
        box: Left, top, right and bottom.
        points: Eyes, tip of the nose, corners of the mouth (x, y); the left one in the picture first.
        score: How sure the detector is, in [0, 1].
    """

    box: tuple[float, float, float, float]
    points: tuple[Point, Point, Point, Point, Point]
    score: float

    @property
    def size(self) -> float:
        """Root of the box's area in pixels."""
        left, top, right, bottom = self.box
        return math.sqrt(max(0.0, right - left) * max(0.0, bottom - top))


class FaceDetector:
    """Finds faces with one pack. One thread at a time.

    Args:
        pack: A pack with the role `face-detect`.
        choice: The device, from `runtime.device.choose`.
        threads: Threads inside one run; by default the cores that this process may use.

    Raises:
        PackNotFound: The pack has another role.
        PackDamaged: A file changed since the pack was opened.
        DeviceUnavailable: The chosen device did not take the graph.
        ModelFailed: The graph cannot be loaded, or gives a wrong known answer.
    """

    def __init__(self, pack: Pack, choice: Choice, threads: int | None = None) -> None:
        self._spec = _spec(pack)
        self._sessions = load_graphs(pack, {DETECT_GRAPH: threads}, choice)
        self.source: Source = source(pack, self._sessions.values())

    def find(self, rgb: NDArray[np.uint8], control: Control | None = None) -> list[Face]:
        """Finds the faces of a picture.

        Args:
            rgb: uint8 [H, W, 3], upright, of any size; large ones are searched shrunk to the pack's long
                side (640 pixels in the starter pack), so their small faces are missed.
            control: Stops the run.

        Returns:
            Faces, the surest first.

        Raises:
            ValueError: The picture has another shape or type, or no pixel.
            Cancelled: The person stopped the work.
            ModelFailed: The graph could not be run.
        """
        if rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.dtype != np.uint8 or not rgb.size:
            raise ValueError(f"a picture is uint8 [H, W, 3], not {rgb.dtype} {list(rgb.shape)}")
        pixels, factor = fitted(rgb, self._spec.long_side, self._spec.multiple)
        said = self._sessions[DETECT_GRAPH].run({"pixels": pixels[None]}, control)
        likely = np.flatnonzero(said["scores"][0] >= self._spec.threshold)
        scores, boxes = said["scores"][0][likely], said["boxes"][0][likely]
        kept = best_of_each(boxes, scores, self._spec.overlap)
        points = said["points"][0][likely][kept] / factor
        rows = zip((boxes[kept] / factor).tolist(), points.tolist(), scores[kept].tolist(), strict=True)
        return [_face(*row) for row in rows]

    def close(self) -> None:
        """Gives the memory of the graph back."""
        close(self._sessions)


def _face(box: list[float], points: list[list[float]], score: float) -> Face:
    left, top, right, bottom = box
    first, second, third, fourth, fifth = ((x, y) for x, y in points)
    return Face((left, top, right, bottom), (first, second, third, fourth, fifth), score)


def _spec(pack: Pack) -> FaceDetectSpec:
    if pack.manifest.face_detect is None:
        raise PackNotFound(
            str(Role.FACE_DETECT),
            sentence("The model pack {pack} does not find faces.", pack=pack.manifest.name),
            sentence("Choose a pack with the role {role}.", role=str(Role.FACE_DETECT)),
        )
    return pack.manifest.face_detect
