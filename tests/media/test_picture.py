"""Every kind of still picture, as a person sees it."""

from __future__ import annotations

import io
import os
import struct
import sys
import threading
import zlib
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageOps

from mmdesk.errors import DamagedMedia, MediaError, TooLarge, UnsupportedMedia
from mmdesk.events import MediaKind
from mmdesk.media.picture import describe_picture, read_picture
from mmdesk.media.probe import probe

LOSSLESS = ["PNG", "TIFF", "BMP", "GIF"]


def scene(width: int = 48, height: int = 32) -> NDArray[np.uint8]:
    """Red, green, blue and grey quarters; no symmetry, so every turn is noticed."""
    pixels = np.full((height, width, 3), 128, np.uint8)
    pixels[: height // 2, : width // 3] = (220, 20, 20)
    pixels[: height // 2, width // 3 :] = (20, 200, 20)
    pixels[height // 2 :, : width // 2] = (20, 20, 220)
    return pixels


def saved(path: Path, image: Image.Image, kind: str, **options: object) -> Path:
    image.save(path, kind, **options)
    return path


@pytest.mark.parametrize("kind", LOSSLESS)
def test_lossless_pictures_come_back_exactly(tmp_path: Path, kind: str) -> None:
    path = saved(tmp_path / "picture", Image.fromarray(scene()), kind)
    assert (read_picture(path) == scene()).all()
    info = probe(path)
    assert (info.kind, info.container) == (MediaKind.PICTURE, kind)


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "AVIF", "JPEG2000"])
def test_lossy_pictures_come_back_nearly(tmp_path: Path, kind: str) -> None:
    path = saved(tmp_path / "picture", Image.fromarray(scene()), kind, quality=95)
    assert np.abs(read_picture(path).astype(int) - scene()).mean() < 6
    assert probe(path).kind is MediaKind.PICTURE


def test_the_name_plays_no_part(tmp_path: Path) -> None:
    path = saved(tmp_path / "holiday.mp4", Image.fromarray(scene()), "PNG")
    assert probe(path).container == "PNG"
    assert (read_picture(path) == scene()).all()


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_exif_orientation_is_applied(tmp_path: Path, orientation: int, kind: str) -> None:
    image = Image.fromarray(scene())
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = saved(tmp_path / "turned", image, kind, exif=exif, quality=95, lossless=True)
    stored = Image.open(path)
    upright = np.asarray(ImageOps.exif_transpose(stored).convert("RGB"))
    found = read_picture(path)
    assert found.shape == upright.shape
    assert (found == upright).all()
    info = probe(path).picture
    assert info is not None
    assert (info.height, info.width) == found.shape[:2]
    if orientation == 6:
        assert np.abs(found.astype(int) - np.rot90(scene(), -1)).mean() < 6


def test_transparency_lies_on_white(tmp_path: Path) -> None:
    layer = np.dstack([scene(), np.full((32, 48), 255, np.uint8)])
    layer[:8, :, 3] = 0
    layer[8:16, :, 3] = 128
    for kind in ("PNG", "WEBP", "TIFF"):
        options = {"lossless": True, "exact": True} if kind == "WEBP" else {}
        found = read_picture(saved(tmp_path / kind, Image.fromarray(layer), kind, **options))
        assert (found[:8] == 255).all()
        assert (found[16:] == scene()[16:]).all()
        half = (scene()[8:16].astype(int) * 128 + 255 * 127) / 255
        assert np.abs(found[8:16] - half).max() <= 2


def test_a_palette_with_one_transparent_colour(tmp_path: Path) -> None:
    image = Image.fromarray(scene()).quantize(8)
    clear = image.getpixel((0, 0))
    for kind in ("PNG", "GIF"):
        found = read_picture(saved(tmp_path / kind, image, kind, transparency=clear))
        assert (found[0, 0] == 255).all()
        assert np.abs(found[-1, 0].astype(int) - scene()[-1, 0]).max() < 8


def test_grey_becomes_rgb(tmp_path: Path) -> None:
    grey = np.linspace(0, 255, 48 * 32).reshape(32, 48).astype(np.uint8)
    for mode in ("L", "LA", "1"):
        found = read_picture(saved(tmp_path / mode, Image.fromarray(grey).convert(mode), "PNG"))
        assert found.shape == (32, 48, 3)
        if mode != "1":
            assert (found == grey[:, :, np.newaxis]).all()


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bits_are_scaled_not_clipped(tmp_path: Path, kind: str) -> None:
    deep = np.linspace(0, 65535, 48 * 32).reshape(32, 48).astype(np.uint16)
    found = read_picture(saved(tmp_path / "deep", Image.fromarray(deep), kind))
    assert np.abs(found[:, :, 0] - deep / 257.0).max() <= 0.51


def test_sixteen_bit_colour_is_scaled(tmp_path: Path) -> None:
    deep = (scene().astype(np.uint16) * 257).astype(">u2")
    rows = b"".join(b"\0" + row.tobytes() for row in deep)
    path = tmp_path / "deep.png"
    path.write_bytes(png(48, 32, depth=16, colour=2, rows=rows))
    assert (read_picture(path) == scene()).all()


def test_float_grey_within_one_is_a_fraction(tmp_path: Path) -> None:
    values = np.linspace(0, 1, 48 * 32, dtype=np.float32).reshape(32, 48)
    found = read_picture(saved(tmp_path / "f.tif", Image.fromarray(values), "TIFF"))
    assert np.abs(found[:, :, 0] - values * 255).max() <= 0.51


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_cmyk_is_read_with_its_true_colours(tmp_path: Path, kind: str) -> None:
    image = Image.fromarray(scene()).convert("CMYK")
    path = saved(tmp_path / "print", image, kind, **({"quality": 95} if kind == "JPEG" else {}))
    assert np.abs(read_picture(path).astype(int) - scene()).mean() < 6
    info = describe_picture(path)
    assert info.mode == "CMYK"


def test_a_cmyk_picture_with_a_broken_profile_is_still_read(tmp_path: Path) -> None:
    image = Image.fromarray(scene()).convert("CMYK")
    path = saved(tmp_path / "print.jpg", image, "JPEG", quality=95, icc_profile=b"no profile at all")
    assert np.abs(read_picture(path).astype(int) - scene()).mean() < 6


def test_a_profile_for_other_pixels_does_not_stop_a_cmyk_picture(tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    image = Image.fromarray(scene()).convert("CMYK")
    path = saved(tmp_path / "print.jpg", image, "JPEG", quality=95, icc_profile=profile)
    assert np.abs(read_picture(path).astype(int) - scene()).mean() < 6


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_of_an_animation_the_first_picture_is_read(tmp_path: Path, kind: str) -> None:
    frames = [Image.fromarray(np.roll(scene(), n * 5, 1)) for n in range(4)]
    options = {"lossless": True} if kind == "WEBP" else {}
    path = tmp_path / "moving"
    frames[0].save(path, kind, save_all=True, append_images=frames[1:], duration=80, **options)
    assert (read_picture(path) == scene()).all()
    info = probe(path)
    assert info.kind is MediaKind.PICTURE
    assert info.picture is not None
    assert info.picture.frames == 4


def test_a_photo_with_a_preview_inside_is_one_picture(tmp_path: Path) -> None:
    path = tmp_path / "phone.jpg"
    preview = Image.fromarray(scene(24, 16))
    Image.fromarray(scene()).save(path, "MPO", save_all=True, append_images=[preview], quality=95)
    info = probe(path).picture
    assert info is not None
    assert (info.width, info.height, info.frames) == (48, 32, 1)
    assert np.abs(read_picture(path).astype(int) - scene()).mean() < 6


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP", "AVIF"])
@pytest.mark.parametrize("share", [0.97, 0.5, 0.1])
def test_a_cut_off_picture_is_damaged(tmp_path: Path, kind: str, share: float) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    path = saved(tmp_path / "cut", Image.fromarray(noise), kind)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    with pytest.raises(DamagedMedia) as caught:
        read_picture(path)
    assert caught.value.path == path


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.sampled_from(["JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP", "AVIF", "JPEG2000"]),
    where=st.floats(0, 1, exclude_max=True),
    value=st.binary(min_size=1, max_size=6),
)
def test_whatever_is_changed_it_is_a_picture_or_a_sentence(
    tmp_path: Path, kind: str, where: float, value: bytes
) -> None:
    data = bytearray(SAMPLES[kind])
    start = int(len(data) * where)
    data[start : start + len(value)] = value
    path = tmp_path / "changed"
    path.write_bytes(data)
    for read in (probe, read_picture):
        with suppress(MediaError):
            read(path)


def sample(kind: str) -> bytes:
    buffer = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    options = {"exif": exif} if kind in ("JPEG", "PNG", "TIFF", "WEBP", "AVIF") else {}
    Image.fromarray(scene()).save(buffer, kind, **options)
    return buffer.getvalue()


SAMPLES = {kind: sample(kind) for kind in ["JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP", "AVIF", "JPEG2000"]}


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int, height: int, depth: int, colour: int, rows: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def test_a_decompression_bomb_is_refused_without_its_memory(tmp_path: Path) -> None:
    path = tmp_path / "bomb.png"
    length = 30_000 * (1 + 30_000 * 3)
    packer = zlib.compressobj(9, wbits=-15)
    thousand_rows = packer.compress(bytes(length // 30)) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = struct.pack(">I", length % 65521 << 16 | 1)
    body = b"\x78\xda" + thousand_rows * 30 + packer.flush() + checksum
    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", body), chunk(b"IEND", b""))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(parts))
    before = peak_memory()
    with pytest.raises(TooLarge):
        read_picture(path)
    info = probe(path).picture
    assert info is not None
    assert (info.width, info.height) == (30_000, 30_000)
    assert peak_memory() - before < 100 << 20


def peak_memory() -> int:
    """Highest resident memory of this process so far, bytes."""
    if sys.platform != "linux":
        pytest.skip("reads /proc")
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) << 10


def test_a_huge_jpeg_is_read_at_a_smaller_scale(tmp_path: Path) -> None:
    path = saved(tmp_path / "huge.jpg", Image.fromarray(scene(2400, 1600)), "JPEG", quality=90)
    small = read_picture(path, max_bytes=2400 * 1600 * 8 // 3)
    assert small.shape == (800, 1200, 3)
    assert np.abs(small.astype(int) - scene(1200, 800)).mean() < 3
    with pytest.raises(TooLarge):
        read_picture(path, max_bytes=1000)


def test_a_progressive_jpeg_counts_its_coefficients(tmp_path: Path) -> None:
    path = saved(tmp_path / "p.jpg", Image.fromarray(scene(2400, 1600)), "JPEG", progressive=True)
    assert read_picture(path).shape == (1600, 2400, 3)
    with pytest.raises(TooLarge):
        read_picture(path, max_bytes=2400 * 1600 * 6)


def test_a_photo_of_108_megapixels_is_read_without_a_warning(tmp_path: Path) -> None:
    path = saved(tmp_path / "phone.jpg", Image.new("L", (12_000, 9_000), 77), "JPEG")
    found = read_picture(path)
    assert found.shape == (9_000, 12_000, 3)
    assert int(found[4_000, 4_000, 0]) == 77


def test_a_text_named_jpg_is_no_picture(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    path.write_text("I am a letter, not a photo.\n" * 10)
    with pytest.raises(UnsupportedMedia) as caught:
        probe(path)
    assert "text" in str(caught.value.message)
    with pytest.raises(UnsupportedMedia):
        read_picture(path)


def test_a_heif_photo_is_refused_with_a_way_out(tmp_path: Path) -> None:
    path = tmp_path / "IMG_0001.HEIC"
    path.write_bytes(struct.pack(">I", 24) + b"ftypheic" + bytes(4) + b"mif1heic" + bytes(500))
    with pytest.raises(UnsupportedMedia) as caught:
        probe(path)
    assert "HEIF" in str(caught.value.message)


def test_many_threads_read_at_once(tmp_path: Path) -> None:
    path = saved(tmp_path / "p.png", Image.fromarray(scene(400, 300)), "PNG")
    results: list[bool] = []
    threads = [
        threading.Thread(target=lambda: results.append(bool((read_picture(path) == scene(400, 300)).all())))
        for _ in range(min(8, (os.cpu_count() or 1) * 2))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(results)
    assert len(results) == len(threads)
