"""How long the pack takes, beside its teacher, in turns on the same machine."""

import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from statistics import median

import numpy as np

from mmdesk.packs.pack import open_pack
from mmdesk.runtime.device import Device, choose
from mmdesk.tasks.expressions import ExpressionReader
from mmdesk.tasks.faces import Face, FaceDetector
from starter_face.yunet import YuNet

SIDE = 640
FACES = 8
TURNS = 40


def measure_speed(pack: Path, teacher: Path, threads: int) -> dict[str, float]:
    """Milliseconds: ``detect_ms``, ``yunet_ms`` (a picture of 640 x 640), ``faces_ms`` (eight faces).

    What is timed of the detector is all of it, of YuNet only its graph.
    """
    opened, device = open_pack(pack), choose(Device.CPU)
    yunet = YuNet(teacher, threads)
    picture = np.random.default_rng(3).integers(0, 256, (SIDE, SIDE, 3), np.uint8)
    pixels = np.ascontiguousarray(picture[None, ..., ::-1].transpose(0, 3, 1, 2), np.float32)
    faces = [_face(40 + 70 * number) for number in range(FACES)]
    with (
        closing(FaceDetector(opened, device, threads)) as detector,
        closing(ExpressionReader(opened, device, threads)) as reader,
    ):
        return in_turns(
            {
                "detect_ms": lambda: detector.find(picture),
                "yunet_ms": lambda: yunet.raw(pixels),
                "faces_ms": lambda: reader.read(picture, faces),
            }
        )


def in_turns(runs: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Median milliseconds of each."""
    taken: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(TURNS):
        for name, run in runs.items():
            began = time.perf_counter()
            run()
            taken[name].append(1000 * (time.perf_counter() - began))
    return {name: median(values[2:]) for name, values in taken.items()}


def _face(left: float) -> Face:
    box = (left, 200.0, left + 96, 320.0)
    points = (
        (left + 28, 245.0),
        (left + 68, 245.0),
        (left + 48, 268.0),
        (left + 32, 290.0),
        (left + 64, 290.0),
    )
    return Face(box, points, 1.0)
