"""The pictures: files of scikit-image's own wheel, fetched for the rendering only."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

from PIL import Image

_WHEEL = "scikit-image==0.26.0"


def fetch_pictures(names: Iterable[str]) -> dict[str, Image.Image]:
    """Reads `skimage/data/<name>.png` from the published wheel; nothing is installed.

    Args:
        names: Without folder and ending.
    """
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
        subprocess.run([*command, "--dest", folder, _WHEEL], check=True)
        (wheel,) = Path(folder).glob("*.whl")
        with zipfile.ZipFile(wheel) as files:
            return {name: _picture(files, name) for name in names}


def _picture(files: zipfile.ZipFile, name: str) -> Image.Image:
    with files.open(f"skimage/data/{name}.png") as file:
        return Image.open(file).convert("RGB")
