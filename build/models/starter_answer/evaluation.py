"""Measures the pack through the program's own runtime; no torch."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kit.flickr8k import read_captions, read_pictures
from kit.measured import Measured
from kit.request import SHIPPED_VISION
from mmdesk.packs.pack import open_pack
from mmdesk.runtime.device import Device, choose
from mmdesk.tasks.answer import Answer, Answerer, answer_encoder
from mmdesk.tasks.vision import GRID, Encoded
from starter_answer.lexicon import read_lexicon
from starter_answer.samples import (
    EXAM_SEED,
    EXAM_SHARE,
    Sample,
    chinese_answers,
    photo_samples,
    shape_samples,
)
from starter_answer.shapes import read_questions, read_shapes

BATCH = 16
BINS = 10

Pictures = Iterator[NDArray[np.uint8]]


@dataclass(frozen=True)
class Exam:
    """Questions about the pictures of one split.

    Attributes:
        pictures: RGB, in the order of the samples' rows.
        samples: What is asked about them.
    """

    pictures: Pictures
    samples: Sequence[Sample]


def measure_answer(
    pack: Path,
    data: Path,
    split: str,
    language: str,
    limit: int | None,
    vision: Path = SHIPPED_VISION,
) -> Measured:
    """Asks about the pictures of one split, then the same with every picture replaced by their mean.

    Args:
        pack: Folder of the pack; it is verified, and its known answers are run.
        data: The folder of flickr8k or of easy_vqa, or a folder that holds ``flickr8k``.
        split: ``train``, ``val`` or ``test``; easy_vqa has no ``val``.
        language: ``en`` or ``zh``.
        limit: Only the first so many pictures.
        vision: The pack with the picture encoder.

    Returns:
        In percent ``accuracy`` and ``blank_accuracy`` (pictures replaced by their mean), both of
        each kind too as ``KIND_accuracy`` and ``KIND_blank_accuracy``; ``ece`` as a share. ``n``
        counts questions.

    Raises:
        FileNotFoundError: The split is not in the folder.
        ValueError: The split is empty.
    """
    exam = read_exam(data, split, limit)
    with open_answerer(pack, vision) as answerer:
        seen = list(_see(answerer, exam.pictures))
        mean = Encoded({GRID: np.mean([each.tensors[GRID] for each in seen], axis=0)})
        given = _answers(answerer, seen, exam.samples, language)
        blank = _answers(answerer, [mean] * len(seen), exam.samples, language)
    right = _right(given, exam.samples, language)
    unseen = _right(blank, exam.samples, language)
    metrics = {
        "accuracy": 100 * float(right.mean()),
        "blank_accuracy": 100 * float(unseen.mean()),
        "ece": calibration_error(np.array([answer.confidence for answer in given]), right),
        **_by_kind(exam.samples, right, "accuracy"),
        **_by_kind(exam.samples, unseen, "blank_accuracy"),
    }
    return Measured("answer", pack.name, split, len(exam.samples), metrics)


def read_exam(data: Path, split: str, limit: int | None) -> Exam:
    """The questions of one split of flickr8k or easy_vqa, whichever lies in the folder."""
    if (data / f"{split}_questions.json.gz").exists():
        asked = read_questions(data, split)
        numbers = sorted({question.picture for question in asked})[:limit]
        rows = {number: row for row, number in enumerate(numbers)}
        return Exam(read_shapes(data, split, numbers), shape_samples(asked, rows))
    folder = data if (data / "captions.jsonl.gz").exists() else data / "flickr8k"
    pictures = read_captions(folder, split)[:limit]
    samples = photo_samples(pictures, read_lexicon(), EXAM_SEED, EXAM_SHARE)
    return Exam(read_pictures(folder, split, [picture.name for picture in pictures]), samples)


@contextmanager
def open_answerer(pack: Path, vision: Path) -> Iterator[Answerer]:
    """The pack as the program runs it, on the CPU."""
    opened, choice = open_pack(pack), choose(Device.CPU)
    encoder = answer_encoder(opened, [open_pack(vision)]).load(choice)
    answerer = Answerer(opened, encoder, choice)
    try:
        yield answerer
    finally:
        answerer.close()
        encoder.close()


def wording(sample: Sample, language: str, number: int) -> str:
    """The way in which the question of this number is put in evaluations."""
    ways = sample.ways[language]
    return ways[number % len(ways)]


def calibration_error(confidence: NDArray[np.float64], right: NDArray[np.float64]) -> float:
    """Expected calibration error (Guo et al., 2017) over bins of equal width."""
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = [
        abs(confidence[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean()
        for b in range(BINS)
        if (bins == b).any()
    ]
    return float(sum(gaps))


def _see(answerer: Answerer, pictures: Pictures) -> Iterator[Encoded]:
    while batch := [answerer.encoder.prepare(rgb) for rgb in islice(pictures, BATCH)]:
        yield from answerer.encoder.encode(batch)


def _answers(
    answerer: Answerer, seen: Sequence[Encoded], samples: Sequence[Sample], language: str
) -> list[Answer]:
    asked = [(seen[s.picture], wording(s, language, number)) for number, s in enumerate(samples)]
    return answerer.answer_about(asked, language)


def _right(given: Sequence[Answer], samples: Sequence[Sample], language: str) -> NDArray[np.float64]:
    chinese = chinese_answers(read_lexicon())
    wanted = [sample.answer if language == "en" else chinese[sample.answer] for sample in samples]
    return np.array([float(a.text == w) for a, w in zip(given, wanted, strict=True)])


def _by_kind(samples: Sequence[Sample], right: NDArray[np.float64], name: str) -> dict[str, float]:
    kinds = np.array([sample.kind for sample in samples])
    return {
        f"{kind}_{name}": 100 * float(right[kinds == kind].mean()) for kind in sorted(set(kinds.tolist()))
    }
