"""The photos of flickr8k, without their captions."""

import io
import zipfile
from pathlib import Path

from PIL import Image


class Photos:
    """The pictures of one split of flickr8k, kept as JPEG.

    Args:
        folder: The flickr8k folder.
        split: ``train``, ``val`` or ``test``.
        limit: Take only the first so many.
    """

    def __init__(self, folder: Path, split: str, limit: int | None = None) -> None:
        with zipfile.ZipFile(folder / f"{split}.zip") as archive:
            names = sorted(name for name in archive.namelist() if name.endswith(".jpg"))[:limit]
            self._jpegs = [archive.read(name) for name in names]

    def __len__(self) -> int:
        return len(self._jpegs)

    def read(self, number: int) -> Image.Image:
        """One picture, RGB."""
        with Image.open(io.BytesIO(self._jpegs[number])) as picture:
            return picture.convert("RGB")
