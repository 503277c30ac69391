"""Pictures as JPEG files, for reports and for frames that are saved."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image


def jpeg(rgb: NDArray[np.uint8], quality: int = 88, max_side: int | None = None) -> bytes:
    """A whole JPEG file; any thread.

    Args:
        rgb: [H, W, 3] uint8 in [0, 255].
        quality: 1 to 95, as Pillow counts.
        max_side: Longest side of the result; scaled down, never up.
    """
    image = Image.fromarray(rgb)
    if max_side is not None:
        image.thumbnail((max_side, max_side), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()
