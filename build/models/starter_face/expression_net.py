"""The expression network: a small residual network (He et al., 2016) for 48x48 grey faces."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

WIDTHS = (40, 80, 160)
BLOCKS = (1, 1, 2)
# Sides that faces may be judged at; which one is chosen on validation.
JUDGED_SIDES = (40, 44, 48)
# Below this contrast (grey levels) a crop is amplified no further.
FLAT = 4.0


def standardized(crops: Tensor) -> Tensor:
    """Grey levels 0..255 [B, 1, H, W] without their own mean and contrast: light is no expression."""
    centred = crops - crops.mean((2, 3), keepdim=True)
    return centred / (centred.square().mean((2, 3), keepdim=True) + FLAT**2).sqrt()


def resampling(before: int, after: int) -> Tensor:
    """Linear resampling with antialiasing as a matrix: float32 [after, before]."""
    unit = torch.eye(before)[None, None]
    size = (after, before)
    return F.interpolate(unit, size, mode="bilinear", antialias=True, align_corners=False)[0, 0]


def resized(crops: Tensor, side: int) -> Tensor:
    """Crops [B, 1, S, S] as [B, 1, side, side]."""
    if side == crops.shape[-1]:
        return crops
    matrix = resampling(crops.shape[-1], side)
    return matrix @ crops @ matrix.T


class Convolution(nn.Sequential):
    """Convolution and batch normalisation; the export folds one into the other."""

    def __init__(self, cin: int, cout: int, kernel: int = 3, stride: int = 1) -> None:
        super().__init__(nn.Conv2d(cin, cout, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(cout))


class Residual(nn.Module):
    """Two 3x3 convolutions around a skip."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first, self.second = Convolution(width, width), Convolution(width, width)

    def forward(self, x: Tensor) -> Tensor:
        """Keeps the shape [B, width, H, W]."""
        return torch.relu(x + self.second(torch.relu(self.first(x))))


class ExpressionNet(nn.Module):
    """From standardized crops to logits.

    Args:
        classes: Number of expressions.
        widths: Channels of the three stages (strides 2, 4 and 8).
        blocks: Residual blocks of each stage.
        dropout: On the pooled features.
    """

    def __init__(
        self,
        classes: int,
        widths: tuple[int, ...] = WIDTHS,
        blocks: tuple[int, ...] = BLOCKS,
        dropout: float = 0.2,
    ) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        before = 1
        for width, count in zip(widths, blocks, strict=True):
            layers += [Convolution(before, width, 5 if before == 1 else 3, stride=2), nn.ReLU()]
            layers += [Residual(width) for _ in range(count)]
            before = width
        self.stages = nn.Sequential(*layers)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(before, classes)

    def forward(self, x: Tensor) -> Tensor:
        """Maps float32 [B, 1, H, W] to logits [B, classes]."""
        pooled = self.stages(x).mean((2, 3))
        logits: Tensor = self.head(self.dropout(pooled))
        return logits
