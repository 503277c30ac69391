"""The face detector: one stage, no anchors, cells at strides 8, 16 and 32 (as YuNet's)."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from starter_face.yunet import STRIDES

STEM, NEAR, WIDTH = 32, 48, 64
POINTS = 5
# A cell of stride s starts with a box of side 4 s and the points of a face that looks ahead.
SIDE = 4.0
# Each stride's score begins at about one in a thousand: almost everything is no face.
RARE = -6.0


class Convolution(nn.Sequential):
    """Convolution, batch normalisation, ReLU; the export folds the first two."""

    def __init__(self, cin: int, cout: int, kernel: int, stride: int = 1, groups: int = 1) -> None:
        padding = (kernel - stride + 1) // 2 if stride > 2 else kernel // 2
        super().__init__(
            nn.Conv2d(cin, cout, kernel, stride, padding, groups=groups, bias=False),
            nn.BatchNorm2d(cout),
            nn.ReLU(inplace=True),
        )


class Separable(nn.Sequential):
    """Each channel by itself, then all together (Howard et al., 2017)."""

    def __init__(self, width: int) -> None:
        super().__init__(Convolution(width, width, 3, groups=width), Convolution(width, width, 1))


class DetectorNet(nn.Module):
    """From pixels to what every cell says.

    The backbone narrows to stride 32; its maps are added up from coarse to fine (feature pyramid, Lin et
    al., 2017); one head a stride gives score, box and points.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stem = Convolution(3, STEM, 6, 4)
        self.fine = nn.Sequential(Convolution(STEM, NEAR, 3, 2), Separable(NEAR), Separable(NEAR))
        self.middle = nn.Sequential(Convolution(NEAR, WIDTH, 3, 2), Separable(WIDTH), Separable(WIDTH))
        self.coarse = nn.Sequential(Convolution(WIDTH, WIDTH, 3, 2), Separable(WIDTH), Separable(WIDTH))
        self.laterals = nn.ModuleList([Convolution(c, WIDTH, 1) for c in (NEAR, WIDTH, WIDTH)])
        self.firsts = nn.ModuleList([Separable(WIDTH) for _ in STRIDES])
        self.lasts = nn.ModuleList([_last() for _ in STRIDES])

    def forward(self, pixels: Tensor) -> Tensor:
        """What every cell says, undecoded.

        Args:
            pixels: RGB 0..255, float32 [B, 3, H, W]; H and W are multiples of 32.

        Returns:
            [B, cells, 15]: score logit, box (middle x, y; log of sides), five points; all strides after
            each other, rows first. Lengths are in strides.
        """
        return self.said(self.felt(pixels))

    def felt(self, pixels: Tensor) -> list[Tensor]:
        """The features that each stride's last layer rests on, [B, 64, H / stride, W / stride]."""
        fine = self.fine(self.stem(pixels / 127.5 - 1))
        middle = self.middle(fine)
        coarse = self.laterals[2](self.coarse(middle))
        middle = self.laterals[1](middle) + F.interpolate(coarse, scale_factor=2.0)
        fine = self.laterals[0](fine) + F.interpolate(middle, scale_factor=2.0)
        return [first(x) for first, x in zip(self.firsts, (fine, middle, coarse), strict=True)]

    def said(self, felt: list[Tensor]) -> Tensor:
        """The last layers: from `felt` to what `forward` gives."""
        said = [last(x) for last, x in zip(self.lasts, felt, strict=True)]
        return torch.cat([x.flatten(2).transpose(1, 2) for x in said], 1)


def _last() -> nn.Conv2d:
    last = nn.Conv2d(WIDTH, 5 + 2 * POINTS, 1)
    with torch.no_grad():
        last.weight.mul_(0.1)
        if last.bias is not None:
            last.bias.zero_()[0] = RARE
    return last


def cell_places(high: int, wide: int) -> tuple[Tensor, Tensor]:
    """Middles of all cells in pixels, [cells, 2] (x, y), and their strides, [cells]."""
    places, strides = [], []
    for stride in STRIDES:
        rows, columns = torch.meshgrid(
            torch.arange(high // stride), torch.arange(wide // stride), indexing="ij"
        )
        places.append((torch.stack([columns, rows], -1).reshape(-1, 2) + 0.5) * stride)
        strides.append(torch.full((len(places[-1]),), float(stride)))
    return torch.cat(places), torch.cat(strides)


def decoded(said: Tensor, places: Tensor, strides: Tensor) -> tuple[Tensor, Tensor]:
    """Boxes [B, cells, 4] (x0, y0, x1, y1) and points [B, cells, 5, 2], in pixels."""
    size = strides[:, None]
    middle = places + said[..., 1:3] * size
    half = torch.exp(said[..., 3:5].clamp(max=4.0)) * size * (SIDE / 2)
    boxes = torch.cat([middle - half, middle + half], -1)
    points = said[..., 5:].reshape(*said.shape[:2], POINTS, 2) * (size[..., None] * SIDE / 2)
    return boxes, points + places[:, None]
