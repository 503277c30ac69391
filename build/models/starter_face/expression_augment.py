"""What a camera, a detector and chance do to a face crop."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

# Training crops are smaller than those that are judged: cheaper, and the network sees faces at the size
# at which it will be asked (Touvron et al., "Fixing the train-test resolution discrepancy", 2019).
TRAIN_SIDE = 40
SMALL_SIDE = 32


@dataclass(frozen=True)
class Augmentation:
    """How much of each disturbance.

    Attributes:
        zoom: Least and most source pixels a pixel of a crop of `TRAIN_SIDE`.
        shift: Largest shift of the crop's middle in source pixels.
        turn: Largest rotation in degrees.
        shear: Largest shear.
        light: Largest relative change of gamma.
        blur: Share of the faces that lose detail.
        noise: Largest standard deviation of grey noise.
        erase: Share of the faces with a covered patch.
    """

    zoom: tuple[float, float] = (0.95, 1.22)
    shift: float = 3.0
    turn: float = 10.0
    shear: float = 0.1
    light: float = 0.3
    blur: float = 0.12
    noise: float = 6.0
    erase: float = 0.2


NONE = Augmentation((1.2, 1.2), 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


def augment(pixels: Tensor, how: Augmentation, chance: torch.Generator, side: int = TRAIN_SIDE) -> Tensor:
    """Disturbs each face by itself.

    Args:
        pixels: Grey levels 0..255, float32 [B, 1, 48, 48].
        how: How much.
        chance: Source of all random choices.
        side: Side of the crops.

    Returns:
        Grey levels, float32 [B, 1, side, side].
    """
    crops = _moved(pixels, how, chance, side)
    crops = _softened(crops, how, chance)
    crops = _lit(crops, how, chance)
    return _covered(crops, how, chance)


def _spread(count: int, limit: float, chance: torch.Generator) -> Tensor:
    return (torch.rand(count, generator=chance) * 2 - 1) * limit


def _moved(pixels: Tensor, how: Augmentation, chance: torch.Generator, side: int) -> Tensor:
    """Mirrors, turns, shears, zooms and shifts in one resampling; what lies outside repeats the edge."""
    count, source = len(pixels), pixels.shape[-1]
    low, high = how.zoom
    window = TRAIN_SIDE / source * (low + (high - low) * torch.rand(count, generator=chance))
    turn = _spread(count, math.radians(how.turn), chance)
    mirror = torch.where(torch.rand(count, generator=chance) < 0.5, -1.0, 1.0)
    shear = _spread(count, how.shear, chance)
    cos, sin = torch.cos(turn) * window, torch.sin(turn) * window
    limit = 2 * how.shift / source
    across, down = _spread(count, limit, chance), _spread(count, limit, chance)
    matrix = torch.stack(
        [
            torch.stack([cos * mirror, -sin + shear * window, across], 1),
            torch.stack([sin * mirror, cos, down], 1),
        ],
        1,
    )
    grid = F.affine_grid(matrix, [count, 1, side, side], align_corners=False)
    return F.grid_sample(pixels, grid, padding_mode="border", align_corners=False)


def _softened(crops: Tensor, how: Augmentation, chance: torch.Generator) -> Tensor:
    """Some faces were small or out of focus: they lose detail by one of three factors."""
    chosen = torch.rand(len(crops), generator=chance) < how.blur
    if not bool(chosen.any()):
        return crops
    factor = (0.4, 0.55, 0.7)[int(torch.randint(3, (1,), generator=chance))]
    small = F.interpolate(crops[chosen], scale_factor=factor, mode="bilinear", antialias=True)
    crops[chosen] = F.interpolate(small, crops.shape[-2:], mode="bilinear")
    return crops


def _lit(crops: Tensor, how: Augmentation, chance: torch.Generator) -> Tensor:
    """Gamma, a light from one side, and noise; brightness and contrast are removed by the network."""
    count = len(crops)
    gamma = (1 + _spread(count, how.light, chance)).view(-1, 1, 1, 1)
    lit = (crops / 255).clamp(1e-3, 1).pow(gamma) * 255
    ramp = torch.linspace(-1, 1, crops.shape[-1])
    across = _spread(count, how.light, chance).view(-1, 1, 1, 1) * ramp.view(1, 1, 1, -1)
    down = _spread(count, how.light, chance).view(-1, 1, 1, 1) * ramp.view(1, 1, -1, 1)
    level = torch.rand(count, generator=chance).view(-1, 1, 1, 1) * how.noise
    noise = torch.randn(crops.shape, generator=chance) * level
    return (lit * (1 + across + down) + noise).clamp(0, 255)


def _covered(crops: Tensor, how: Augmentation, chance: torch.Generator) -> Tensor:
    """Random erasing (Zhong et al., 2020) with noise: a hand, a microphone, hair."""
    side = crops.shape[-1]
    chosen = torch.nonzero(torch.rand(len(crops), generator=chance) < how.erase).flatten().tolist()
    sizes = torch.randint(side // 6, side // 2, (len(chosen), 2), generator=chance).tolist()
    places = torch.rand(len(chosen), 2, generator=chance).tolist()
    for row, (high, wide), (y, x) in zip(chosen, sizes, places, strict=True):
        top, left = int(y * (side - high)), int(x * (side - wide))
        crops[row, :, top : top + high, left : left + wide] = torch.randint(
            0, 256, (1, high, wide), generator=chance
        ).float()
    return crops
