"""Faces: finding them at 640 pixels beside YuNet, and judging eight, on two cores."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.engines import engine
from bench.figures import milliseconds, ratio, side_by_side, tell
from mmdesk.runtime.cores import available_cores
from mmdesk.runtime.library import onnx_runtime
from mmdesk.tasks.faces import Face

SIDE, FACES, TIMES = 640, 8, 40


def main() -> None:
    """Prints milliseconds of both tasks; with MMDESK_BENCH_YUNET (a file) also the ratio to YuNet."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])
    cores = min(2, available_cores())
    models = engine(threads=cores)
    detector, reader = models.face_detector(), models.expression_reader()
    picture = np.random.default_rng(3).integers(0, 256, (SIDE, SIDE, 3), np.uint8)
    faces = [_face(40 + 70 * number) for number in range(FACES)]
    runs = {"find": lambda: detector.find(picture), "read": lambda: reader.read(picture, faces)}
    teacher = os.environ.get("MMDESK_BENCH_YUNET")
    if teacher:
        yunet = _YuNet(Path(teacher), cores)
        pixels = np.ascontiguousarray(picture[None, ..., ::-1].transpose(0, 3, 1, 2), np.float32)
        seconds = side_by_side({**runs, "yunet": lambda: yunet.run(pixels)}, TIMES)
    else:
        seconds = side_by_side(runs, TIMES)
    figures = {
        "find faces, 640 × 640": milliseconds(seconds["find"]),
        "judge 8 faces": f"{milliseconds(seconds['read'])}  (wanted: at most 15 ms)",
    }
    if teacher:
        figures["YuNet's graph alone"] = milliseconds(seconds["yunet"])
        figures["YuNet takes so many times as long"] = f"{ratio(seconds['yunet'], seconds['find']):.2f}"
    tell(f"Faces, {cores} cores", figures)
    models.close()


class _YuNet:
    """Another detector, for comparison; it is none of ours and not in the repository."""

    def __init__(self, file: Path, threads: int) -> None:
        library = onnx_runtime()
        options = library.SessionOptions()
        options.intra_op_num_threads = threads
        self._session = library.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])

    def run(self, pixels: NDArray[np.float32]) -> object:
        """Its own outputs for BGR pixels 0..255, float32 [1, 3, H, W]."""
        return self._session.run(None, {"input": pixels})


def _face(left: float) -> Face:
    points = (
        (left + 28, 245.0),
        (left + 68, 245.0),
        (left + 48, 268.0),
        (left + 32, 290.0),
        (left + 64, 290.0),
    )
    return Face((left, 200.0, left + 96, 320.0), points, 1.0)


if __name__ == "__main__":
    main()
