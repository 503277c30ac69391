"""Measures the pack through the program's own runtime; only the teacher needs torch."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kit.flickr8k import read_captions, read_pictures
from kit.measured import Measured
from kit.request import SHIPPED_VISION
from kit.tiny_imagenet import TilePicture, is_tiny_imagenet, read_classes, read_tile_pictures, read_tiles
from mmdesk.packs.pack import open_pack
from mmdesk.runtime.device import Device, choose
from mmdesk.tasks.tags import Tagger, tags_encoder
from starter_tags.agreement import agreement, shown_figures, softmax
from starter_tags.names import class_numbers

TEACHER = "pretrained_small/tf2_mobilenet_v2_1.0_224_ptq.tflite"
LABELS = "pretrained_small/imagenet_labels.txt"
SIDE = 224
BATCH = 16

Floats = NDArray[np.float64]
Pictures = Iterable[NDArray[np.uint8]]


def measure_tags(
    pack: Path,
    data: Path,
    split: str,
    language: str,
    limit: int | None,
    vision: Path = SHIPPED_VISION,
) -> Measured:
    """Compares tags with what the teacher says of the same pictures.

    Args:
        pack: Folder of the pack; it is verified, and its known answers are run.
        data: A folder of flickr8k's or tiny_imagenet's layout; ``pretrained_small`` lies beside it.
        split: ``train``, ``val`` or ``test``.
        language: The tags are the same in every one.
        limit: Only so many pictures: the first, or of tiny_imagenet some of every class.
        vision: The pack with the picture encoder.

    Returns:
        See `agreement`; of the tags that the program shows (first ones above the pack's threshold)
        `shown_figures`; for tiny_imagenet also ``class_accuracy``: first choices among its classes
        that are the picture's class. All in percent.

    Raises:
        FileNotFoundError: The split or the teacher's file is not there.
        ValueError: The split is empty.
    """
    from starter_tags.teacher import in_batches, load_teacher, teach

    teacher = load_teacher(data.parent / TEACHER)
    taught = softmax(teach(teacher, in_batches(_pictures(data, split, limit))).double().numpy())
    with open_tagger(pack, vision) as tagger:
        said = probabilities(tagger, _pictures(data, split, limit))
    threshold = _threshold(pack)
    metrics = agreement(said, taught) | shown_figures(said, taught, threshold)
    if is_tiny_imagenet(data):
        metrics["class_accuracy"] = _class_accuracy(said, data, split, limit)
    return Measured("tags", pack.name, split, len(said), metrics)


@contextmanager
def open_tagger(pack: Path, vision: Path, threads: int | None = None) -> Iterator[Tagger]:
    """The pack as the program runs it, on the CPU."""
    opened, choice = open_pack(pack), choose(Device.CPU)
    encoder = tags_encoder(opened, [open_pack(vision)]).load(choice, threads)
    tagger = Tagger(opened, encoder, choice, threads)
    try:
        yield tagger
    finally:
        tagger.close()
        encoder.close()


def probabilities(tagger: Tagger, pictures: Pictures) -> Floats:
    """Calibrated probabilities float64 [N, 1000]."""
    decoded = iter(pictures)
    parts = []
    while batch := [tagger.encoder.prepare(rgb) for rgb in islice(decoded, BATCH)]:
        parts.append(tagger.probabilities(tagger.encoder.encode(batch)))
    return np.concatenate(parts)


def _pictures(data: Path, split: str, limit: int | None) -> Pictures:
    if is_tiny_imagenet(data):
        return read_tile_pictures(data, split, _tiles(data, split, limit), SIDE)
    names = [picture.name for picture in read_captions(data, split)[:limit]]
    return read_pictures(data, split, names)


def _tiles(data: Path, split: str, limit: int | None) -> list[TilePicture]:
    """All pictures of a split, or so many from all its classes."""
    every = read_tiles(data, split)
    return every if limit is None else every[:: max(1, len(every) // limit)][:limit]


def _threshold(pack: Path) -> float:
    spec = open_pack(pack).manifest.tags
    if spec is None:
        raise ValueError(f"{pack} has no tags")
    return spec.threshold


def _class_accuracy(said: Floats, data: Path, split: str, limit: int | None) -> float:
    numbers = class_numbers(data.parent / LABELS, read_classes(data))
    wnids = [tile.wnid for tile in _tiles(data, split, limit)]
    known = sorted(set(numbers.values()))
    first = np.array(known)[said[:, known].argmax(1)]
    return 100.0 * float(np.mean([numbers.get(w) == n for w, n in zip(wnids, first.tolist(), strict=True)]))
