"""Any of Pillow's pixel layouts as 8-bit RGB."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

_DEEP = ("I;16", "I;16L", "I;16B", "I;16N", "I", "F")
_FULL_16_BIT = 65535


def in_rgb(image: Image.Image) -> NDArray[np.uint8]:
    """Converts a loaded picture.

    Args:
        image: In any of Pillow's modes.

    Returns:
        [H, W, 3] RGB, uint8 in [0, 255], contiguous; transparency over white.
    """
    if image.mode in _DEEP:
        grey = _eight_bits(np.asarray(image))
        return np.repeat(grey[:, :, np.newaxis], 3, axis=2)
    if image.has_transparency_data:
        image = _over_white(image)
    elif image.mode == "CMYK":
        image = _from_cmyk(image)
    return np.array(image if image.mode == "RGB" else image.convert("RGB"), dtype=np.uint8)


def _eight_bits(deep: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Scales 16-bit, 32-bit or float grey to [0, 255].

    16-bit is scaled by its full range. 32-bit integers and floats do not say what white is: values
    within [0, 1] are taken for fractions, within 16 bits for 16-bit, anything else is stretched
    from its least to its greatest value.
    """
    if deep.dtype.itemsize == 2:
        scaled = (deep.astype(np.uint32) * 255 + _FULL_16_BIT // 2) // _FULL_16_BIT
        return np.asarray(scaled, dtype=np.uint8)
    values: NDArray[np.float32] = np.nan_to_num(deep.astype(np.float32), posinf=0.0, neginf=0.0)
    low, high = float(values.min()), float(values.max())
    if low >= 0:
        low, high = 0.0, 1.0 if high <= 1 and deep.dtype.kind == "f" else max(high, float(_FULL_16_BIT))
    return np.asarray(np.rint((values - low) * (255 / max(high - low, 1e-9))), dtype=np.uint8)


def _over_white(image: Image.Image) -> Image.Image:
    layer = image.convert("RGBA")
    white = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(white, layer).convert("RGB")


def _from_cmyk(image: Image.Image) -> Image.Image:
    """By the embedded colour profile, as a viewer does; without one by Pillow's plain formula."""
    profile = image.info.get("icc_profile")
    if not isinstance(profile, bytes):
        return image.convert("RGB")
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):  # the profile is broken; the pixels are not
        converted = None
    return converted if converted is not None else image.convert("RGB")
