"""A pack is used only while every byte of it is what its manifest says."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import onnx
import pytest
from onnx.external_data_helper import convert_model_to_external_data

from mmdesk.errors import PackDamaged, PackError, PackInvalid, PackNotFound
from mmdesk.packs.pack import Pack, find_packs, open_pack, pack_for
from mmdesk.packs.roles import Role
from tests.packs_for_tests import change_manifest, seal, write_caption_pack, write_packs, write_sentiment_pack


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_caption_pack(tmp_path / "tiny-caption")


def test_opens_a_whole_pack(folder: Path) -> None:
    pack = open_pack(folder)
    assert pack.folder == folder
    assert pack.manifest_hash == hashlib.sha256((folder / "pack.json").read_bytes()).hexdigest()
    assert pack.read("README.md").startswith(b"# Tiny")
    assert pack.graph("encoder").model == (folder / "encoder.onnx").read_bytes()
    assert pack.graph("encoder").external == {}


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def grow(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\0")


def shrink(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def remove(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("harm", [flip, grow, shrink, empty, remove])
@pytest.mark.parametrize("file", ["encoder.onnx", "decoder.onnx", "tokenizer.json", "README.md"])
def test_refuses_a_file_that_was_harmed(folder: Path, file: str, harm: Callable[[Path], None]) -> None:
    harm(folder / file)
    with pytest.raises(PackDamaged) as refused:
        open_pack(folder)
    assert file in str(refused.value)
    assert "tiny-caption" in str(refused.value)
    assert "Install the pack again" in str(refused.value.hint)
    assert (refused.value.roles, refused.value.languages) == (("caption",), ("en", "zh"))


@pytest.mark.parametrize("name", ["extra.bin", ".hidden", "inside/extra.bin", "encoder.onnx.bak", "ü\n😀"])
def test_refuses_an_extra_file(folder: Path, name: str) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(b"x")
    with pytest.raises(PackDamaged) as refused:
        open_pack(folder)
    assert name in str(refused.value)
    assert "Move" in str(refused.value.hint)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no names that are no text")
def test_an_extra_file_whose_name_is_no_text_has_a_printable_sentence(folder: Path) -> None:
    Path(os.fsdecode(bytes(folder) + b"/\xff\xfe")).write_bytes(b"x")
    with pytest.raises(PackDamaged) as refused:
        open_pack(folder)
    assert str(refused.value).encode("utf-8")


def test_passes_over_what_systems_put_into_folders(folder: Path) -> None:
    for name in (".DS_Store", "Thumbs.db", "desktop.ini"):
        (folder / name).write_bytes(b"x")
    assert open_pack(folder).manifest.name == "tiny-caption"


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
@pytest.mark.parametrize("target", ["outside.onnx", "tiny-caption/decoder.onnx", "nowhere"])
def test_refuses_links(folder: Path, target: str) -> None:
    (folder.parent / "outside.onnx").write_bytes((folder / "encoder.onnx").read_bytes())
    (folder / "encoder.onnx").unlink()
    (folder / "encoder.onnx").symlink_to(folder.parent / target)
    with pytest.raises(PackDamaged, match=r"link or special file: encoder\.onnx"):
        open_pack(folder)


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
def test_refuses_a_folder_that_is_a_link(folder: Path) -> None:
    (folder.parent / "elsewhere").mkdir()
    (folder / "inside").symlink_to(folder.parent / "elsewhere", target_is_directory=True)
    with pytest.raises(PackDamaged, match="inside"):
        open_pack(folder)


@pytest.mark.skipif(os.name == "nt", reason="no named pipes in folders")
@pytest.mark.parametrize("name", ["pipe", "encoder.onnx"])
def test_refuses_a_pipe_without_waiting_for_it(folder: Path, name: str) -> None:
    (folder / name).unlink(missing_ok=True)
    os.mkfifo(folder / name)
    with pytest.raises(PackDamaged, match=name):
        open_pack(folder)


@pytest.mark.skipif(os.name == "nt", reason="no named pipes in folders")
@pytest.mark.parametrize("how", ["missing", "pipe", "folder", "link", "huge"])
def test_refuses_a_manifest_that_is_no_ordinary_file(folder: Path, how: str) -> None:
    manifest = folder / "pack.json"
    text = manifest.read_bytes()
    manifest.unlink()
    if how == "pipe":
        os.mkfifo(manifest)
    elif how == "folder":
        manifest.mkdir()
    elif how == "link":
        (folder.parent / "other.json").write_bytes(text)
        manifest.symlink_to(folder.parent / "other.json")
    elif how == "huge":
        manifest.write_bytes(text + b" " * 2**23)
    with pytest.raises(PackInvalid) as refused:
        open_pack(folder)
    assert refused.value.pack == "tiny-caption"


def with_external_data(folder: Path, location: str) -> None:
    """Moves the encoder's weights into another file, as onnx does it."""
    model = onnx.load(folder / "encoder.onnx")
    convert_model_to_external_data(model, location=location, size_threshold=0)
    (folder / "encoder.onnx").unlink()
    onnx.save(model, folder / "encoder.onnx")


def test_external_data_that_is_listed_is_read_and_verified(folder: Path) -> None:
    with_external_data(folder, "encoder.weights")
    seal(folder)
    pack = open_pack(folder)
    assert pack.graph("encoder").external == {"encoder.weights": (folder / "encoder.weights").read_bytes()}
    flip(folder / "encoder.weights")
    with pytest.raises(PackDamaged, match=r"encoder\.weights"):
        pack.graph("encoder")


@pytest.mark.parametrize("location", ["../stolen.bin", "absent.bin", "/etc/passwd", "*/_ORT_MEM_ADDR_/*"])
def test_refuses_a_graph_that_wants_a_file_that_is_not_the_packs(folder: Path, location: str) -> None:
    with_external_data(folder, "encoder.weights")
    model = onnx.load(folder / "encoder.onnx", load_external_data=False)
    for tensor in model.graph.initializer:
        for entry in tensor.external_data:
            entry.value = location if entry.key == "location" else entry.value
    (folder / "encoder.onnx").write_bytes(model.SerializeToString())
    (folder / "encoder.weights").unlink()
    seal(folder)
    with pytest.raises(PackDamaged) as refused:
        open_pack(folder)
    assert location in str(refused.value)
    assert "Do not use this pack" in str(refused.value.hint)


def test_a_file_that_changes_after_opening_is_not_handed_out(folder: Path) -> None:
    pack = open_pack(folder)
    flip(folder / "decoder.onnx")
    with pytest.raises(PackDamaged, match=r"decoder\.onnx"):
        pack.graph("decoder")
    (folder / "decoder.onnx").unlink()
    with pytest.raises(PackDamaged, match="missing"):
        pack.read("decoder.onnx")


def test_a_graph_that_is_no_onnx_file_is_refused(folder: Path) -> None:
    (folder / "encoder.onnx").write_bytes(b"ORTM not protobuf at all")
    seal(folder)
    with pytest.raises(PackDamaged, match=r"encoder\.onnx"):
        open_pack(folder)


def test_a_changed_manifest_has_another_hash(folder: Path) -> None:
    before = open_pack(folder).manifest_hash
    change_manifest(folder, lambda manifest: manifest.update(version="1.0.1"))
    assert open_pack(folder).manifest_hash != before


def test_finds_packs_and_the_errors_of_the_others(tmp_path: Path) -> None:
    packs_dir = write_packs(tmp_path)
    (packs_dir / "broken").mkdir()
    (packs_dir / "broken" / "pack.json").write_text("{")
    (packs_dir / ".git").mkdir()
    (packs_dir / "README.md").write_text("not a pack")
    flip(packs_dir / "tiny-sentiment" / "model.onnx")
    found = find_packs([tmp_path / "nowhere", packs_dir])
    assert [type(one) for one in found] == [PackInvalid, Pack, PackDamaged]


def test_a_persons_own_pack_wins(tmp_path: Path) -> None:
    shipped, own = write_packs(tmp_path / "shipped"), write_packs(tmp_path / "own")
    change_manifest(own / "tiny-caption", lambda manifest: manifest.update(version="2.0.0"))
    found = find_packs([shipped, own])
    assert pack_for(Role.CAPTION, "en", found).manifest.version == "2.0.0"


def test_no_pack_for_a_language_is_said_with_role_and_language(tmp_path: Path) -> None:
    found = find_packs([write_packs(tmp_path)])
    with pytest.raises(PackNotFound) as refused:
        pack_for(Role.TEXT_SENTIMENT, "zh", found)
    assert "text-sentiment" in str(refused.value)
    assert "zh" in str(refused.value)


def test_a_damaged_pack_is_the_error_of_its_own_role_and_language(tmp_path: Path) -> None:
    packs_dir = write_packs(tmp_path)
    flip(packs_dir / "tiny-sentiment" / "model.onnx")
    found: list[Pack | PackError] = find_packs([packs_dir])
    with pytest.raises(PackDamaged, match=r"model\.onnx"):
        pack_for(Role.TEXT_SENTIMENT, "en", found)
    with pytest.raises(PackNotFound):
        pack_for(Role.TEXT_SENTIMENT, "fr", found)
    assert pack_for(Role.CAPTION, "en", found).manifest.name == "tiny-caption"


def test_a_whole_pack_is_taken_in_place_of_a_damaged_one(tmp_path: Path) -> None:
    write_sentiment_pack(tmp_path / "a" / "one")
    flip(write_sentiment_pack(tmp_path / "b" / "two") / "model.onnx")
    found = find_packs([tmp_path / "a", tmp_path / "b"])
    assert pack_for(Role.TEXT_SENTIMENT, "en", found).folder.name == "one"


def test_a_pack_that_cannot_be_read_is_named_when_nothing_else_fits(tmp_path: Path) -> None:
    (tmp_path / "torn").mkdir()
    (tmp_path / "torn" / "pack.json").write_text('{"format": 1')
    with pytest.raises(PackInvalid, match="torn"):
        pack_for(Role.CAPTION, "en", find_packs([tmp_path]))
