"""Pictures of discs, boxes and faces, and zips of them."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

COLOURS = {
    "red": (200, 40, 40), "green": (40, 160, 60), "blue": (40, 60, 200), "yellow": (220, 210, 40),
    "black": (20, 20, 20), "gray": (128, 128, 128), "brown": (120, 80, 40), "teal": (20, 140, 140),
}  # fmt: skip
Box = tuple[float, float, float, float]


def drawn(side: int, shape: str, colour: str, chance: np.random.Generator) -> Image.Image:
    """A shape on noise, RGB of ``side`` pixels."""
    noise = chance.integers(150, 230, (side, side, 3), np.uint8)
    picture = Image.fromarray(noise)
    left, top = (float(value) for value in chance.uniform(0.1, 0.4, 2) * side)
    box = (left, top, left + side / 2, top + side / 2)
    draw = ImageDraw.Draw(picture)
    if shape == "rectangle":
        draw.rectangle(box, COLOURS[colour])
    elif shape == "triangle":
        draw.polygon([(box[0], box[3]), (box[2], box[3]), ((box[0] + box[2]) / 2, box[1])], COLOURS[colour])
    else:
        draw.ellipse(box, COLOURS[colour])
    return picture


def face(side: int, mouth: int, chance: np.random.Generator) -> Image.Image:
    """A bright oval with eyes and one of seven mouths in a light of its own, grey of ``side`` pixels."""
    picture = Image.fromarray(chance.integers(20, 90, (side, side), np.uint8))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((side * 0.15, side * 0.05, side * 0.85, side * 0.95), 220)
    for x in (0.35, 0.65):
        draw.ellipse((side * (x - 0.06), side * 0.35, side * (x + 0.06), side * 0.45), 30)
    draw.ellipse((side * 0.35, side * (0.62 + 0.02 * mouth), side * 0.65, side * (0.64 + 0.04 * mouth)), 40)
    light = Image.fromarray(chance.integers(0, 256, (6, 6), np.uint8)).resize((side, side))
    return Image.blend(picture, light, 0.4)


def sheet(tiles: NDArray[np.uint8], wide: int) -> Image.Image:
    """Tiles [N, side, side(, 3)] row by row; the rest of the last row is black."""
    count, side = tiles.shape[:2]
    rows = -(-count // wide)
    whole = np.zeros((rows * side, wide * side, *tiles.shape[3:]), np.uint8)
    for place, tile in enumerate(tiles):
        row, column = divmod(place, wide)
        whole[row * side : (row + 1) * side, column * side : (column + 1) * side] = tile
    return Image.fromarray(whole)


def write_zip(target: Path, pictures: Mapping[str, Image.Image]) -> None:
    """A stored zip of pictures, in the format that each name ends in."""
    with zipfile.ZipFile(target, "w") as archive:
        for name, picture in pictures.items():
            content = io.BytesIO()
            picture.save(content, "PNG" if name.endswith("png") else "JPEG")
            archive.writestr(name, content.getvalue())
