"""The teacher of the detector: YuNet (Wu et al., "YuNet: A Tiny Millisecond-level Face Detector", 2023).

Its graph takes BGR pixels 0..255 and answers, for strides 8, 16 and 32, with the scores ``cls`` and
``obj``, boxes and five points of every cell. The detector that is taught has the same cells.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray

from mmdesk.models.boxes import best_of_each

STRIDES = (8, 16, 32)
TEACHER = "yunet_n_dynamic.onnx"
# Channels of the features that its heads rest on.
FELT = 64

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Cells:
    """What is said of every cell, all strides after each other.

    Attributes:
        scores: [B, cells] in [0, 1].
        boxes: [B, cells, 4] in pixels: x0, y0, x1, y1.
        points: [B, cells, 5, 2] in pixels: eyes, nose, corners of the mouth; left in the picture first.
        felt: What the last layers of all three rest on, float16 [B, cells, 64]; empty for a detector of ours.
    """

    scores: Floats
    boxes: Floats
    points: Floats
    felt: NDArray[np.float16]


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
        model, self._felt = _opened_up(file)
        self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        names = [output.name for output in self._session.get_outputs()]
        self._names = [name for name in names if name not in self._felt]

    def cells(self, rgb: NDArray[np.uint8]) -> Cells:
        """Asks about pictures, uint8 [B, H, W, 3]; H and W are multiples of 32."""
        pixels = np.ascontiguousarray(rgb[..., ::-1].transpose(0, 3, 1, 2), np.float32)
        names = [*self._names, *self._felt]
        outputs = dict(zip(names, self._session.run(names, {"input": pixels}), strict=True))
        parts = [_decoded(outputs, stride, rgb.shape[1:3]) for stride in STRIDES]
        felt = [outputs[name].reshape(len(rgb), FELT, -1).swapaxes(1, 2) for name in self._felt]
        scores, boxes, points = map(_joined, zip(*parts, strict=True))
        return Cells(scores, boxes, points, _joined(felt).astype(np.float16))

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


def _decoded(outputs: dict[str, Floats], stride: int, size: tuple[int, ...]) -> tuple[Floats, Floats, Floats]:
    """Scores are the geometric mean of ``cls`` and ``obj``; sides are exponentials in strides."""
    rows, columns = np.mgrid[: size[0] // stride, : size[1] // stride].astype(np.float32)
    corner = np.stack([columns.ravel(), rows.ravel()], 1) * stride
    cls, obj = outputs[f"cls_{stride}"][..., 0], outputs[f"obj_{stride}"][..., 0]
    middle = outputs[f"bbox_{stride}"][..., :2] * stride + corner
    half = np.exp(outputs[f"bbox_{stride}"][..., 2:]) * stride / 2
    points = outputs[f"kps_{stride}"].reshape(*cls.shape, 5, 2) * stride + corner[:, None]
    scores = np.sqrt(np.clip(cls, 0, 1) * np.clip(obj, 0, 1))
    return scores, np.concatenate([middle - half, middle + half], -1), points


def _joined(parts: Iterable[Floats]) -> Floats:
    """All strides after each other."""
    return np.concatenate(list(parts), 1)


def _opened_up(file: Path) -> tuple[bytes, list[str]]:
    """The graph with the features of each stride as outputs too, and their names.

    All heads of a stride are linear in what the last ReLU before them gives.
    """
    model = onnx.load(file)
    makers = {output: node for node in model.graph.node for output in node.output}
    felt = []
    for stride in STRIDES:
        name = f"cls_{stride}"
        while makers[name].op_type != "Relu":
            name = makers[name].input[0]
        felt.append(name)
        model.graph.output.append(onnx.helper.make_empty_tensor_value_info(name))
    return model.SerializeToString(), felt
