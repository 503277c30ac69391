"""Tiny real packs for fast tests: real ONNX graphs, tokenizers, hashes and known answers.

    from tests.packs_for_tests import write_caption_pack, write_sentiment_pack, write_packs

    packs_dir = write_packs(tmp_path)               # both packs, in `tmp_path / "packs"`
    engine = Engine([packs_dir], Device.CPU)

What the models say can be foretold, so that tests can ask for it:

- `tiny-caption` (roles caption, languages en and zh, pictures 32 × 32): names the colour that the
  picture has on average: `colour_caption("red")` is "A red picture of a wall." and, in "zh",
  "一面红色墙。" Colours: red, green, blue, dark (black), bright (white), grey. It is an encoder
  and a decoder with a kv cache in the project's own layout; "wall" comes only if the cache still
  holds "of", so a lost or mixed-up cache changes the sentence.
- `tiny-vision` (role vision): the average colour of four cells, as `grid` [batch, 4, 3].
- `write_resting_caption_pack(folder, vision)` writes `tiny-caption` so that it rests on `tiny-vision`.
- `write_tags_pack(folder, vision)` writes `tiny-tags` (role tags) resting on `tiny-vision`: the classes
  are the colours, most probable is the one that the picture has on average.
- `write_embed_pack(folder, vision)` writes `tiny-embed` (role embed) resting on `tiny-vision`: a picture
  and a text are near when the text names the picture's colour, in English or Chinese; words red and blue.
- `tiny-sentiment` (role text-sentiment, language en): positive when words of `GOOD` outweigh those of
  `BAD`, negative the other way round, else neutral; unknown words are neutral.

`write_caption_pack(folder, work=N)` adds N matrix products of about 0.5 ms to the encoder, for tests of
cancelling, pausing and progress; such a pack has no known answer for the encoder.

`change_manifest(folder, change)` edits `pack.json` in place; `seal(folder)` writes the hashes of the
files that lie there now.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx.reference import ReferenceEvaluator

from tests.graphs_for_tests import (
    BAD,
    CELLS,
    CHINESE,
    COLOURS,
    GOOD,
    HEAD_SIZE,
    HEADS,
    SIDE,
    WORDS,
    Tensor,
    caption_decoder,
    caption_encoder,
    grid_encoder,
    hidden_encoder,
    merged_decoder,
    sentiment_model,
    vision_encoder,
    word_id,
)
from tests.heads_for_tests import picture_tower, tags_head, text_tower


def write_packs(folder: Path, work: int = 0) -> Path:
    """Writes both packs into `folder / "packs"` and returns that."""
    write_caption_pack(folder / "packs" / "tiny-caption", work)
    write_sentiment_pack(folder / "packs" / "tiny-sentiment")
    return folder / "packs"


def colour_caption(colour: str, language: str = "en") -> str:
    """What `tiny-caption` says of a picture of this colour."""
    return f"一面{CHINESE[colour]}色墙。" if language == "zh" else f"A {colour} picture of a wall."


def picture(colour: str, width: int = 64, height: int = 48) -> NDArray[np.uint8]:
    """A picture of one colour, uint8 [height, width, 3]."""
    return np.full((height, width, 3), COLOURS[colour], np.uint8)


def write_caption_pack(folder: Path, work: int = 0) -> Path:
    """Writes `tiny-caption` (see the module's docstring) and returns the folder."""
    encoder, decoder = caption_encoder(work), caption_decoder()
    answers = [_decoder_answer(decoder)]
    if not work:
        pixels = {"pattern": "ramp", "shape": [1, 3, SIDE, SIDE], "low": -1.0, "high": 1.0}
        ramp = np.linspace(-1, 1, 3 * SIDE * SIDE).astype(np.float32).reshape(1, 3, SIDE, SIDE)
        answers.append(known_answer("encoder", encoder, {"pixel_values": pixels}, {"pixel_values": ramp}))
    return _write_captions(folder, encoder, decoder, answers, "cross_kv")


def write_vision_pack(folder: Path, version: str = "1.0.0") -> Path:
    """Writes `tiny-vision` and returns the folder; another version has another graph file."""
    vision = vision_encoder()
    vision.producer_version = version
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vision.onnx").write_bytes(vision.SerializeToString())
    manifest = _manifest("tiny-vision", "vision", [], {"vision": vision})
    manifest["version"] = version
    manifest["vision"] = {"picture": _picture_section()}
    pixels = {"pattern": "ramp", "shape": [1, 3, SIDE, SIDE], "low": -1.0, "high": 1.0}
    ramp = np.linspace(-1, 1, 3 * SIDE * SIDE).astype(np.float32).reshape(1, 3, SIDE, SIDE)
    manifest["known_answers"] = [
        known_answer("vision", vision, {"pixel_values": pixels}, {"pixel_values": ramp})
    ]
    return _write(folder, manifest)


def write_resting_caption_pack(folder: Path, vision: Path) -> Path:
    """Writes `tiny-caption` resting on the vision pack in a folder, and returns its own folder."""
    encoder, decoder = grid_encoder(), caption_decoder()
    grid = {"pattern": "ramp", "shape": [1, CELLS, 3], "low": 0.0, "high": 1.0}
    ramp = np.linspace(0, 1, CELLS * 3).astype(np.float32).reshape(1, CELLS, 3)
    answers = [_decoder_answer(decoder), known_answer("encoder", encoder, {"grid": grid}, {"grid": ramp})]
    _write_captions(folder, encoder, decoder, answers, "cross_kv")
    digest = hashlib.sha256((vision / "vision.onnx").read_bytes()).hexdigest()

    def rest(manifest: dict[str, Any]) -> None:
        del manifest["caption"]["picture"]
        manifest["caption"]["vision"] = {"pack": "tiny-vision", "sha256": digest}

    change_manifest(folder, rest)
    return folder


def write_tags_pack(folder: Path, vision: Path) -> Path:
    """Writes `tiny-tags` resting on the vision pack in a folder, and returns its own folder."""
    head = tags_head()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "tags.onnx").write_bytes(head.SerializeToString())
    manifest = _manifest("tiny-tags", "tags", ["en", "zh"], {"tags": head})
    manifest["tags"] = {
        "vision": _rests_on(vision),
        "labels": {"en": list(COLOURS), "zh": [f"{CHINESE[colour]}色" for colour in COLOURS]},
        "temperature": 1.0,
        "threshold": 0.5,
        "most": 3,
    }
    manifest["known_answers"] = [known_answer("tags", head, *_ramp_grid())]
    return _write(folder, manifest)


def write_embed_pack(folder: Path, vision: Path) -> Path:
    """Writes `tiny-embed` resting on the vision pack in a folder, and returns its own folder."""
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *COLOURS, *CHINESE.values()]
    towers = {"picture": picture_tower(), "text": text_tower(words)}
    folder.mkdir(parents=True, exist_ok=True)
    for name, tower in towers.items():
        (folder / f"{name}.onnx").write_bytes(tower.SerializeToString())
    (folder / "tokenizer.json").write_text(_word_level(words, "[UNK]", ("[CLS]", "[SEP]")), "utf-8")
    manifest = _manifest("tiny-embed", "embed", ["en", "zh"], towers)
    manifest["embed"] = {
        "vision": _rests_on(vision),
        "tokenizer": "tokenizer.json",
        "max_tokens": 16,
        "pad_id": 0,
        "width": 4,
        "words": [
            {"labels": {"en": colour, "zh": CHINESE[colour]}, "threshold": 0.9} for colour in ("red", "blue")
        ],
    }
    ids = {"pattern": "ramp_int", "shape": [2, 3], "low": 4, "modulus": 5}
    ones = {"pattern": "ones", "shape": [2, 3], "dtype": "int64"}
    feeds: dict[str, Tensor] = {
        "input_ids": (np.arange(6) % 5 + 4).reshape(2, 3),
        "attention_mask": np.ones((2, 3), np.int64),
    }
    manifest["known_answers"] = [
        known_answer("picture", towers["picture"], *_ramp_grid()),
        known_answer("text", towers["text"], {"input_ids": ids, "attention_mask": ones}, feeds),
    ]
    return _write(folder, manifest)


def _rests_on(vision: Path) -> dict[str, str]:
    digest = hashlib.sha256((vision / "vision.onnx").read_bytes()).hexdigest()
    return {"pack": "tiny-vision", "sha256": digest}


def _ramp_grid() -> tuple[dict[str, object], dict[str, Tensor]]:
    """Patterns and feeds of a known answer about a grid."""
    grid = {"pattern": "ramp", "shape": [1, CELLS, 3], "low": 0.0, "high": 1.0}
    return {"grid": grid}, {"grid": np.linspace(0, 1, CELLS * 3).astype(np.float32).reshape(1, CELLS, 3)}


def write_merged_caption_pack(folder: Path, cached_cross: bool) -> Path:
    """Writes `tiny-caption` in the published layout with `use_cache_branch`; see `merged_decoder`."""
    encoder, decoder = hidden_encoder(), merged_decoder(cached_cross)
    pixels = {"pattern": "ones", "shape": [1, 3, SIDE, SIDE], "dtype": "float32"}
    ones = np.ones((1, 3, SIDE, SIDE), np.float32)
    answer = known_answer("encoder", encoder, {"pixel_values": pixels}, {"pixel_values": ones})
    return _write_captions(folder, encoder, decoder, [answer], "merged")


def _write_captions(
    folder: Path,
    encoder: onnx.ModelProto,
    decoder: onnx.ModelProto,
    answers: list[dict[str, Any]],
    layout: str,
) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "encoder.onnx").write_bytes(encoder.SerializeToString())
    (folder / "decoder.onnx").write_bytes(decoder.SerializeToString())
    (folder / "tokenizer.json").write_text(_word_level(WORDS, "[PAD]", None), "utf-8")
    (folder / "README.md").write_text("# Tiny captions\n\nFor tests only.\n", "utf-8")
    manifest = _manifest("tiny-caption", "caption", ["en", "zh"], {"encoder": encoder, "decoder": decoder})
    manifest["caption"] = _caption_section()
    manifest["caption"]["decoder"]["layout"] = layout
    manifest["known_answers"] = answers
    return _write(folder, manifest)


def write_sentiment_pack(folder: Path) -> Path:
    """Writes `tiny-sentiment` (see the module's docstring) and returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *GOOD, *BAD]
    model = sentiment_model(words)
    (folder / "model.onnx").write_bytes(model.SerializeToString())
    (folder / "tokenizer.json").write_text(_word_level(words, "[UNK]", ("[CLS]", "[SEP]")), "utf-8")
    manifest = _manifest("tiny-sentiment", "text-sentiment", ["en"], {"model": model})
    manifest["text_sentiment"] = {
        "tokenizer": "tokenizer.json",
        "max_tokens": 16,
        "pad_id": 0,
        "labels": ["negative", "neutral", "positive"],
        "valence": [-1.0, 0.0, 1.0],
        "temperature": 1.0,
    }
    patterns = {
        "input_ids": {"pattern": "ramp_int", "shape": [2, 6], "low": 2, "modulus": 5},
        "attention_mask": {"pattern": "ones", "shape": [2, 6], "dtype": "int64"},
    }
    ids = (np.arange(12) % 5 + 2).reshape(2, 6)
    feeds = {"input_ids": ids, "attention_mask": np.ones((2, 6), np.int64)}
    manifest["known_answers"] = [known_answer("model", model, patterns, feeds)]
    return _write(folder, manifest)


def change_manifest(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Edits `pack.json`: `change` gets the object and changes it in place."""
    manifest = json.loads((folder / "pack.json").read_text("utf-8"))
    change(manifest)
    (folder / "pack.json").write_text(json.dumps(manifest, indent=1), "utf-8")


def seal(folder: Path) -> None:
    """Writes every file's path, SHA-256 and size into `pack.json`."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "pack.json")
    files = [
        {
            "path": path.relative_to(folder).as_posix(),
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "bytes": path.stat().st_size,
        }
        for path in paths
    ]
    change_manifest(folder, lambda manifest: manifest.update(files=files))


def known_answer(
    graph: str, model: onnx.ModelProto, patterns: Mapping[str, object], feeds: Mapping[str, Tensor]
) -> dict[str, Any]:
    """An entry of `known_answers`, computed by onnx's own reference and not by ONNX Runtime."""
    names = [output.name for output in model.graph.output]
    outputs = ReferenceEvaluator(model).run(None, dict(feeds))
    expected = {name: _summary(np.asarray(value)) for name, value in zip(names, outputs, strict=True)}
    return {"graph": graph, "inputs": dict(patterns), "outputs": expected, "tolerance": 1e-4}


def _decoder_answer(decoder: onnx.ModelProto) -> dict[str, Any]:
    shapes = {"decoder": [2, HEADS, 3, HEAD_SIZE], "encoder": [2, HEADS, CELLS, HEAD_SIZE]}
    patterns: dict[str, object] = {
        "input_ids": {"pattern": "ramp_int", "shape": [2, 1], "low": 4, "modulus": 2}
    }
    feeds: dict[str, Tensor] = {"input_ids": np.array([[4], [5]])}
    for side, shape in shapes.items():
        ramp = np.linspace(-1, 1, int(np.prod(shape))).astype(np.float32).reshape(shape)
        for part in ("key", "value"):
            name = f"past_key_values.0.{side}.{part}"
            patterns[name] = {"pattern": "ramp", "shape": shape, "low": -1.0, "high": 1.0}
            feeds[name] = ramp
    return known_answer("decoder", decoder, patterns, feeds)


def _picture_section() -> dict[str, Any]:
    return {
        "width": SIDE,
        "height": SIDE,
        "fit": "squash",
        "resample": "bicubic",
        "scale": 1 / 255,
        "mean": [0.5, 0.5, 0.5],
        "std": [0.5, 0.5, 0.5],
    }


def _caption_section() -> dict[str, Any]:
    return {
        "picture": _picture_section(),
        "tokenizer": "tokenizer.json",
        "decoder": {
            "layers": 1,
            "heads": HEADS,
            "head_size": HEAD_SIZE,
            "start_ids": {"en": [word_id("[START]")], "zh": [word_id("[START-ZH]")]},
            "end_id": word_id("[END]"),
            "pad_id": word_id("[PAD]"),
        },
        "generation": {"beams": 3, "length_penalty": 0.7, "max_new_tokens": 12, "no_repeat_ngram": 3},
        "text": {"capitalise": True, "full_stop": True, "join": {"en": " ", "zh": ""}},
        "confidence": {"temperature": 1.0},
    }


def _manifest(
    name: str, role: str, languages: list[str], graphs: Mapping[str, onnx.ModelProto]
) -> dict[str, Any]:
    return {
        "format": 1,
        "name": name,
        "version": "1.0.0",
        "title": {"en": name, "zh": name},
        "roles": [role],
        "languages": languages,
        "precision": "fp32",
        "licence": {"weights": "free", "research_only": False, "notice": "For tests."},
        "training_data": ["none"],
        "limits": ["For tests only."],
        "files": [],
        "graphs": {graph: _graph(f"{graph}.onnx", model) for graph, model in graphs.items()},
    }


def _graph(file: str, model: onnx.ModelProto) -> dict[str, Any]:
    sides = {"inputs": model.graph.input, "outputs": model.graph.output}
    return {"file": file, **{side: [_tensor(info) for info in infos] for side, infos in sides.items()}}


def _tensor(info: onnx.ValueInfoProto) -> dict[str, Any]:
    kind = info.type.tensor_type
    shape = [dim.dim_param or dim.dim_value for dim in kind.shape.dim]
    dtype = onnx.helper.tensor_dtype_to_np_dtype(kind.elem_type).name
    return {"name": info.name, "dtype": dtype, "shape": shape}


def _summary(value: Tensor) -> dict[str, Any]:
    wide = value.astype(np.float64)
    return {
        "shape": list(value.shape),
        "first": wide.ravel()[:16].tolist(),
        "mean": float(wide.mean()),
        "std": float(wide.std()),
    }


def _word_level(words: list[str], unknown: str, around: tuple[str, str] | None) -> str:
    """A `tokenizer.json` that splits at spaces and punctuation."""
    special = [word for word in words if word.startswith("[")]
    tokenizer: dict[str, Any] = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [_added(words.index(word), word) for word in special],
        "normalizer": {"type": "Lowercase"},
        "pre_tokenizer": {"type": "Whitespace"},
        "post_processor": _template(words, around) if around else None,
        "decoder": None,
        "model": {"type": "WordLevel", "vocab": {w: i for i, w in enumerate(words)}, "unk_token": unknown},
    }
    return json.dumps(tokenizer, ensure_ascii=False)


def _added(index: int, word: str) -> dict[str, Any]:
    flags = dict.fromkeys(("single_word", "lstrip", "rstrip", "normalized"), False)
    return {"id": index, "content": word, "special": True, **flags}


def _template(words: list[str], around: tuple[str, str]) -> dict[str, Any]:
    first, last = ({"SpecialToken": {"id": word, "type_id": 0}} for word in around)
    ids = {word: {"id": word, "ids": [words.index(word)], "tokens": [word]} for word in around}
    whole = [first, {"Sequence": {"id": "A", "type_id": 0}}, last]
    pair = [*whole, {"Sequence": {"id": "B", "type_id": 1}}, last]
    return {"type": "TemplateProcessing", "single": whole, "pair": pair, "special_tokens": ids}


def _write(folder: Path, manifest: dict[str, Any]) -> Path:
    (folder / "pack.json").write_text(json.dumps(manifest), "utf-8")
    seal(folder)
    return folder
