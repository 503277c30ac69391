"""The whole recipe of the pack ``starter-caption``: data to pack."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import torch

from kit.flickr8k import read_captions
from kit.request import TrainRequest
from kit.seeds import seed_everything
from starter_caption.blending import blend
from starter_caption.calibration import calibrate
from starter_caption.card import calibration_facts, write_card
from starter_caption.dataset import load_split, vocabulary_of
from starter_caption.likelihood import LikelihoodPlan, train_likelihood
from starter_caption.mobilenet import load_imagenet
from starter_caption.model import CaptionModel, Sizes
from starter_caption.packing import declare, write_pack
from starter_caption.reinforce import ReinforcePlan, train_reinforce
from starter_caption.scoring import score_language
from starter_caption.training import Phase, Progress, Workshop
from starter_caption.words import START

IMAGENET = "pretrained_small/tf2_mobilenet_v2_1.0_224_ptq.tflite"
SMOKE_PICTURES = 64
BEAMS = 3
# Length penalty while mixtures of weights are compared; the final one is chosen afterwards.
PENALTY = 0.8
LENGTH_PENALTIES = (0.4, 0.6, 0.8, 1.0, 1.2)


def train(request: TrainRequest) -> None:
    """Trains, exports, measures and describes the pack.

    Raises:
        FileNotFoundError: ``flickr8k`` or the ImageNet weights are not in the data folder.
    """
    torch.set_num_threads(request.threads)
    seed_everything(request.seed)
    shop = open_workshop(request)
    likelihood, reinforce = LikelihoodPlan(), ReinforcePlan()
    if request.smoke:
        likelihood = replace(likelihood, loop=_short(likelihood.loop))
        reinforce = replace(reinforce, loop=_short(reinforce.loop))
    phases = {
        "likelihood": train_likelihood(shop, likelihood),
        "reinforce": train_reinforce(shop, reinforce),
    }
    before, after = (progress.best for progress in phases.values())
    shares = blend(shop, before, after, BEAMS, PENALTY)
    finish(shop, phases, shares)


def open_workshop(request: TrainRequest) -> Workshop:
    """Reads the data and builds the untrained model."""
    flickr = request.data / "flickr8k"
    limit = SMOKE_PICTURES if request.smoke else None
    vocabulary = vocabulary_of(read_captions(flickr, "train"))
    backbone = load_imagenet(request.data / IMAGENET)
    model = CaptionModel(Sizes(len(vocabulary)), backbone)
    torch.nn.utils.convert_conv2d_weight_memory_format(model, torch.channels_last)
    train_split = load_split(flickr, "train", vocabulary, limit)
    return Workshop(model, train_split, load_split(flickr, "val", [], limit), vocabulary, request)


def finish(
    shop: Workshop, phases: Mapping[str, Progress], shares: Mapping[float, Mapping[str, float]]
) -> None:
    """Chooses the search on validation, then writes the pack and its card."""
    generation = choose_generation(shop)
    folder = shop.request.pack
    write_pack(shop.model, shop.vocabulary, folder, generation)
    limit = SMOKE_PICTURES if shop.request.smoke else None
    flickr = shop.request.data / "flickr8k"
    calibration = {language: calibrate(folder, flickr, language, limit) for language in START}
    histories = {name: (progress.planned, progress.history) for name, progress in phases.items()}
    facts = _facts(shop, generation)
    write_card(folder, flickr, {**facts, **calibration_facts(calibration)}, histories, shares, limit)
    declare(shop.model, folder, generation, calibration)


def choose_generation(shop: Workshop) -> dict[str, Any]:
    """Takes the length penalty with the best English CIDEr-D on the validation pictures."""
    scores = {
        penalty: score_language(shop.model, shop.val, shop.vocabulary, "en", BEAMS, penalty)
        for penalty in LENGTH_PENALTIES
    }
    for penalty, score in scores.items():
        print("length penalty", penalty, score, flush=True)
    best = max(scores, key=lambda penalty: scores[penalty].cider_d)
    return {"beams": BEAMS, "length_penalty": best, "max_new_tokens": 24, "no_repeat_ngram": 3}


def _facts(shop: Workshop, generation: Mapping[str, Any]) -> dict[str, object]:
    size = sum(path.stat().st_size for path in shop.request.pack.iterdir())
    return {
        "parameters": f"{sum(p.numel() for p in shop.model.parameters()) / 1e6:.1f}",
        "mebibytes": f"{size / 2**20:.1f}",
        "layers": shop.model.sizes.layers,
        "seed": shop.request.seed,
        "beams": generation["beams"],
        "length_penalty": generation["length_penalty"],
    }


def _short(loop: Phase) -> Phase:
    return replace(loop, epochs=1, batch=16)
