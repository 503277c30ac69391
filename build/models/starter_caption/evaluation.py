"""Measures the pack through the program's own runtime; no torch."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from kit.flickr8k import CaptionedPicture, read_captions, read_pictures
from kit.measured import Measured
from kit.request import SHIPPED_VISION
from metrics.captions import score_captions
from mmdesk.packs.pack import open_pack
from mmdesk.runtime.device import Device, choose
from mmdesk.tasks.caption import Caption, Captioner, caption_encoder

BATCH = 16


def measure_caption(
    pack: Path,
    data: Path,
    split: str,
    language: str,
    limit: int | None,
    vision: Path = SHIPPED_VISION,
) -> Measured:
    """Captions the pictures of one split and compares with what people wrote.

    Args:
        pack: Folder of the pack; it is verified, and its known answers are run.
        data: The flickr8k folder, or the folder that holds it as ``flickr8k``.
        split: ``train``, ``val`` or ``test``.
        language: ``en`` (tokens are words) or ``zh`` (characters).
        limit: Only the first so many pictures.
        vision: The pack with the picture encoder.

    Returns:
        ``bleu_1`` to ``bleu_4`` in percent, and ``cider_d``.

    Raises:
        FileNotFoundError: The split is not in the folder.
        ValueError: The split is empty.
    """
    folder = data if (data / "captions.jsonl.gz").exists() else data / "flickr8k"
    pictures = read_captions(folder, split)[:limit]
    with open_captioner(pack, vision) as captioner:
        captions = [c.text for c in write_captions(captioner, folder, split, pictures, language)]
    references = [p.english if language == "en" else p.chinese for p in pictures]
    score = score_captions(captions, references, language)
    return Measured("caption", pack.name, split, len(pictures), score.as_metrics())


@contextmanager
def open_captioner(pack: Path, vision: Path) -> Iterator[Captioner]:
    """The pack as the program runs it, on the CPU."""
    opened, choice = open_pack(pack), choose(Device.CPU)
    encoder = caption_encoder(opened, [open_pack(vision)]).load(choice)
    captioner = Captioner(opened, encoder, choice)
    try:
        yield captioner
    finally:
        captioner.close()
        encoder.close()


def write_captions(
    captioner: Captioner, folder: Path, split: str, pictures: Sequence[CaptionedPicture], language: str
) -> Iterator[Caption]:
    """One caption a picture, in their order."""
    decoded = read_pictures(folder, split, [picture.name for picture in pictures])
    while batch := [captioner.encoder.prepare(rgb) for rgb in islice(decoded, BATCH)]:
        yield from captioner.caption(captioner.encoder.encode(batch), language)
