"""The model card and the rows for RESULTS.md: fixed words, and figures measured by the run."""

import os
import platform
import re
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from string import Template

import numpy as np
import onnx

from kit.request import TrainRequest
from mmdesk.packs.pack import open_pack
from mmdesk.runtime.device import Device, choose
from mmdesk.tasks.expressions import ExpressionReader
from mmdesk.tasks.faces import FaceDetector
from starter_face.detector_training import DetectorPlan
from starter_face.evaluation import (
    chances_of,
    found_and_read,
    measure_face_detect,
    measure_face_expression,
)
from starter_face.export import DETECT, EXPRESSION
from starter_face.expression_training import ExpressionData, ExpressionPlan
from starter_face.fer_sheets import LABELS, FaceSet, read_faces
from starter_face.packing import VALENCE, Chosen
from starter_face.results import write_results
from starter_face.speed import measure_speed
from starter_face.yunet import TEACHER

THREADS = 2
FOUND_FACES = 700
SMOKE = 24

History = Sequence[Mapping[str, float]]


def write_card(
    request: TrainRequest, chosen: Chosen, faces: ExpressionData, expression: History, detector: History
) -> None:
    """Measures the pack, whose manifest is in place, and writes ``README.md`` and the rows of results."""
    limit = SMOKE if request.smoke else None
    fer, flickr = request.data / "fer2013", request.data / "flickr8k"
    read = measure_face_expression(request.pack, fer, "test", "en", limit, request.threads)
    found = measure_face_detect(request.pack, flickr, "test", "en", limit, request.threads)
    by_itself = _by_itself(request, read_faces(fer, "test"), limit or FOUND_FACES)
    speed = measure_speed(request.pack, request.data / "pretrained_small" / TEACHER, THREADS)
    fields = (
        _expression_facts(read.metrics, read.n, chosen)
        | {name: f"{value:.1f}" for name, value in found.metrics.items()}
        | {name: f"{value:.1f}" for name, value in (by_itself | speed).items()}
        | _training_facts(request, expression, detector)
        | _sizes(request.pack)
    )
    fields["photos"], fields["canvas_count"] = str(found.n), str(found.n // 4)
    fields["faces"] = f"{found.metrics['faces']:.0f}"
    fields["validation_faces"], fields["seed"] = f"{len(faces.validation):,}", str(request.seed)
    fields["train_faces"] = f"{len(faces.train):,}"
    fields["disgust"] = str(int((faces.train.labels == LABELS.index("disgust")).sum()))
    template = Template(Path(__file__).with_name("card.md").read_text(encoding="utf-8"))
    (request.pack / "README.md").write_text(template.substitute(fields), encoding="utf-8")
    if not request.smoke:
        write_results(chosen, (read, found), by_itself, speed)


def _expression_facts(metrics: Mapping[str, float], count: int, chosen: Chosen) -> dict[str, str]:
    half = 1.96 * 100 * float(np.sqrt(metrics["accuracy"] / 100 * (1 - metrics["accuracy"] / 100) / count))
    classes = "\n".join(f"| {label} | {metrics[f'f1_{label}']:.1f} % |" for label in LABELS)
    tried = "\n".join(f"| {name} | {value:.1f} % |" for name, value in chosen.judging.accuracies.items())
    return {
        **{name: f"{metrics[name]:.1f}" for name in ("accuracy", "macro_f1", "weighted_f1", "ece")},
        "interval": f"{metrics['accuracy'] - half:.1f} to {metrics['accuracy'] + half:.1f}",
        "test_faces": f"{count:,}",
        "by_class": f"| expression | F1 |\n|---|---|\n{classes}",
        "tried": f"| tried | accuracy |\n|---|---|\n{tried}",
        "valence": ", ".join(f"{a} {b:+.2f}" for a, b in zip(LABELS, VALENCE, strict=True)),
        "side": f"{chosen.judging.side} × {chosen.judging.side}",
        "averages": ", and averages the logits of the crop and its mirror image"
        if chosen.judging.mirrored
        else "",
        "threshold": f"{chosen.threshold:.2f}",
        "smallest": f"{chosen.judging.smallest:.0f}",
        "sharpest_needed": f"{chosen.judging.sharpest_needed:.2f}",
    }


def _by_itself(request: TrainRequest, faces: FaceSet, count: int) -> dict[str, float]:
    """Accuracy where the program finds and frames the faces, and of the same faces as the set has them."""
    some = faces.take(np.linspace(0, len(faces) - 1, count).astype(np.int64))
    pack, device = open_pack(request.pack), choose(Device.CPU)
    with (
        closing(FaceDetector(pack, device, request.threads)) as detector,
        closing(ExpressionReader(pack, device, request.threads)) as reader,
    ):
        chances, rows = found_and_read(detector, reader, some)
        same = chances_of(reader, some.take(rows)) if len(rows) else chances
    right = some.labels[rows]
    return {
        "found_share": 100 * len(rows) / len(some),
        "found_accuracy": 100 * float((chances.argmax(1) == right).mean()) if len(rows) else 0.0,
        "same_accuracy": 100 * float((same.argmax(1) == right).mean()) if len(rows) else 0.0,
    }


def _training_facts(request: TrainRequest, expression: History, detector: History) -> dict[str, str]:
    plan, lessons = ExpressionPlan(), DetectorPlan()
    step_names = ("score", "precision", "recall")
    note = request.work / "interrupted.txt"
    return {
        "epochs": str(len(expression)),
        "small_epochs": str(int(np.ceil(plan.small * plan.epochs))),
        "steps": f"{detector[-1]['step']:,.0f}" if detector else "0",
        "batch": str(lessons.batch),
        "interrupted": note.read_text(encoding="utf-8").strip() if note.exists() else "",
        "epoch_rows": "\n".join(
            f"| {number} | {row['loss']:.3f} | {row['accuracy']:.1f} % |"
            for number, row in enumerate(expression, 1)
        ),
        "step_rows": "\n".join(
            f"| {row['step']:,.0f} | " + " | ".join(f"{row[name]:.2f}" for name in step_names) + " |"
            for row in detector
        ),
        "machine": machine(),
        "load": f"{os.getloadavg()[0]:.0f}" if hasattr(os, "getloadavg") else "unknown",
    }


def _sizes(pack: Path) -> dict[str, str]:
    size = sum(path.stat().st_size for path in pack.iterdir() if path.suffix == ".onnx")
    return {
        "mebibytes": f"{size / 2**20:.1f}",
        "detector_parameters": f"{_weights(pack / DETECT) / 1000:.0f}",
        "expression_parameters": f"{_weights(pack / EXPRESSION) / 1000:,.0f}",
    }


def _weights(file: Path) -> int:
    return sum(int(np.prod(tensor.dims)) for tensor in onnx.load(file).graph.initializer)


def machine() -> str:
    """Processor and operating system, as far as they are told."""
    cpuinfo = Path("/proc/cpuinfo")
    names = re.findall(r"model name\s*: (.+)", cpuinfo.read_text()) if cpuinfo.exists() else []
    return f"{names[0] if names else platform.processor()} ({os.cpu_count()} cores), {platform.system()}"
