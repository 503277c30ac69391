"""The whole recipe of the pack ``starter-vision``: ImageNet weights and captions to a picture encoder."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from string import Template

import torch

from kit.flickr8k import read_captions
from kit.grids import vision_reference
from kit.request import TrainRequest
from kit.seeds import seed_everything
from starter_caption.dataset import pixel_split, vocabulary_of
from starter_caption.model import Sizes
from starter_caption.start import keep_start
from starter_caption.training import Progress, Workshop
from starter_vision.mobilenet import load_imagenet
from starter_vision.packing import declare, write_graph
from starter_vision.tuning import PixelCaptionModel, TuningPlan, tune, without_backbone

IMAGENET = "pretrained_small/tf2_mobilenet_v2_1.0_224_ptq.tflite"
SMOKE_PICTURES = 64


def train(request: TrainRequest) -> None:
    """Trains, exports and describes the pack; keeps the decoder for ``starter-caption``.

    Raises:
        FileNotFoundError: ``flickr8k`` or the ImageNet weights are not in the data folder.
    """
    torch.set_num_threads(request.threads)
    seed_everything(request.seed)
    plan = TuningPlan()
    if request.smoke:
        short = replace(plan.likelihood.loop, epochs=1, batch=16)
        plan = replace(plan, likelihood=replace(plan.likelihood, loop=short))
    shop, model = open_workshop(request)
    progress = tune(shop, model, plan)
    finish(request, model, progress)


def open_workshop(request: TrainRequest) -> tuple[Workshop, PixelCaptionModel]:
    """Reads the data and builds the model from the ImageNet weights."""
    flickr = request.data / "flickr8k"
    limit = SMOKE_PICTURES if request.smoke else None
    vocabulary = vocabulary_of(read_captions(flickr, "train"))
    model = PixelCaptionModel(Sizes(len(vocabulary)), load_imagenet(request.data / IMAGENET))
    torch.nn.utils.convert_conv2d_weight_memory_format(model, torch.channels_last)
    training, val = (pixel_split(flickr, name, vocabulary, limit) for name in ("train", "val"))
    return Workshop(model, training, val, vocabulary, request), model


def finish(request: TrainRequest, model: PixelCaptionModel, progress: Progress) -> None:
    """Writes the pack and its card, and the decoder beside the checkpoints."""
    write_graph(model.backbone, request.pack)
    keep_start(request.work, vision_reference(request.pack), without_backbone(model.state_dict()))
    write_card(request.pack, request.seed, progress.planned, progress.history)
    declare(request.pack)


def write_card(pack: Path, seed: int, planned: int, history: Sequence[Mapping[str, float]]) -> None:
    """Writes the pack's ``README.md`` from the figures of the training."""
    size = sum(path.stat().st_size for path in pack.iterdir() if path.suffix == ".onnx")
    fields = {
        "seed": seed,
        "planned": planned,
        "ran": len(history),
        "mebibytes": f"{size / 2**20:.1f}",
        "epochs": "\n".join(_epoch(number, figures) for number, figures in enumerate(history, 1)),
    }
    template = Template((Path(__file__).parent / "card.md").read_text(encoding="utf-8"))
    (pack / "README.md").write_text(template.substitute(fields), encoding="utf-8")


def _epoch(number: int, figures: Mapping[str, float]) -> str:
    values = [f"{figures[name]:.3f}" for name in ("en_loss", "en_cider_d", "zh_cider_d")]
    return f"| {number} | {' | '.join(values)} |"
