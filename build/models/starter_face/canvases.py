"""Pictures to teach the detector on: photos at many sizes, side by side, with faces of fer2013 in them."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from starter_face.fer_sheets import FaceSet
from starter_face.photos import Photos
from starter_face.yunet import YuNet

# Faces are wanted at sizes from SMALLEST pixels to this share of the canvas.
SMALLEST = 14.0
LARGEST = 0.9
SURE = 0.7
LOOKED_AT = 448
# A face of ten pixels that fills a canvas teaches nothing.
MOST_BLOWN_UP = 3.5

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Seen:
    """Where the teacher sees faces: number of the photo, middle and side as shares of the photo."""

    photo: int
    x: float
    y: float
    side: float


def look(photos: Photos, teacher: YuNet) -> list[Seen]:
    """Where the faces of photos are, so that canvases are not mostly grass."""
    seen = []
    for number in range(len(photos)):
        picture = photos.read(number).resize((LOOKED_AT, LOOKED_AT), Image.Resampling.BILINEAR)
        for x0, y0, x1, y1 in teacher.find(np.asarray(picture), SURE).boxes / LOOKED_AT:
            side = float(np.sqrt((x1 - x0) * (y1 - y0)))
            seen.append(Seen(number, float(x0 + x1) / 2, float(y0 + y1) / 2, side))
    return seen


def seen_in(photos: Photos, teacher: YuNet, file: Path) -> list[Seen]:
    """As `look`, kept in a file for the next run."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps([asdict(seen) for seen in look(photos, teacher)]), encoding="utf-8")
    return [Seen(**seen) for seen in json.loads(file.read_text(encoding="utf-8"))]


class Canvases:
    """Makes square canvases without end.

    Args:
        photos: To show.
        seen: Where faces are in them.
        faces: Grey faces to put into some canvases.
        side: Of a canvas, a multiple of 64.
        seed: Of all random choices.
    """

    def __init__(self, photos: Photos, seen: Sequence[Seen], faces: FaceSet, side: int, seed: int) -> None:
        self._photos, self._seen, self._faces, self._side = photos, seen, faces, side
        self._chance = np.random.default_rng(seed)

    def batch(self, count: int) -> Pixels:
        """RGB canvases, uint8 [count, side, side, 3]."""
        return np.stack([np.asarray(self._canvas()) for _ in range(count)])

    def _canvas(self) -> Image.Image:
        kind = self._chance.random()
        if kind < 0.25:
            canvas = self._four()
        else:
            canvas = self._one(self._side)
        if kind > 0.75:
            for _ in range(self._chance.integers(1, 3)):
                self._paste(canvas)
        if self._chance.random() < 0.5:
            canvas = canvas.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        return canvas

    def _four(self) -> Image.Image:
        half = self._side // 2
        canvas = Image.new("RGB", (self._side, self._side))
        for place in ((0, 0), (half, 0), (0, half), (half, half)):
            canvas.paste(self._one(half), place)
        return canvas

    def _one(self, side: int) -> Image.Image:
        """A photo at a random size: mostly around a face that gets a random size."""
        if self._seen and self._chance.random() < 0.7:
            seen = self._seen[int(self._chance.integers(len(self._seen)))]
            wanted = SMALLEST * (LARGEST * side / SMALLEST) ** self._chance.random()
            window = seen.side * side / wanted
        else:
            seen = Seen(int(self._chance.integers(len(self._photos))), 0.5, 0.5, 0.0)
            window = float(self._chance.uniform(0.4, 1.3))
        picture = self._photos.read(seen.photo)
        window = float(np.clip(window, side / (MOST_BLOWN_UP * picture.width), 2.0))
        return self._window(picture, seen, window, side)

    def _window(self, picture: Image.Image, seen: Seen, window: float, side: int) -> Image.Image:
        """What a window of a photo shows; the window's side is a share of the photo's."""
        stretch = float(np.exp(self._chance.uniform(-0.25, 0.25)))
        shift = self._chance.uniform(-0.4, 0.4, 2)
        wide, high = window * stretch * picture.width, window / stretch * picture.height
        left = seen.x * picture.width - wide * (0.5 + shift[0])
        top = seen.y * picture.height - high * (0.5 + shift[1])
        filling = tuple(self._chance.integers(0, 256, 3).tolist())
        scale = (wide / side, 0.0, left, 0.0, high / side, top)
        # Shrinking needs the area of each pixel, or small faces would be noise.
        if wide > 1.5 * side:
            return _shrunk(picture, (left, top, left + wide, top + high), side, filling)
        filter_ = Image.Resampling.BICUBIC if self._chance.random() < 0.5 else Image.Resampling.BILINEAR
        return picture.transform((side, side), Image.Transform.AFFINE, scale, filter_, fillcolor=filling)

    def _paste(self, canvas: Image.Image) -> None:
        """A tinted face of fer2013 with soft edges somewhere."""
        side = int(20 * (0.75 * self._side / 20) ** self._chance.random())
        grey = Image.fromarray(self._faces.pixels[self._chance.integers(len(self._faces))])
        grey = grey.resize((side, side), Image.Resampling.BICUBIC)
        tint = self._chance.uniform((0.9, 0.65, 0.5), (1.1, 0.95, 0.95))
        colour = np.clip(np.asarray(grey, np.float32)[..., None] * tint, 0, 255).astype(np.uint8)
        ramp = np.minimum(np.arange(side), np.arange(side)[::-1]) / max(1.0, side * 0.12)
        mask = np.clip(np.minimum(ramp[:, None], ramp[None, :]), 0, 1) * 255
        x, y = self._chance.integers(-side // 4, self._side - side * 3 // 4, 2).tolist()
        canvas.paste(Image.fromarray(colour), (x, y), Image.fromarray(mask.astype(np.uint8)))


def _shrunk(
    picture: Image.Image, box: tuple[float, float, float, float], side: int, filling: tuple[int, ...]
) -> Image.Image:
    """A window that may reach beyond the picture, shrunk without aliasing."""
    left, top, right, bottom = (round(edge) for edge in box)
    whole = Image.new("RGB", (max(1, right - left), max(1, bottom - top)), filling)
    whole.paste(picture, (-left, -top))
    return whole.resize((side, side), Image.Resampling.BILINEAR)
