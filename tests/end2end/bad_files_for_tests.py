"""Files as they come from broken disks, other programs and careless hands."""

from __future__ import annotations

import struct
import zlib
from fractions import Fraction
from pathlib import Path

import numpy as np
from PIL import Image

from tests.analysis.scenes_for_tests import Scene, write_scenes
from tests.media.films_for_tests import Film, steady, write_film
from tests.packs_for_tests import picture


def write_halves(folder: Path, *whole: Path) -> list[Path]:
    """The first half of each file, under a name of its own."""
    halves = []
    for path in whole:
        data = path.read_bytes()
        halves.append(folder / f"half-{path.name}")
        halves[-1].write_bytes(data[: len(data) // 2])
    return halves


def write_noise(path: Path, size: tuple[int, int] = (400, 300)) -> Path:
    """A picture that does not compress, so that its half is really half a picture."""
    width, height = size
    pixels = np.random.default_rng(1).integers(0, 256, (height, width, 3), np.uint8)
    Image.fromarray(pixels).save(path)
    return path


def write_bomb(path: Path, side: int) -> Path:
    """A grey PNG of `side` × `side` pixels in a few kilobytes."""
    packer = zlib.compressobj(1)
    row = bytes(1 + side)
    data = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", data), (b"IEND", b""))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, body) for name, body in chunks))
    return path


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def write_odd_pictures(folder: Path) -> dict[Path, str]:
    """Pictures in unusual forms, and the colour that each shows."""
    red, blue = Image.fromarray(picture("red")), Image.fromarray(picture("blue"))
    red.save(folder / "animated.gif", save_all=True, append_images=[blue], duration=100)
    red.save(folder / "animated.webp", save_all=True, append_images=[blue], duration=100, lossless=True)
    Image.new("I;16", (64, 48), 65535).save(folder / "16bit.png")
    red.convert("CMYK").save(folder / "cmyk.jpg")
    Image.new("RGBA", (64, 48), (0, 0, 0, 0)).save(folder / "alpha.png")
    blue.save(folder / "palette.bmp")
    colours = {
        "animated.gif": "red",
        "animated.webp": "red",
        "16bit.png": "bright",
        "cmyk.jpg": "red",
        "alpha.png": "bright",
        "palette.bmp": "blue",
    }
    return {folder / name: colour for name, colour in colours.items()}


def write_odd_films(folder: Path) -> list[Path]:
    """Films that a player shows all the same."""
    return [
        write_film(folder / "no-sound.mp4", Film(steady(30))),
        write_film(folder / "sound.mkv", Film(steady(30), sound=(0, 3000))),
        write_changing_size(folder / "changing-size.ts"),
        write_film(folder / "no-times.m4v", Film(steady(30), clock=Fraction(1, 10)), container="m4v"),
        write_clock_restart(folder / "clock-restarts.ts"),
    ]


def write_changing_size(path: Path) -> Path:
    """A transport stream whose pictures change their size in the middle: two recordings joined."""
    parts = [
        write_film(path.with_name(f"part{number}.part"), Film(steady(20, number * 2000), size=size), "mpegts")
        for number, size in enumerate(((160, 128), (320, 192)))
    ]
    return _join(path, parts)


def write_clock_restart(path: Path) -> Path:
    """Two recordings joined, red and blue, each with timestamps from 0."""
    parts = [write_scenes(path.with_name(f"{colour}.ts"), [Scene(colour, 2)]) for colour in ("red", "blue")]
    return _join(path, parts)


def _join(path: Path, parts: list[Path]) -> Path:
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    for part in parts:
        part.unlink()
    return path
