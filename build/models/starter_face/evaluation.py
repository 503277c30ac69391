"""Measures the pack through the program's own runtime; no torch."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from kit.measured import Measured
from metrics.classes import class_figures, f1_by_class
from mmdesk.packs.pack import open_pack
from mmdesk.runtime.device import Device, choose
from mmdesk.tasks.expressions import ExpressionReader, FaceAffect
from mmdesk.tasks.faces import Face, FaceDetector
from starter_face.agreement import SURE, Agreement, agreement
from starter_face.fer_sheets import LABELS, FaceSet, read_faces
from starter_face.photos import Photos
from starter_face.yunet import TEACHER, Found, YuNet

# Canvases are squares of four photos.
CANVAS = 640
# Faces of fer2013 stand in a grey picture at this size when the detector is to find them first.
SHOWN, AROUND = 160, 80

Pixels = NDArray[np.uint8]


def measure_face_expression(
    pack: Path, data: Path, split: str, language: str, limit: int | None, threads: int | None = None
) -> Measured:
    """Judges the faces of one split, framed as the set frames them.

    Args:
        pack: Folder of the pack.
        data: The fer2013 folder.
        split: ``test``, or another one of the folder's index.
        language: Plays no part.
        limit: Only so many faces, of all classes.
        threads: Of ONNX Runtime; all cores by default.

    Returns:
        ``accuracy``, ``macro_f1``, ``weighted_f1``, ``ece`` and each class's F1, in percent.
    """
    faces = read_faces(data, split)
    if limit is not None:
        faces = faces.take(np.linspace(0, len(faces) - 1, min(limit, len(faces))).astype(np.int64))
    with closing(ExpressionReader(open_pack(pack), choose(Device.CPU), threads)) as reader:
        chances = chances_of(reader, faces)
    f1 = f1_by_class(chances.argmax(1), faces.labels, len(LABELS))
    each = {f"f1_{label}": 100 * value for label, value in zip(LABELS, f1.tolist(), strict=True)}
    return Measured(
        "face-expression", pack.name, split, len(faces), class_figures(chances, faces.labels) | each
    )


def chances_of(reader: ExpressionReader, faces: FaceSet) -> NDArray[np.float64]:
    """The reader's probabilities, float64 [N, 7]."""
    affects = reader.read_crops([pixels.astype(np.float32) for pixels in faces.pixels])
    return np.array([distribution(affect) for affect in affects])


def distribution(affect: FaceAffect) -> list[float]:
    """Probabilities in the order of `LABELS`."""
    named = dict(affect.distribution)
    return [named[label] for label in LABELS]


def measure_face_detect(
    pack: Path, data: Path, split: str, language: str, limit: int | None, threads: int | None = None
) -> Measured:
    """Compares the detector with YuNet on photos as they are and on canvases of four at 640 pixels.

    What counts is said in `agreement`: faces from 24 pixels of which YuNet is at least 0.7 sure, found with
    an IoU of at least 0.5.

    Args:
        pack: Folder of the pack.
        data: The flickr8k folder; YuNet lies in ``pretrained_small`` beside it.
        split: ``test``, ``val`` or ``train``.
        language: Plays no part.
        limit: Only the first so many photos.
        threads: Of ONNX Runtime; all cores by default.

    Returns:
        ``precision``, ``recall``, ``f1`` over all, and of photos and canvases, in percent.
    """
    photos = Photos(data, split, limit)
    teacher = YuNet(data.parent / "pretrained_small" / TEACHER, threads or 1)
    with closing(FaceDetector(open_pack(pack), choose(Device.CPU), threads)) as detector:
        single = compared(detector, teacher, singles(photos))
        whole = compared(detector, teacher, canvases(photos))
    figures = dict((single + whole).as_figures())
    figures |= {f"photo_{name}": value for name, value in single.as_figures().items()}
    figures |= {f"canvas_{name}": value for name, value in whole.as_figures().items()}
    figures["faces"] = float(single.faces + whole.faces)
    return Measured("face-detect", pack.name, split, len(photos), figures)


def compared(detector: FaceDetector, teacher: YuNet, pictures: Iterator[Pixels]) -> Agreement:
    """The detector at its own threshold against the teacher."""
    mine, theirs = found_by_both(detector, teacher, pictures)
    return agreement(mine, theirs, 0.0)


def found_by_both(
    detector: FaceDetector, teacher: YuNet, pictures: Iterator[Pixels]
) -> tuple[list[Found], list[Found]]:
    """What both find in pictures; the teacher also what it is half as sure of."""
    mine, theirs = [], []
    for picture in pictures:
        mine.append(as_found(detector.find(picture)))
        theirs.append(teacher.find(picture, SURE / 2))
    return mine, theirs


def as_found(faces: Sequence[Face]) -> Found:
    """Faces as arrays."""
    return Found(
        np.array([face.score for face in faces], np.float32),
        np.array([face.box for face in faces], np.float32).reshape(-1, 4),
        np.array([face.points for face in faces], np.float32).reshape(-1, 5, 2),
    )


def singles(photos: Photos) -> Iterator[Pixels]:
    """The photos as they are."""
    for number in range(len(photos)):
        yield np.asarray(photos.read(number))


def canvases(photos: Photos) -> Iterator[Pixels]:
    """Four photos each, enlarged to a square of 640 pixels; a rest of fewer than four is left out."""
    half = CANVAS // 2
    places = ((0, 0), (half, 0), (0, half), (half, half))
    for first in range(0, len(photos) - len(places) + 1, len(places)):
        canvas = Image.new("RGB", (CANVAS, CANVAS))
        for number, place in enumerate(places, start=first):
            canvas.paste(photos.read(number).resize((half, half), Image.Resampling.BICUBIC), place)
        yield np.asarray(canvas)


def found_and_read(
    detector: FaceDetector, reader: ExpressionReader, faces: FaceSet
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Faces of fer2013 that the program finds and frames by itself.

    Args:
        detector: Finds them in a grey picture.
        reader: Judges what was found.
        faces: At most a few thousand.

    Returns:
        Probabilities [found, 7], and the rows of ``faces`` that were found and judged.
    """
    chances, rows = [], []
    for row, pixels in enumerate(faces.pixels):
        picture = in_a_picture(pixels)
        (affect,) = reader.read(picture, detector.find(picture)[:1]) or (None,)
        if isinstance(affect, FaceAffect):
            chances.append(distribution(affect))
            rows.append(row)
    return np.array(chances).reshape(-1, len(LABELS)), np.array(rows, np.int64)


def in_a_picture(pixels: Pixels) -> Pixels:
    """A face of fer2013 enlarged in the middle of a grey picture, uint8 [320, 320, 3]."""
    face = Image.fromarray(pixels).resize((SHOWN, SHOWN), Image.Resampling.BICUBIC)
    picture = np.full((SHOWN + 2 * AROUND, SHOWN + 2 * AROUND, 3), int(pixels.mean()), np.uint8)
    picture[AROUND:-AROUND, AROUND:-AROUND] = np.asarray(face)[..., None]
    return picture
