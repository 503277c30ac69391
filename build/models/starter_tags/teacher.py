"""The teacher: MobileNetV2 with its own ImageNet classifier, both read from the same 8-bit file."""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from kit.pictures import normalize
from starter_vision.mobilenet import OUTPUT_CHANNELS, MobileNetV2, load_classifier, load_imagenet

CLASSES = 1000
BATCH = 50


class Teacher(nn.Module):
    """Pixels to logits of the 1,000 classes; the file's class 0, the background, is left out."""

    def __init__(self, network: MobileNetV2, weight: Tensor, bias: Tensor) -> None:
        super().__init__()
        self.network = network
        self.classifier = nn.Linear(OUTPUT_CHANNELS, CLASSES)
        with torch.no_grad():
            self.classifier.weight.copy_(weight)
            self.classifier.bias.copy_(bias)

    def forward(self, pixels: Tensor) -> Tensor:
        """Maps [B, 3, 224, 224] in [-1, 1] to logits [B, 1000]."""
        logits: Tensor = self.classifier(self.network(pixels).mean((2, 3)))
        return logits


def load_teacher(file: Path) -> Teacher:
    """The published network, for inference.

    Raises:
        FileNotFoundError: The file is not there.
        ValueError: It holds another network.
    """
    weight, bias = load_classifier(file)
    teacher = Teacher(load_imagenet(file), weight[1:], bias[1:]).eval()
    torch.nn.utils.convert_conv2d_weight_memory_format(teacher, torch.channels_last)
    return teacher


@torch.inference_mode()
def teach(teacher: Teacher, batches: Iterable[Tensor]) -> Tensor:
    """What the teacher says of pictures float32 [B, 3, 224, 224] in [-1, 1]: logits float16 [N, 1000]."""
    return torch.cat([teacher(_in_order(batch)).half() for batch in batches])


def in_batches(pictures: Iterable[NDArray[np.uint8]]) -> Iterator[Tensor]:
    """Pictures uint8 [224, 224, 3] as the teacher takes them."""
    every = iter(pictures)
    while some := list(islice(every, BATCH)):
        yield normalize(torch.from_numpy(np.stack(some)))


def _in_order(batch: Tensor) -> Tensor:
    return batch.contiguous(memory_format=torch.channels_last)
