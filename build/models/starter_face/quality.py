"""What faces must be like to be judged, and how sure a judgement may be; all chosen on validation faces."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from mmdesk.models.face_crops import detail
from starter_face.expression_net import JUDGED_SIDES, ExpressionNet
from starter_face.expression_training import as_tensor, expression_logits
from starter_face.fer_sheets import SIDE, FaceSet

# A face of fer2013 fills so many of the 48 pixels (root of YuNet's box, median of 565 faces).
FILLED = 43.2
SIZES = (10, 12, 14, 16, 20, 24, 32)
BLURS = (0.0, 0.7, 1.0, 1.4, 2.0, 3.0)
# Judging a bad face may cost so many points of accuracy.
COST = 12.0
BINS = 20
# The mirror image must bring so many points.
PRICE = 0.3
# So many validation faces are spoilt in each way.
SPOILT = 600

Judge = Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class Judging:
    """How faces are judged.

    Attributes:
        side: At which the network sees them.
        mirrored: Whether the mirror image is asked too, which takes twice as long.
        temperature: Of the logits.
        smallest: Least size of a face in pixels.
        sharpest_needed: Least detail of a crop.
        accuracies: By what was tried, percent on validation faces.
        n: Number of validation faces.
    """

    side: int
    mirrored: bool
    temperature: float
    smallest: float
    sharpest_needed: float
    accuracies: Mapping[str, float]
    n: int


def choose_judging(
    net: ExpressionNet, validation: FaceSet, others: Mapping[str, Mapping[str, Tensor]]
) -> Judging:
    """Chooses side, temperature and what is too small or too blurred.

    Args:
        net: With the weights that ship.
        validation: Faces that were not trained on.
        others: Other weights of the same network by name, to be measured beside it.
    """
    pixels, labels = as_tensor(validation), torch.from_numpy(validation.labels)
    tried: dict[str, float] = {}
    for name, weights in others.items():
        other = deepcopy(net)
        other.load_state_dict(weights)
        tried[name] = percent(expression_logits(other, pixels), labels)
    logits: dict[tuple[int, bool], Tensor] = {}
    for side in JUDGED_SIDES:
        plain = expression_logits(net, pixels, side)
        logits[side, False] = plain
        logits[side, True] = (plain + expression_logits(net, pixels.flip(3), side)) / 2
        tried[f"side {side}"] = percent(plain, labels)
        tried[f"side {side}, mirror image too"] = percent(logits[side, True], labels)
    side, mirrored = max(logits, key=lambda one: percent(logits[one], labels) - PRICE * one[1])
    step = max(1, len(labels) // SPOILT)
    smallest, needed, spoilt = _limits(net, side, pixels[::step], labels[::step])
    temperature = fit_temperature(logits[side, mirrored], labels)
    return Judging(side, mirrored, temperature, smallest, needed, tried | spoilt, len(labels))


def _limits(
    net: ExpressionNet, side: int, pixels: Tensor, labels: Tensor
) -> tuple[float, float, dict[str, float]]:
    """Smallest face and least detail that are good enough, and the accuracies at each."""

    def judge(changed: Tensor) -> Tensor:
        return expression_logits(net, changed, side)

    wanted = percent(judge(pixels), labels) - COST
    by_size = {size: percent(judge(smaller(pixels, size)), labels) for size in SIZES}
    good = [size for size, value in by_size.items() if value >= wanted]
    needed, by_blur = least_detail(judge, pixels, labels, wanted)
    tried = {f"face of {size} pixels": value for size, value in by_size.items()}
    tried |= {f"blur of {sigma} pixels": value for sigma, value in by_blur.items()}
    return float(min(good, default=SIZES[-1])), needed, tried


def percent(logits: Tensor, labels: Tensor) -> float:
    """Accuracy."""
    return 100 * float((logits.argmax(1) == labels).float().mean())


def smaller(pixels: Tensor, size: int) -> Tensor:
    """Faces as they would be had they had ``size`` pixels in the picture."""
    side = max(4, round(size * SIDE / FILLED))
    small = F.interpolate(pixels, (side, side), mode="bilinear", antialias=True)
    return F.interpolate(small, (SIDE, SIDE), mode="bilinear")


def blurred(pixels: Tensor, sigma: float) -> Tensor:
    """Gaussian blur; the edge is repeated."""
    if sigma == 0:
        return pixels
    reach = int(3 * sigma + 0.5)
    ramp = torch.arange(-reach, reach + 1, dtype=torch.float32)
    kernel = torch.exp(-ramp.square() / (2 * sigma**2))
    kernel = kernel / kernel.sum()
    padded = F.pad(pixels, (reach,) * 4, mode="replicate")
    return F.conv2d(F.conv2d(padded, kernel.view(1, 1, 1, -1)), kernel.view(1, 1, -1, 1))


def least_detail(
    judge: Judge, pixels: Tensor, labels: Tensor, wanted: float
) -> tuple[float, Mapping[float, float]]:
    """The detail under which faces, sharp and blurred ones together, are judged worse than wanted.

    Args:
        judge: Logits of crops.
        pixels: Sharp faces.
        labels: What they express.
        wanted: Accuracy in percent.

    Returns:
        The least detail that is good enough, and the accuracy at each blur.
    """
    details, right = [], []
    for sigma in BLURS:
        changed = blurred(pixels, sigma)
        details.append(np.array([detail(crop) for crop in changed[:, 0].numpy()]))
        right.append((judge(changed).argmax(1) == labels).numpy())
    by_blur = {sigma: 100 * float(ok.mean()) for sigma, ok in zip(BLURS, right, strict=True)}
    values, ok = np.concatenate(details), np.concatenate(right)
    edges = np.quantile(values, np.linspace(0, 1, BINS + 1))
    needed = 0.0
    for low, high in pairwise(edges.tolist()):
        if 100 * ok[(values >= low) & (values <= high)].mean() >= wanted:
            break
        needed = float(high)
    return round(needed, 3), by_blur


def fit_temperature(logits: Tensor, labels: Tensor) -> float:
    """The temperature with the least cross-entropy (Guo et al., 2017)."""
    grid = torch.logspace(-1.0, 1.0, 401)
    losses = torch.stack([F.cross_entropy(logits / t, labels) for t in grid])
    return round(float(grid[losses.argmin()]), 4)
