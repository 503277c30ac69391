"""Measures the pack through the program's own runtime; no torch."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kit.flickr8k import CaptionedPicture, read_captions, read_pictures
from kit.measured import Measured
from kit.request import SHIPPED_VISION
from mmdesk.packs.pack import open_pack
from mmdesk.runtime.device import Device, choose
from mmdesk.tasks.embed import Embedder, SeenWord, embed_encoder
from starter_embed.everyday import Everyday, read_everyday
from starter_embed.ranking import recalls

BATCH = 16

Vectors = NDArray[np.float32]


def measure_embed(
    pack: Path,
    data: Path,
    split: str,
    language: str,
    limit: int | None,
    vision: Path = SHIPPED_VISION,
) -> Measured:
    """Ranks captions for pictures and pictures for captions within one split.

    Args:
        pack: Folder of the pack; it is verified, and its known answers are run.
        data: The flickr8k folder, or the folder that holds it as ``flickr8k``.
        split: ``train``, ``val`` or ``test``.
        language: ``en`` or ``zh``.
        limit: Only the first so many pictures.
        vision: The pack with the picture encoder.

    Returns:
        ``i2t_r1``, ``i2t_r5``, ``i2t_r10``, ``t2i_r1``, ``t2i_r5``, ``t2i_r10`` in percent, and of the
        zero-shot words ``precision`` and ``recall`` against the words of the English captions.

    Raises:
        FileNotFoundError: The split is not in the folder.
        ValueError: The split is empty.
    """
    folder = data if (data / "captions.jsonl.gz").exists() else data / "flickr8k"
    pictures = read_captions(folder, split)[:limit]
    with open_embedder(pack, vision) as embedder:
        vectors = see(embedder, folder, split, pictures)
        metrics = figures(embedder, vectors, pictures, language)
    return Measured("embed", pack.name, split, len(pictures), metrics)


def figures(
    embedder: Embedder, vectors: Vectors, pictures: Sequence[CaptionedPicture], language: str
) -> dict[str, float]:
    """The figures of `measure_embed` for pictures whose vectors float32 [N, 256] are known."""
    captions = [p.english if language == "en" else p.chinese for p in pictures]
    texts = embedder.texts([text for own in captions for text in own], language)
    owner = [row for row, own in enumerate(captions) for _ in own]
    return recalls(vectors, texts, owner) | word_figures(embedder.words(vectors), pictures)


@contextmanager
def open_embedder(pack: Path, vision: Path, threads: int | None = None) -> Iterator[Embedder]:
    """The pack as the program runs it, on the CPU."""
    opened, choice = open_pack(pack), choose(Device.CPU)
    encoder = embed_encoder(opened, [open_pack(vision)]).load(choice, threads)
    embedder = Embedder(opened, encoder, choice, threads)
    try:
        yield embedder
    finally:
        embedder.close()
        encoder.close()


def see(embedder: Embedder, folder: Path, split: str, pictures: Sequence[CaptionedPicture]) -> Vectors:
    """Vectors of pictures float32 [N, 256]."""
    decoded = read_pictures(folder, split, [picture.name for picture in pictures])
    parts = []
    while batch := [embedder.encoder.prepare(rgb) for rgb in islice(decoded, BATCH)]:
        parts.append(embedder.pictures(embedder.encoder.encode(batch)))
    return np.concatenate(parts)


def word_figures(
    seen: Sequence[Sequence[SeenWord]], pictures: Sequence[CaptionedPicture]
) -> dict[str, float]:
    """Precision and recall in percent of the words shown, over all pictures and shown words together.

    People do not write down all that they see, so a word in no caption may still be right.
    """
    listed = {entry.english: entry for entry in read_everyday()}
    offered = {word.labels["en"] for words in seen for word in words}
    entries = {name: listed.get(name, Everyday(name, "", ())) for name in offered}
    shown = right = named = 0
    for words, picture in zip(seen, pictures, strict=True):
        true = {name for name in offered if entries[name].named_in(picture.english)}
        told = {word.labels["en"] for word in words}
        shown, right, named = shown + len(told), right + len(told & true), named + len(true)
    return {
        "precision": 100.0 * right / max(1, shown),
        "recall": 100.0 * right / max(1, named),
        "words_per_picture": shown / len(pictures),
    }
