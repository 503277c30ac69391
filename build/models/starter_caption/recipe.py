"""The whole recipe of the pack ``starter-caption``."""

import torch
from kit.flickr8k import read_captions
from kit.request import TrainRequest
from kit.seeds import seed_everything

from starter_caption.dataset import load_split, vocabulary_of
from starter_caption.likelihood import Plan, train_likelihood
from starter_caption.mobilenet import load_imagenet
from starter_caption.model import CaptionModel, Sizes

IMAGENET = "pretrained_small/tf2_mobilenet_v2_1.0_224_ptq.tflite"


def train(request: TrainRequest) -> None:
    """Trains, exports and describes the pack."""
    torch.set_num_threads(request.threads)
    seed_everything(request.seed)
    flickr = request.data / "flickr8k"
    limit = 64 if request.smoke else None
    vocabulary = vocabulary_of(read_captions(flickr, "train"))
    training = load_split(flickr, "train", vocabulary, limit)
    validation = load_split(flickr, "val", None, limit)
    backbone = load_imagenet(request.data / IMAGENET)
    model = CaptionModel(Sizes(len(vocabulary)), backbone).to(memory_format=torch.channels_last)
    print(len(vocabulary), sum(p.numel() for p in model.parameters()), flush=True)
    plan = Plan(epochs=1) if request.smoke else Plan()
    train_likelihood(model, training, validation, vocabulary, request, plan)
