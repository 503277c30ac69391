"""The teacher of the detector: YuNet (Wu et al., "YuNet: A Tiny Millisecond-level Face Detector", 2023).

Its graph takes BGR pixels 0..255 and answers, for strides 8, 16 and 32, with the scores ``cls`` and
``obj``, boxes and five points of every cell. The detector that is taught has the same cells.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from mmdesk.models.boxes import best_of_each

STRIDES = (8, 16, 32)
TEACHER = "yunet_n_dynamic.onnx"

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Cells:
    """What is said of every cell, all strides after each other.

    Attributes:
        scores: [B, cells] in [0, 1].
        boxes: [B, cells, 4] in pixels: x0, y0, x1, y1.
        points: [B, cells, 5, 2] in pixels: eyes, nose, corners of the mouth; left in the picture first.
    """

    scores: Floats
    boxes: Floats
    points: Floats


@dataclass(frozen=True)
class Found:
    """Faces of one picture, best first: scores [N], boxes [N, 4], points [N, 5, 2], in pixels."""

    scores: Floats
    boxes: Floats
    points: Floats


class YuNet:
    """Runs the teacher.

    Args:
        file: ``yunet_n_dynamic.onnx``.
        threads: Of one run.
    """

    def __init__(self, file: Path, threads: int = 1) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self._session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
        self._names = [output.name for output in self._session.get_outputs()]

    def cells(self, rgb: NDArray[np.uint8]) -> Cells:
        """Asks about pictures, uint8 [B, H, W, 3]; H and W are multiples of 32."""
        outputs = self.raw(np.ascontiguousarray(rgb[..., ::-1].transpose(0, 3, 1, 2), np.float32))
        parts = [_decoded(outputs, stride, rgb.shape[1:3]) for stride in STRIDES]
        return Cells(
            *(np.concatenate([getattr(p, f) for p in parts], 1) for f in ("scores", "boxes", "points"))
        )

    def raw(self, pixels: Floats) -> dict[str, Floats]:
        """The graph's own outputs for BGR pixels 0..255, float32 [B, 3, H, W]."""
        values = self._session.run(self._names, {"input": pixels})
        return dict(zip(self._names, values, strict=True))

    def find(self, rgb: NDArray[np.uint8], threshold: float, overlap: float = 0.3) -> Found:
        """Faces of one picture of any size, uint8 [H, W, 3]."""
        high, wide = (-(-side // 32) * 32 for side in rgb.shape[:2])
        padded = np.zeros((1, high, wide, 3), np.uint8)
        padded[0, : rgb.shape[0], : rgb.shape[1]] = rgb
        return best(self.cells(padded), 0, threshold, overlap)


def best(cells: Cells, row: int, threshold: float, overlap: float = 0.3) -> Found:
    """The faces of one picture of a batch."""
    likely = np.flatnonzero(cells.scores[row] >= threshold)
    scores, boxes = cells.scores[row][likely], cells.boxes[row][likely]
    kept = best_of_each(boxes, scores, overlap)
    return Found(scores[kept], boxes[kept], cells.points[row][likely][kept])


def _decoded(outputs: dict[str, Floats], stride: int, size: tuple[int, ...]) -> Cells:
    """Scores are the geometric mean of ``cls`` and ``obj``; sides are exponentials in strides."""
    rows, columns = np.mgrid[: size[0] // stride, : size[1] // stride].astype(np.float32)
    corner = np.stack([columns.ravel(), rows.ravel()], 1) * stride
    cls, obj = outputs[f"cls_{stride}"][..., 0], outputs[f"obj_{stride}"][..., 0]
    middle = outputs[f"bbox_{stride}"][..., :2] * stride + corner
    half = np.exp(outputs[f"bbox_{stride}"][..., 2:]) * stride / 2
    points = outputs[f"kps_{stride}"].reshape(*cls.shape, 5, 2) * stride + corner[:, None]
    scores = np.sqrt(np.clip(cls, 0, 1) * np.clip(obj, 0, 1))
    return Cells(scores, np.concatenate([middle - half, middle + half], -1), points)
