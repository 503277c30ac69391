"""Sheets of faces, doubles among them, canvases, and agreement with the teacher."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from starter_face.agreement import agreement
from starter_face.canvases import Canvases, Seen
from starter_face.duplicates import clean, groups
from starter_face.evaluation import canvases, in_a_picture, measure_face_expression, singles
from starter_face.fer_sheets import FaceSet, cut, read_faces
from starter_face.photos import Photos
from starter_face.yunet import Cells, Found, best
from tests.face_packs_for_tests import write_face_pack

Pixels = NDArray[np.uint8]


def smooth_faces(count: int, seed: int = 0) -> Pixels:
    """Blobs that are all unlike, as faces are."""
    small = np.random.default_rng(seed).integers(0, 256, (count, 6, 6)).astype(np.uint8)
    return np.stack([np.asarray(Image.fromarray(one).resize((48, 48))) for one in small])


def write_set(folder: Path, sheets: dict[str, Pixels], split: str = "train") -> None:
    """A fer2013 folder with one sheet a label."""
    index = []
    with zipfile.ZipFile(folder / f"{split}_sheets.zip", "w") as archive:
        for label, faces in sheets.items():
            rows = -(-len(faces) // 20)
            sheet = np.zeros((rows * 48, 20 * 48), np.uint8)
            for place, face in enumerate(faces):
                top, left = place // 20 * 48, place % 20 * 48
                sheet[top : top + 48, left : left + 48] = face
            with io.BytesIO() as data:
                Image.fromarray(sheet).save(data, "png")
                archive.writestr(f"{label}_00.jpg", data.getvalue())
            index.append({"split": split, "sheet": f"{label}_00.jpg", "label": label, "count": len(faces)})
    (folder / "index.json").write_text(json.dumps(index))


def test_faces_are_cut_from_sheets_in_order(tmp_path: Path) -> None:
    happy, sad = smooth_faces(23), smooth_faces(2, seed=1)
    write_set(tmp_path, {"happy": happy, "sad": sad})
    faces = read_faces(tmp_path, "train")
    np.testing.assert_array_equal(faces.pixels, np.concatenate([happy, sad]))
    assert faces.labels.tolist() == [3] * 23 + [4] * 2
    assert len(read_faces(tmp_path, "train", a_sheet=2)) == 4
    with pytest.raises(ValueError, match="no sheets of the split 'private'"):
        read_faces(tmp_path, "private")


def test_tiles_that_are_not_counted_are_left_out() -> None:
    assert cut(np.zeros((96, 960), np.uint8), 21).shape == (21, 48, 48)


def test_doubles_are_found_though_brighter_mirrored_or_noisy() -> None:
    faces = smooth_faces(5)
    noise = np.random.default_rng(9).integers(-6, 7, (48, 48))
    brighter = np.clip(faces[0] * 0.7 + 40, 0, 255).astype(np.uint8)
    noisy = np.clip(faces[2].astype(int) + noise, 0, 255).astype(np.uint8)
    pixels = np.stack([*faces, brighter, faces[1][:, ::-1], noisy])
    assert groups(FaceSet(pixels, np.zeros(8, np.int64))).tolist() == [0, 1, 2, 3, 4, 0, 1, 2]


def test_training_faces_are_cleaned_of_test_faces_doubles_and_contradictions() -> None:
    faces = smooth_faces(5)
    train = FaceSet(np.concatenate([faces, faces[1:3]]), np.array([0, 1, 2, 3, 4, 1, 5]))
    test = FaceSet(faces[:1, :, ::-1], np.array([6]))
    # Face 0 is a test face; 1 stands twice and stays once; 2 has two labels; 3 and 4 stay.
    assert clean(train, test).labels.tolist() == [1, 3, 4]


def found(boxes: list[list[float]], scores: list[float]) -> Found:
    rows = np.array(boxes, np.float32).reshape(-1, 4)
    return Found(np.array(scores, np.float32), rows, np.zeros((len(rows), 5, 2), np.float32))


def test_agreement_of_a_hand_computed_case() -> None:
    teacher = found(
        [[0, 0, 30, 30], [100, 100, 150, 150], [200, 0, 210, 10], [300, 0, 340, 40]], [0.9, 0.8, 0.9, 0.5]
    )
    mine = found(
        # Right; right; too little overlap; nearly (the teacher is not sure); not sure itself; too small.
        [[0, 0, 30, 33], [102, 100, 152, 150], [30, 30, 90, 90], [300, 0, 340, 40], [400, 0, 450, 50]],
        [0.9, 0.8, 0.7, 0.6, 0.1],
    )
    result = agreement([mine], [teacher], threshold=0.5)
    # The third face of the teacher has 10 pixels and does not count.
    assert (result.faces, result.found, result.said, result.right, result.nearly) == (2, 2, 4, 2, 3)
    assert (result.recall, result.precision) == (1.0, 0.5)
    assert result.f1 == pytest.approx(2 / 3)
    assert (result + result).said == 8


def test_pictures_without_faces_agree() -> None:
    nothing = found([], [])
    one = found([[0, 0, 40, 40]], [0.9])
    assert agreement([nothing], [nothing], 0.5).faces == 0
    assert agreement([nothing], [one], 0.5).recall == 0
    assert agreement([one], [nothing], 0.5).precision == 0


def test_points_are_compared_by_the_size_of_the_face() -> None:
    teacher, mine = (found([[0, 0, 40, 40]], [0.9]) for _ in range(2))
    mine.points[:] = (3, 4)
    assert agreement([mine], [teacher], 0.5).as_figures()["point_distance"] == pytest.approx(100 * 5 / 40)


def test_cells_become_faces() -> None:
    boxes = np.array([[[0, 0, 10, 10], [1, 0, 11, 10], [50, 50, 60, 60]]], np.float32)
    scores, points = np.array([[0.8, 0.9, 0.1]], np.float32), np.zeros((1, 3, 5, 2), np.float32)
    cells = Cells(scores, boxes, points, np.empty((1, 3, 0), np.float16))
    assert best(cells, 0, 0.5).boxes.tolist() == [[1, 0, 11, 10]]


def write_photos(folder: Path, count: int) -> Photos:
    with zipfile.ZipFile(folder / "val.zip", "w") as archive:
        for number in range(count):
            with io.BytesIO() as data:
                Image.new("RGB", (224, 224), (number * 20, 80, 160)).save(data, "jpeg")
                archive.writestr(f"{number:03}.jpg", data.getvalue())
    return Photos(folder, "val")


def test_photos_are_measured_singly_and_in_squares_of_four(tmp_path: Path) -> None:
    photos = write_photos(tmp_path, 6)
    assert [picture.shape for picture in singles(photos)] == [(224, 224, 3)] * 6
    (canvas,) = canvases(photos)
    assert canvas.shape == (640, 640, 3)
    corners = [canvas[y, x, 0] for y, x in ((160, 160), (160, 480), (480, 160), (480, 480))]
    assert corners == pytest.approx([0, 20, 40, 60], abs=3)


def test_canvases_are_made_without_end_and_the_same_for_the_same_seed(tmp_path: Path) -> None:
    photos = write_photos(tmp_path, 3)
    faces = FaceSet(smooth_faces(4), np.zeros(4, np.int64))
    seen = [Seen(1, 0.5, 0.4, 0.2), Seen(2, 0.1, 0.9, 0.03)]
    one, other = (Canvases(photos, seen, faces, 128, seed=3).batch(12) for _ in range(2))
    assert one.shape == (12, 128, 128, 3)
    np.testing.assert_array_equal(one, other)
    # Photos of one colour: some canvases show nothing else.
    assert len(np.unique(one.reshape(12, -1), axis=0)) > 6


def test_a_face_in_a_picture_lies_in_its_middle() -> None:
    picture = in_a_picture(np.full((48, 48), 200, np.uint8))
    assert picture.shape == (320, 320, 3)
    assert (picture == 200).all()


def test_expressions_are_measured_through_the_program(tmp_path: Path) -> None:
    happy = np.zeros((3, 48, 48), np.uint8)
    happy[:, 24:] = 200
    write_set(tmp_path, {"happy": happy, "angry": happy[:, ::-1]}, "private")
    pack = write_face_pack(tmp_path / "tiny-face", named_as_fer2013=True)
    measured = measure_face_expression(pack, tmp_path, "private", "en", None, threads=1)
    assert (measured.task, measured.split, measured.n) == ("face-expression", "private", 6)
    assert measured.metrics["accuracy"] == 100
    assert measured.metrics["f1_happy"] == 100
    assert measured.metrics["macro_f1"] == 100
