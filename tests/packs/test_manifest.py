"""A manifest is read as a whole or refused with the place that is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from mmdesk.errors import PackInvalid
from mmdesk.packs.caption_spec import Layout
from mmdesk.packs.manifest import Manifest, parse_manifest
from mmdesk.packs.picture_spec import Fit, PictureSpec, Resample
from mmdesk.packs.roles import Role
from mmdesk.packs.vision_spec import VisionReference
from tests.packs_for_tests import (
    write_caption_pack,
    write_resting_caption_pack,
    write_sentiment_pack,
    write_vision_pack,
)

Change = Callable[[dict[str, Any]], object]


@lru_cache
def caption_json() -> str:
    """The manifest of a good pack; made once, because most tests here only change its text."""
    with TemporaryDirectory() as folder:
        return (write_caption_pack(Path(folder)) / "pack.json").read_text("utf-8")


def caption_manifest(change: Change = lambda manifest: None) -> Manifest:
    manifest = json.loads(caption_json())
    change(manifest)
    return parse_manifest(json.dumps(manifest).encode())


def test_reads_every_part_of_a_caption_pack() -> None:
    manifest = caption_manifest()
    assert (manifest.name, manifest.version, manifest.roles) == ("tiny-caption", "1.0.0", (Role.CAPTION,))
    assert manifest.languages == ("en", "zh")
    assert (manifest.precision, manifest.stored) == ("fp32", "fp32")
    assert set(manifest.files) == {"encoder.onnx", "decoder.onnx", "tokenizer.json", "README.md"}
    assert [tensor.name for tensor in manifest.graphs["encoder"].inputs] == ["pixel_values"]
    assert manifest.graphs["encoder"].inputs[0].shape == ("batch", 3, 32, 32)
    assert {answer.graph for answer in manifest.known_answers} == {"encoder", "decoder"}
    assert manifest.text_sentiment is None
    assert manifest.caption is not None
    picture = manifest.caption.eyes
    assert isinstance(picture, PictureSpec)
    assert (picture.fit, picture.resample, picture.mean) == (Fit.SQUASH, Resample.BICUBIC, (0.5, 0.5, 0.5))
    assert manifest.caption.decoder.layout is Layout.CROSS_KV
    assert not manifest.caption.generation.early_stopping


def test_reads_a_vision_pack_and_one_that_rests_on_it(tmp_path: Path) -> None:
    vision = write_vision_pack(tmp_path / "vision")
    manifest = parse_manifest((vision / "pack.json").read_bytes())
    assert (manifest.roles, manifest.languages, manifest.rests_on) == ((Role.VISION,), (), ())
    assert manifest.vision is not None
    assert manifest.vision.picture.fit is Fit.SQUASH
    caption = write_resting_caption_pack(tmp_path / "caption", vision)
    (reference,) = parse_manifest((caption / "pack.json").read_bytes()).rests_on
    assert reference == VisionReference("tiny-vision", manifest.files["vision.onnx"].sha256)


@pytest.mark.parametrize(
    "vision", [{"pack": "v"}, {"pack": "v", "sha256": "12"}, {"pack": "", "sha256": "0" * 64}]
)
def test_a_pack_that_names_its_encoder_badly_is_refused(vision: dict[str, str]) -> None:
    def rest(manifest: dict[str, Any]) -> None:
        del manifest["caption"]["picture"]
        manifest["caption"]["vision"] = vision

    with pytest.raises(PackInvalid, match=r"caption\.vision"):
        caption_manifest(rest)


def test_a_pack_has_one_encoder(tmp_path: Path) -> None:
    both = {"pack": "tiny-vision", "sha256": "0" * 64}
    with pytest.raises(PackInvalid, match=r"caption\.picture"):
        caption_manifest(lambda manifest: manifest["caption"].update(vision=both))


def test_reads_a_sentiment_pack(tmp_path: Path) -> None:
    write_sentiment_pack(tmp_path)
    manifest = parse_manifest((tmp_path / "pack.json").read_bytes())
    assert manifest.caption is None
    assert manifest.text_sentiment is not None
    assert manifest.text_sentiment.valence == (-1.0, 0.0, 1.0)


def test_a_pack_of_two_roles_is_read(tmp_path: Path) -> None:
    other = json.loads((write_sentiment_pack(tmp_path) / "pack.json").read_text("utf-8"))

    def join(manifest: dict[str, Any]) -> None:
        manifest["roles"].append("text-sentiment")
        manifest["text_sentiment"] = other["text_sentiment"]
        manifest["graphs"]["model"] = other["graphs"]["model"]
        manifest["files"] += [file for file in other["files"] if file["path"] == "model.onnx"]

    manifest = caption_manifest(join)
    assert manifest.roles == (Role.CAPTION, Role.TEXT_SENTIMENT)


def put(*path: str | int, to: object) -> Change:
    """A change of one value, by its path."""

    def change(manifest: dict[str, Any]) -> None:
        inside: Any = manifest
        for key in path[:-1]:
            inside = inside[key]
        inside[path[-1]] = to

    return change


WRONG: list[tuple[Change, str]] = [
    (put("name", to="Tiny Caption"), "name"),
    (put("name", to=""), "name"),
    (put("version", to="1.0"), "version"),
    (put("title", to={"zh": "x"}), "title"),
    (put("title", "en", to=3), "title.en"),
    (put("roles", to=[]), "roles"),
    (put("roles", to=["caption", "caption"]), "roles"),
    (put("roles", to=["fortune-telling"]), "roles"),
    (put("languages", to=["English"]), "languages"),
    (put("languages", to=["en", "fr"]), "start_ids"),
    (put("precision", to="fp8"), "precision"),
    (put("licence", to="MIT"), "licence"),
    (put("licence", "research_only", to="no"), "licence.research_only"),
    (put("training_data", to="Flickr8k"), "training_data"),
    (put("files", to=[]), "files"),
    (put("files", 0, "sha256", to="0" * 63), "files[0].sha256"),
    (put("files", 0, "sha256", to="A" * 64), "files[0].sha256"),
    (put("files", 0, "bytes", to=-1), "files[0].bytes"),
    (put("files", 0, "bytes", to=1.5), "files[0].bytes"),
    (put("files", 0, "bytes", to=True), "files[0].bytes"),
    (put("graphs", to={}), "graphs"),
    (put("graphs", "encoder", "file", to="other.onnx"), "files"),
    (put("graphs", "encoder", "inputs", to=[]), "graphs.encoder.inputs"),
    (put("graphs", "encoder", "inputs", 0, "dtype", to="float"), "inputs[0].dtype"),
    (put("graphs", "encoder", "inputs", 0, "shape", to=["batch", 0]), "inputs[0].shape"),
    (put("graphs", "encoder", "inputs", 0, "shape", to=["batch", True]), "inputs[0].shape"),
    (put("graphs", "encoder", "inputs", 0, "shape", to=["any size"]), "inputs[0].shape"),
    (put("known_answers", to=[]), "known_answers"),
    (put("known_answers", 0, "graph", to="model"), "known_answers[0].graph"),
    (put("known_answers", 0, "inputs", to={}), "known_answers[0].inputs"),
    (put("known_answers", 0, "outputs", to={}), "known_answers[0].outputs"),
    (put("known_answers", 0, "tolerance", to=2.0), "known_answers[0].tolerance"),
    (put("known_answers", 0, "outputs", "logits", "first", to=[]), "outputs.logits.first"),
    (put("known_answers", 0, "inputs", "input_ids", "pattern", to="noise"), "input_ids.pattern"),
    (put("known_answers", 0, "inputs", "input_ids", "shape", to=[2**20, 2**20]), "input_ids.shape"),
    (put("caption", to=None), "caption"),
    (put("caption", "tokenizer", to="words.txt"), "files"),
    (put("caption", "picture", "width", to=0), "caption.picture.width"),
    (put("caption", "picture", "fit", to="stretch"), "caption.picture.fit"),
    (put("caption", "picture", "resample", to="cubic"), "caption.picture.resample"),
    (put("caption", "picture", "std", to=[0.5, 0.0, 0.5]), "caption.picture.std"),
    (put("caption", "picture", "mean", to=[0.5]), "caption.picture.mean"),
    (put("caption", "decoder", "layout", to="pair"), "caption.decoder.layout"),
    (put("caption", "decoder", "start_ids", to={"en": []}), "caption.decoder.start_ids.en"),
    (put("caption", "decoder", "end_id", to=-1), "caption.decoder.end_id"),
    (put("caption", "generation", "beams", to=0), "caption.generation.beams"),
    (put("caption", "generation", "beams", to="3"), "caption.generation.beams"),
    (put("caption", "generation", "length_penalty", to=100), "caption.generation.length_penalty"),
    (put("caption", "text", "join", to={"en": 1}), "caption.text.join.en"),
    (put("caption", "confidence", "temperature", to=0), "caption.confidence.temperature"),
    (
        put("caption", "confidence", "calibration", to={"en": {"scale": 0, "offset": 1}}),
        "caption.confidence.calibration.en.scale",
    ),
    (
        put("caption", "confidence", "calibration", to={"en": {"scale": 1}}),
        "caption.confidence.calibration.en.offset",
    ),
    (put("text_sentiment", to={}), "text_sentiment"),
    (put("caption", "beems", to=3), "caption.beems"),
    (put("extra", to=1), "extra"),
]


@pytest.mark.parametrize(
    ("change", "place"), WRONG, ids=[f"{n}-{place}" for n, (_, place) in enumerate(WRONG)]
)
def test_refuses_with_the_place_that_is_wrong(change: Change, place: str) -> None:
    with pytest.raises(PackInvalid) as refused:
        caption_manifest(change)
    assert place in str(refused.value)
    assert str(refused.value.hint)
    assert refused.value.pack


@pytest.mark.parametrize(
    "field", ["format", "name", "version", "roles", "files", "graphs", "caption", "limits"]
)
def test_refuses_a_missing_field(field: str) -> None:
    with pytest.raises(PackInvalid, match=field):
        caption_manifest(lambda manifest: manifest.pop(field))


def test_refuses_another_format_and_says_to_update() -> None:
    with pytest.raises(PackInvalid, match="format") as refused:
        caption_manifest(put("format", to=2))
    assert "newer mmdesk" in str(refused.value.hint)


PATHS = [
    "../outside.onnx",
    "/etc/passwd",
    "a/../../b",
    "./encoder.onnx",
    "a//b",
    "a\\b",
    "C:/x",
    ".hidden",
    "a/.git",
    "x.",
    "",
    "a\nb",
    "ü",
]


@pytest.mark.parametrize("path", PATHS)
def test_refuses_a_path_that_could_leave_the_folder(path: str) -> None:
    with pytest.raises(PackInvalid, match=r"files\[0\].path"):
        caption_manifest(put("files", 0, "path", to=path))


@pytest.mark.parametrize("path", ["encoder.onnx", "Encoder.onnx", "pack.json", "PACK.json"])
def test_refuses_a_path_that_stands_twice(path: str) -> None:
    with pytest.raises(PackInvalid, match="twice"):
        caption_manifest(put("files", 0, "path", to=path))


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"{",
        b"\xff\xfe{}",
        b'{"format": NaN}',
        b'{"format": 1e999}',
        b'{"format": 1, "format": 1}',
        b'{"a":' + b"[" * 100_000,
        b'{"format": 1' + b"0" * 5000 + b"}",
    ],
)
def test_refuses_what_is_not_a_json_object(text: bytes) -> None:
    with pytest.raises(PackInvalid) as refused:
        parse_manifest(text, "some-pack")
    assert refused.value.pack == "some-pack"
    assert "some-pack" in str(refused.value)
