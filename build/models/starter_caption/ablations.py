"""What the tuned encoder and the Transformer bring: small trainings under the same conditions.

    python build/models/ablate.py starter-caption --data DIR

Each variant learns from the same pictures, one view of each, for the same number of epochs. That is far
less than the recipe's training, so only the differences mean something.
"""

from collections.abc import Callable
from dataclasses import replace

import torch

from kit.flickr8k import read_captions
from kit.request import TrainRequest
from kit.rows import RESULTS, Row, keep_rows
from kit.seeds import seed_everything
from starter_caption.dataset import grid_split, vocabulary_of
from starter_caption.likelihood import LOOP, LikelihoodPlan, train_likelihood
from starter_caption.lstm import LstmCaptionModel
from starter_caption.model import CaptionModel, Sizes
from starter_caption.training import Workshop
from starter_vision.mobilenet import load_imagenet
from starter_vision.packing import write_graph
from starter_vision.recipe import IMAGENET

PICTURES = 3000
EPOCHS = 3
PLAN = LikelihoodPlan(
    loop=replace(LOOP, epochs=EPOCHS, averaging=0.99), rate=1.5e-3, consensus=0.5, chinese=1
)
TUNED = "tuned along with captions"
FROZEN = "frozen at its ImageNet weights"
METRICS = ("bleu_4", "cider_d")

Variant = tuple[TrainRequest, Callable[[Sizes], CaptionModel]]


def trained(request: TrainRequest, make: Callable[[Sizes], CaptionModel]) -> dict[str, float]:
    """Greedy English validation figures of a model after its training."""
    seed_everything(request.seed)
    vocabulary = vocabulary_of(read_captions(request.data / "flickr8k", "train"))
    training = grid_split(request, "train", vocabulary, 1, PICTURES)
    val = grid_split(request, "val", vocabulary, 1, None)
    shop = Workshop(make(Sizes(len(vocabulary))), training, val, vocabulary, request)
    return train_likelihood(shop, PLAN).history[-1]


def ablate(request: TrainRequest) -> None:
    """Trains the variants and writes their rows.

    Raises:
        FileNotFoundError: ``flickr8k`` or the ImageNet weights are not in the data folder.
    """
    torch.set_num_threads(request.threads)
    untuned = request.work / "imagenet"
    write_graph(load_imagenet(request.data / IMAGENET), untuned)
    variants: dict[tuple[str, str], Variant] = {
        ("encoder", TUNED): (replace(request, work=request.work / "tuned"), CaptionModel),
        ("encoder", FROZEN): (replace(request, vision=untuned, work=request.work / "frozen"), CaptionModel),
        ("decoder", "LSTM"): (replace(request, work=request.work / "lstm"), LstmCaptionModel),
    }
    figures = {key: trained(*variant) for key, variant in variants.items()}
    figures["decoder", "Transformer"] = figures["encoder", TUNED]
    note = f"English, greedy; {PICTURES} training pictures, {EPOCHS} epochs, likelihood only"
    rows = [
        Row(question, variant, metric, "val", found[f"en_{metric}"], 1000, note)
        for (question, variant), found in sorted(figures.items())
        for metric in METRICS
    ]
    keep_rows(RESULTS / "starter-caption.json", rows)
