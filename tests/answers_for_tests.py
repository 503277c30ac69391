"""A tiny pack with the role `answer` that rests on `tiny-vision`.

It answers "what color is the picture?" with the nearest colour of `COLOURS`, "is the picture red?" with
yes or no, both also in Chinese, and can't tell anything about a horse (马).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx

from tests.graphs_for_tests import CELLS, CHINESE, COLOURS, Tensor, model_of
from tests.packs_for_tests import change_manifest, known_answer, seal, write_vision_pack

WORDS = ["[PAD]", "[UNK]", "horse", "马", *COLOURS, *CHINESE.values()]
LABELS = {
    "en": [*COLOURS, "yes", "no", "can't tell"],
    "zh": [*CHINESE.values(), "是", "不是", "看不出来"],
}
# Name, type and shape of a tensor.
Declared = tuple[str, str, Sequence[str | int]]
_YES, _NO, _LOST = (len(COLOURS) + place for place in range(3))


def answer_head() -> onnx.ModelProto:
    """From grid and question to a logit for each answer."""
    text = f"""
    answer (float[batch, {CELLS}, 3] grid,
            int64[batch, tokens] input_ids, int64[batch, tokens] attention_mask)
        => (float[batch, {len(LABELS["en"])}] logits)
    {{
        mean = ReduceMean <axes = [1], keepdims = 0> (grid)
        said = MatMul(mean, colours)
        near = Add(said, size)
        seen = Softmax <axis = 1> (near)
        rows = Gather(named, input_ids)
        real = Cast <to = 1> (attention_mask)
        columns = Unsqueeze(real, last)
        kept = Mul(rows, columns)
        asked = ReduceSum <keepdims = 0> (kept, middle)
        wanted, lost = Split <axis = 1> (asked, parts)
        both = Mul(wanted, seen)
        hit = ReduceSum <keepdims = 1> (both, middle)
        sure = Mul(hit, twenty)
        yes = Sub(sure, ten)
        no = Neg(yes)
        away = Mul(lost, hundred)
        unknown = Sub(away, fifty)
        logits = Concat <axis = 1> (near, yes, no, unknown)
    }}
    """
    colours = np.array(list(COLOURS.values()), np.float32) / 127.5 - 1
    numbers = {"twenty": 20.0, "ten": 10.0, "hundred": 100.0, "fifty": 50.0}
    return model_of(
        text,
        {
            "colours": 8 * colours.T,
            "size": -4 * (colours**2).sum(1),
            "named": _named(),
            "last": np.array([2]),
            "middle": np.array([1]),
            "parts": np.array([len(COLOURS), 1]),
            **{name: np.array(value, np.float32) for name, value in numbers.items()},
        },
    )


def write_answer_pack(folder: Path, vision: Path) -> Path:
    """Writes `tiny-answer` resting on the vision pack in a folder, and returns its own folder."""
    head = answer_head()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pack.json").write_text((vision / "pack.json").read_text("utf-8"), "utf-8")
    (folder / "answer.onnx").write_bytes(head.SerializeToString())
    (folder / "tokenizer.json").write_text(json.dumps(_tokenizer(), ensure_ascii=False), "utf-8")
    digest = json.loads((vision / "pack.json").read_text("utf-8"))["files"][0]["sha256"]
    change_manifest(folder, lambda manifest: _declare(manifest, head, digest))
    seal(folder)
    return folder


def write_asking_packs(folder: Path) -> Path:
    """Writes both packs into `folder / "packs"` and returns that."""
    vision = write_vision_pack(folder / "packs" / "tiny-vision")
    write_answer_pack(folder / "packs" / "tiny-answer", vision)
    return folder / "packs"


def _named() -> Tensor:
    """A row for each word: the colour that it names, and whether it is something nobody can tell."""
    rows = np.zeros((len(WORDS), len(COLOURS) + 1), np.float32)
    for place in range(len(COLOURS)):
        rows[4 + place, place] = rows[4 + len(COLOURS) + place, place] = 1
    rows[2:4, -1] = 1
    return rows


def _declare(manifest: dict[str, Any], head: onnx.ModelProto, digest: str) -> None:
    del manifest["vision"]
    tokens = ["batch", "tokens"]
    inputs: list[Declared] = [("grid", "float32", ["batch", CELLS, 3]), ("input_ids", "int64", tokens)]
    inputs.append(("attention_mask", "int64", tokens))
    outputs: list[Declared] = [("logits", "float32", ["batch", len(LABELS["en"])])]
    sides = {"inputs": inputs, "outputs": outputs}
    described = {
        side: [{"name": name, "dtype": dtype, "shape": shape} for name, dtype, shape in tensors]
        for side, tensors in sides.items()
    }
    manifest.update(
        name="tiny-answer",
        title={"en": "tiny-answer", "zh": "tiny-answer"},
        roles=["answer"],
        languages=["en", "zh"],
        graphs={"answer": {"file": "answer.onnx", **described}},
        known_answers=[_known(head)],
        answer=_section(digest),
    )


def _known(head: onnx.ModelProto) -> dict[str, Any]:
    patterns = {
        "grid": {"pattern": "ramp", "shape": [1, CELLS, 3], "low": -1.0, "high": 1.0},
        "input_ids": {"pattern": "ramp_int", "shape": [1, 3], "low": 2, "modulus": 5},
        "attention_mask": {"pattern": "ones", "shape": [1, 3], "dtype": "int64"},
    }
    feeds: dict[str, Tensor] = {
        "grid": np.linspace(-1, 1, CELLS * 3).astype(np.float32).reshape(1, CELLS, 3),
        "input_ids": np.array([[2, 3, 4]]),
        "attention_mask": np.ones((1, 3), np.int64),
    }
    return known_answer("answer", head, patterns, feeds)


def _section(digest: str) -> dict[str, Any]:
    yes_no = {"starts": {"en": ["is "]}, "contains": {"zh": ["吗"]}, "without": {}}
    colour = {
        "starts": {},
        "contains": {"en": ["what color"], "zh": ["什么颜色"]},
        "without": {"en": ["why"]},
    }
    return {
        "vision": {"pack": "tiny-vision", "sha256": digest},
        "tokenizer": "tokenizer.json",
        "max_tokens": 16,
        "pad_id": 0,
        "labels": LABELS,
        "cannot_tell": _LOST,
        "kinds": [
            {"name": "yes_no", **yes_no, "answers": [_YES, _NO, _LOST]},
            {"name": "colour", **colour, "answers": [*range(len(COLOURS)), _LOST]},
        ],
        "temperature": {"yes_no": 1.0, "colour": 2.0},
    }


def _tokenizer() -> dict[str, Any]:
    """Words at spaces and punctuation, each Chinese character for itself."""
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [],
        "normalizer": {"type": "Lowercase"},
        "pre_tokenizer": {
            "type": "Sequence",
            "pretokenizers": [
                {"type": "Whitespace"},
                {
                    "type": "Split",
                    "pattern": {"Regex": "[\u4e00-\u9fff]"},
                    "behavior": "Isolated",
                    "invert": False,
                },
            ],
        },
        "post_processor": None,
        "decoder": None,
        "model": {
            "type": "WordLevel",
            "vocab": {word: number for number, word in enumerate(WORDS)},
            "unk_token": "[UNK]",
        },
    }
