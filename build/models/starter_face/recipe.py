"""The whole recipe of the pack ``starter-face``: data to pack."""

from contextlib import closing
from dataclasses import dataclass, replace

import numpy as np
import torch

from kit.checkpoint import load_checkpoint
from kit.request import TrainRequest
from kit.seeds import seed_everything
from mmdesk.packs.pack import open_pack
from mmdesk.runtime.device import Device, choose
from mmdesk.tasks.faces import FaceDetector
from starter_face.agreement import agreement
from starter_face.canvases import Canvases, seen_in
from starter_face.card import write_card
from starter_face.detector_net import DetectorNet
from starter_face.detector_training import DetectorPlan, DetectorTraining, make_exam
from starter_face.evaluation import canvases, found_by_both, singles
from starter_face.export import export_detector, export_expression
from starter_face.expression_augment import TRAIN_SIDE
from starter_face.expression_net import ExpressionNet
from starter_face.expression_training import (
    ExpressionData,
    ExpressionPlan,
    ExpressionTraining,
    load_expression_data,
)
from starter_face.fer_sheets import LABELS, FaceSet
from starter_face.framing import measure_template
from starter_face.packing import LOW, Chosen, declare
from starter_face.photos import Photos
from starter_face.quality import choose_judging
from starter_face.yunet import TEACHER, YuNet

EXAM = 300
SMOKE_PHOTOS, SMOKE_FACES = 24, 12


@dataclass(frozen=True)
class Histories:
    """What the trainings said of themselves, one row an epoch or checkpoint."""

    expression: list[dict[str, float]]
    detector: list[dict[str, float]]


def train(request: TrainRequest) -> None:
    """Trains both networks, exports, chooses thresholds on validation data and describes the pack.

    Raises:
        FileNotFoundError: ``fer2013``, ``flickr8k`` or YuNet's file is not in the data folder.
    """
    torch.set_num_threads(request.threads)
    seed_everything(request.seed)
    teacher = YuNet(request.data / "pretrained_small" / TEACHER)
    plan = expression_plan(request)
    faces = load_expression_data(request.data / "fer2013", plan, SMOKE_FACES if request.smoke else None)
    expression = ExpressionNet(len(LABELS))
    taught = ExpressionTraining(expression, faces, plan, request.work / "expression.pt", request.resume).run()
    detector, learnt = trained_detector(request, teacher, faces.train)
    finish(request, teacher, (expression, detector), faces, Histories(taught, learnt))


def expression_plan(request: TrainRequest) -> ExpressionPlan:
    """The settings; the smoke run is over in seconds."""
    plan = ExpressionPlan(seed=request.seed)
    return replace(plan, epochs=2, batch=16) if request.smoke else plan


def detector_plan(request: TrainRequest) -> DetectorPlan:
    """The settings; the smoke run is over in seconds."""
    plan = DetectorPlan(seed=request.seed)
    return replace(plan, steps=4, batch=2, side=128, every=2) if request.smoke else plan


def trained_detector(
    request: TrainRequest, teacher: YuNet, faces: FaceSet
) -> tuple[DetectorNet, list[dict[str, float]]]:
    """The detector after its training, and what the training said."""
    plan = detector_plan(request)
    limit = SMOKE_PHOTOS if request.smoke else None
    training, held = (Photos(request.data / "flickr8k", split, limit) for split in ("train", "val"))
    seen, asked = (
        seen_in(photos, teacher, request.work / f"seen-{name}.json")
        for name, photos in (("train", training), ("val", held))
    )
    shown = Canvases(training, seen, faces, plan.side, plan.seed)
    some = faces.take(np.arange(0, len(faces), 40))
    exam = make_exam(Canvases(held, asked, some, plan.side, 1), teacher, 8 if request.smoke else EXAM)
    net = DetectorNet()
    file = request.work / "detector.pt"
    return net, DetectorTraining(net, teacher, shown, exam, plan, file, request.resume).run()


def finish(
    request: TrainRequest,
    teacher: YuNet,
    nets: tuple[ExpressionNet, DetectorNet],
    faces: ExpressionData,
    histories: Histories,
) -> None:
    """Exports, chooses on validation data, measures on test data, and writes card and manifest."""
    expression, detector = nets
    last = load_checkpoint(request.work / "expression.pt")
    others = {f"side {TRAIN_SIDE}, last weights instead of averaged": last["net"]} if last else {}
    judging = choose_judging(expression, faces.validation, others)
    template = measure_template(faces.train, teacher, request.seed)
    export_expression(expression, request.pack, judging.side, judging.mirrored)
    export_detector(detector, request.pack)
    chosen = Chosen(LOW, template, judging)
    declare(request.pack, chosen)
    limit = SMOKE_PHOTOS if request.smoke else None
    photos = Photos(request.data / "flickr8k", "val", limit)
    chosen = replace(chosen, threshold=choose_threshold(request, teacher, photos))
    declare(request.pack, chosen)
    write_card(request, chosen, faces, histories.expression, histories.detector)
    declare(request.pack, chosen)


def choose_threshold(request: TrainRequest, teacher: YuNet, photos: Photos) -> float:
    """The score at which the detector agrees best with its teacher on validation photos."""
    with closing(FaceDetector(open_pack(request.pack), choose(Device.CPU), request.threads)) as detector:
        mine, theirs = found_by_both(detector, teacher, singles(photos))
        more, others = found_by_both(detector, teacher, canvases(photos))
    tried = [step / 100 for step in range(round(100 * LOW), 85)]
    return max(tried, key=lambda t: agreement([*mine, *more], [*theirs, *others], t).f1)
