"""What the frozen picture encoder ``starter-vision`` sees in Flickr8k, computed once and kept.

Every pack that rests on the encoder learns from these grids, so that none pays for the encoder in
each epoch. Augmentation becomes a number of views of each picture: the first is the picture as it
is, the second its mirror image, all others are cropped, mirrored and relit by chance.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray
from torch import Tensor

from kit.flickr8k import CaptionedPicture, read_captions
from kit.pictures import augment, load_pixels, normalize
from kit.request import TrainRequest

CELLS = 49
CHANNELS = 1280
BATCH = 50
# View n is drawn with this seed plus n.
VIEW_SEED = 1000

Grids = NDArray[np.float16]


class GridEncoder:
    """The graph of a vision pack on the CPU.

    Args:
        pack: Folder of the pack.
        threads: CPU threads.

    Raises:
        FileNotFoundError: The pack was not trained yet (``train.py starter-vision``).
    """

    def __init__(self, pack: Path, threads: int) -> None:
        file = vision_graph(pack)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self._session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])

    def __call__(self, pixels: Tensor) -> Grids:
        """Encodes pictures.

        Args:
            pixels: From `normalize`, float32 [B, 3, 224, 224] in [-1, 1].

        Returns:
            float16 [B, 49, 1280], values >= 0.
        """
        (grid,) = self._session.run(["grid"], {"pixel_values": pixels.contiguous().numpy()})
        half: Grids = np.asarray(grid).astype(np.float16)
        return half


def vision_graph(pack: Path) -> Path:
    """The graph inside a vision pack.

    Raises:
        FileNotFoundError: There is no such pack.
    """
    file = pack / "vision.onnx"
    if not file.exists():
        raise FileNotFoundError(f"{file}: train the pack starter-vision first")
    return file


def vision_reference(pack: Path) -> dict[str, str]:
    """What the manifest of a resting pack says about its encoder: name and SHA-256 of its graph."""
    digest = hashlib.sha256(vision_graph(pack).read_bytes()).hexdigest()
    return {"pack": pack.name, "sha256": digest}


def grid_features(request: TrainRequest, split: str, views: int = 1, limit: int | None = None) -> list[Grids]:
    """The grids of one split of Flickr8k, computed where they are not kept yet.

    Args:
        request: Names the data, the vision pack and the folder of caches.
        split: ``train``, ``val`` or ``test``.
        views: How many views of each picture.
        limit: Only the first so many pictures.

    Returns:
        One memory-mapped array a view, float16 [N, 49, 1280], rows in the order of `read_captions`.
    """
    flickr = request.data / "flickr8k"
    pictures = read_captions(flickr, split)[:limit]
    folder = request.work.parent / "grids" / cache_key(request.vision, pictures)
    files = [folder / f"{split}_view{view}.npy" for view in range(views)]
    missing = {view: file for view, file in enumerate(files) if not file.exists()}
    if missing:
        folder.mkdir(parents=True, exist_ok=True)
        encoder = GridEncoder(request.vision, request.threads)
        pixels = load_pixels(flickr, split, pictures)
        for view, file in missing.items():
            _keep(encoder, pixels, view, file)
    return [np.load(file, mmap_mode="r") for file in files]


def cache_key(vision: Path, pictures: Sequence[CaptionedPicture]) -> str:
    """Another encoder or other pictures have another key."""
    names = "\n".join(picture.name for picture in pictures)
    whole = vision_reference(vision)["sha256"] + "\n" + names
    return hashlib.sha256(whole.encode()).hexdigest()[:16]


def _keep(encoder: GridEncoder, pixels: Tensor, view: int, file: Path) -> None:
    partial = file.with_suffix(".partial")
    shape = (len(pixels), CELLS, CHANNELS)
    grids = np.lib.format.open_memmap(partial, mode="w+", dtype=np.float16, shape=shape)
    generator = torch.Generator().manual_seed(VIEW_SEED + view)
    for first in range(0, len(pixels), BATCH):
        batch = see_as(normalize(pixels[first : first + BATCH]), view, generator)
        grids[first : first + BATCH] = encoder(batch)
    grids.flush()
    partial.replace(file)
    print("grids", file, flush=True)


def see_as(pixels: Tensor, view: int, generator: torch.Generator) -> Tensor:
    """Normalised pictures [B, 3, 224, 224] as a view shows them."""
    if view == 0:
        return pixels
    return pixels.flip(3) if view == 1 else augment(pixels, generator)
