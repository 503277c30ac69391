"""The graphs of the packs for tests, in onnx's textual syntax; see `packs_for_tests`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper

Tensor = NDArray[Any]

COLOURS = {
    "red": (255, 0, 0),
    "green": (0, 255, 0),
    "blue": (0, 0, 255),
    "dark": (0, 0, 0),
    "bright": (255, 255, 255),
    "grey": (128, 128, 128),
}
CHINESE = {"red": "红", "green": "绿", "blue": "蓝", "dark": "黑", "bright": "白", "grey": "灰"}
GOOD = ("good", "great", "love", "happy", "wonderful", "thank", "nice", "beautiful")
BAD = ("bad", "terrible", "hate", "sad", "awful", "pain", "angry", "afraid")

WORDS = ["[PAD]", "[START]", "[START-ZH]", "[END]", "a", *COLOURS, "picture", "of", "wall"]
WORDS += ["一面", *CHINESE.values(), "色", "墙"]
HEADS, HEAD_SIZE = 2, len(WORDS) // 2 + len(WORDS) % 2
_WIDTH = HEADS * HEAD_SIZE
SIDE, CELLS = 32, 4


def model_of(text: str, initializers: Mapping[str, Tensor]) -> onnx.ModelProto:
    """A checked model from onnx's textual syntax and constant tensors."""
    model = onnx.parser.parse_model('<ir_version: 8, opset_import: ["" : 17]>\n' + text)
    for name, value in initializers.items():
        model.graph.initializer.append(numpy_helper.from_array(value, name))
    onnx.checker.check_model(model, full_check=True)
    return model


def hidden_encoder() -> onnx.ModelProto:
    """The encoder in published layouts: `last_hidden_state`."""
    text = f"""
    encoder (float[batch, 3, {SIDE}, {SIDE}] pixel_values)
        => (float[batch, {CELLS}, {_WIDTH}] last_hidden_state)
    {{
        pooled = AveragePool <kernel_shape = [16, 16], strides = [16, 16]> (pixel_values)
        flat = Reshape(pooled, three_cells)
        cells = Transpose <perm = [0, 2, 1]> (flat)
        said = MatMul(cells, colours)
        last_hidden_state = Add(said, grey)
    }}
    """
    return model_of(text, _encoder_weights())


def vision_encoder() -> onnx.ModelProto:
    """A picture encoder for other packs: the average colour of four cells, as `grid`."""
    text = f"""
    vision (float[batch, 3, {SIDE}, {SIDE}] pixel_values) => (float[batch, {CELLS}, 3] grid)
    {{
        pooled = AveragePool <kernel_shape = [16, 16], strides = [16, 16]> (pixel_values)
        flat = Reshape(pooled, three_cells)
        grid = Transpose <perm = [0, 2, 1]> (flat)
    }}
    """
    return model_of(text, {"three_cells": np.array([0, 3, CELLS])})


def grid_encoder() -> onnx.ModelProto:
    """The rest of `caption_encoder`, from the grid of `vision_encoder`."""
    text = f"""
    encoder (float[batch, {CELLS}, 3] grid)
        => (float[batch, {HEADS}, {CELLS}, {HEAD_SIZE}] "present.0.encoder.key",
            float[batch, {HEADS}, {CELLS}, {HEAD_SIZE}] "present.0.encoder.value")
    {{
        said = MatMul(grid, colours)
        worded = Add(said, grey)
        split = Reshape(worded, split_shape)
        "present.0.encoder.value" = Transpose <perm = [0, 2, 1, 3]> (split)
        zero = Constant <value_float: float = 0.0> ()
        "present.0.encoder.key" = Mul("present.0.encoder.value", zero)
    }}
    """
    weights = {name: value for name, value in _encoder_weights().items() if name != "three_cells"}
    return model_of(text, weights | {"split_shape": np.array([0, CELLS, HEADS, HEAD_SIZE])})


def caption_encoder(work: int = 0) -> onnx.ModelProto:
    """Average colour of four cells, as value of the cross-attention; the keys are 0 (all alike)."""
    text = f"""
    encoder (float[batch, 3, {SIDE}, {SIDE}] pixel_values)
        => (float[batch, {HEADS}, {CELLS}, {HEAD_SIZE}] "present.0.encoder.key",
            float[batch, {HEADS}, {CELLS}, {HEAD_SIZE}] "present.0.encoder.value")
    {{
        pooled = AveragePool <kernel_shape = [16, 16], strides = [16, 16]> (pixel_values)
        flat = Reshape(pooled, three_cells)
        cells = Transpose <perm = [0, 2, 1]> (flat)
        said = MatMul(cells, colours)
        worded = Add(said, grey)
        {_WORK if work else "loaded = Identity(worded)"}
        split = Reshape(loaded, split_shape)
        "present.0.encoder.value" = Transpose <perm = [0, 2, 1, 3]> (split)
        zero = Constant <value_float: float = 0.0> ()
        "present.0.encoder.key" = Mul("present.0.encoder.value", zero)
    }}
    """
    initializers = _encoder_weights() | {"split_shape": np.array([0, CELLS, HEADS, HEAD_SIZE])}
    if work:
        initializers |= {
            "times": np.array(work),
            "yes": np.array(True),
            "big": np.full((384, 384), 1 / 384, np.float32),
        }
    return model_of(text, initializers)


# A loop of products whose mean, times 0, is added to the result: the optimiser cannot drop it.
_WORK = """
        result = Loop <body = turn (int64 i, bool go, float[384, 384] before)
                                => (bool on, float[384, 384] after) {
            on = Identity(go)
            after = MatMul(before, big)
        }> (times, yes, big)
        mean = ReduceMean <keepdims = 0> (result)
        nothing = Constant <value_float: float = 0.0> ()
        added = Mul(mean, nothing)
        loaded = Add(worded, added)
"""


def caption_decoder() -> onnx.ModelProto:
    """One layer: what follows the last word, what was said so far (self-attention), what is seen."""
    text = f"""
    decoder (int64[batch, tokens] input_ids,
             {_kv("past")} "past_key_values.0.decoder.key", {_kv("past")} "past_key_values.0.decoder.value",
             {_kv(CELLS)} "past_key_values.0.encoder.key", {_kv(CELLS)} "past_key_values.0.encoder.value")
        => (float[batch, tokens, {_WIDTH}] logits,
            {_kv("total")} "present.0.decoder.key", {_kv("total")} "present.0.decoder.value")
    {{
        old_key = Identity("past_key_values.0.decoder.key")
        old_value = Identity("past_key_values.0.decoder.value")
        cross_key = Identity("past_key_values.0.encoder.key")
        cross_value = Identity("past_key_values.0.encoder.value")
        {_DECODER_BODY}
        "present.0.decoder.key" = Identity(new_key)
        "present.0.decoder.value" = Identity(new_value)
    }}
    """
    return model_of(text, _decoder_weights())


def merged_decoder(cached_cross: bool) -> onnx.ModelProto:
    """The same decoder in the layout of published `decoder_model_merged.onnx` files.

    Args:
        cached_cross: Keys and values of the cross-attention are cached (Whisper, BART); without, they
            are made of `encoder_hidden_states` at every step and names have no ".decoder" (ViT-GPT2).
    """
    own = ".decoder" if cached_cross else ""
    cross_in = [
        f'{_kv("seen")} "past_key_values.0.encoder.{part}"' for part in ("key", "value") if cached_cross
    ]
    cross_out = [f'{_kv("fresh")} "present.0.encoder.{part}"' for part in ("key", "value") if cached_cross]
    reuse = [f'cross_{part} = Identity("past_key_values.0.encoder.{part}")' for part in ("key", "value")]
    make = [_MAKE_CROSS.format(part=part, times=times) for part, times in (("key", "nil"), ("value", "one"))]
    fresh = [
        f'"present.0.encoder.{part}" = Identity(fresh_{part})' for part in ("key", "value") if cached_cross
    ]
    text = f"""
    decoder (int64[batch, tokens] input_ids, float[batch, {CELLS}, {_WIDTH}] encoder_hidden_states,
             {_kv("past")} "past_key_values.0{own}.key", {_kv("past")} "past_key_values.0{own}.value",
             {"".join(name + "," for name in cross_in)} bool[1] use_cache_branch)
        => (float[batch, tokens, {_WIDTH}] logits,
            {_kv("total")} "present.0{own}.key", {_kv("total")} "present.0{own}.value"
            {"".join("," + name for name in cross_out)})
    {{
        nil = Constant <value_float: float = 0.0> ()
        one = Constant <value_float: float = 1.0> ()
        old_key, old_value, cross_key, cross_value, fresh_key, fresh_value = If (use_cache_branch) <
            then_branch = with_past () => ({_BRANCH_OUTPUTS}) {{
                then_key = Identity("past_key_values.0{own}.key")
                then_value = Identity("past_key_values.0{own}.value")
                {_prefixed("then", reuse if cached_cross else make)}
                then_fresh_key = Constant <value = float[0, {HEADS}, 1, {HEAD_SIZE}] {{}}> ()
                then_fresh_value = Constant <value = float[0, {HEADS}, 1, {HEAD_SIZE}] {{}}> ()
            }},
            else_branch = no_past () => ({_BRANCH_OUTPUTS.replace("then_", "else_")}) {{
                else_key = Slice("past_key_values.0{own}.key", at_0, at_0, axis_2)
                else_value = Slice("past_key_values.0{own}.value", at_0, at_0, axis_2)
                {_prefixed("else", make)}
                else_fresh_key = Identity(else_cross_key)
                else_fresh_value = Identity(else_cross_value)
            }}
        >
        {_DECODER_BODY}
        "present.0{own}.key" = Identity(new_key)
        "present.0{own}.value" = Identity(new_value)
        {" ".join(fresh)}
    }}
    """
    slices = {"at_0": np.array([0]), "axis_2": np.array([2])}
    return model_of(text, _decoder_weights() | slices)


_DECODER_BODY = """
        x = Gather(embedding, input_ids)
        split = Reshape(x, split_shape)
        query = Transpose <perm = [0, 2, 1, 3]> (split)
        new_key = Concat <axis = 2> (old_key, query)
        new_value = Concat <axis = 2> (old_value, query)

        keys = Transpose <perm = [0, 1, 3, 2]> (new_key)
        alike = MatMul(query, keys)
        zero = Constant <value_float: float = 0.0> ()
        scores = Mul(alike, zero)
        shape = Shape(scores)
        tokens_at = Gather(shape, two)
        total_at = Gather(shape, three)
        first = Sub(total_at, tokens_at)
        start = Sub(two, two)
        step = Sub(three, two)
        places = Range(first, total_at, step)
        column = Unsqueeze(places, one_axis)
        all = Range(start, total_at, step)
        seen = LessOrEqual(all, column)
        never = Constant <value_float: float = -1000000000.0> ()
        masked = Where(seen, scores, never)
        attention = Softmax <axis = -1> (masked)
        mixed = MatMul(attention, new_value)
        said_heads = Transpose <perm = [0, 2, 1, 3]> (mixed)
        said = Reshape(said_heads, join_shape)

        cross_keys = Transpose <perm = [0, 1, 3, 2]> (cross_key)
        cross_scores = MatMul(query, cross_keys)
        cross_attention = Softmax <axis = -1> (cross_scores)
        cross = MatMul(cross_attention, cross_value)
        seen_heads = Transpose <perm = [0, 2, 1, 3]> (cross)
        looked = Reshape(seen_heads, join_shape)

        next = MatMul(x, follows)
        remembered = MatMul(said, memory)
        sum = Add(next, remembered)
        logits = Add(sum, looked)
"""
_MAKE_CROSS = """
                hidden_{part} = Mul(encoder_hidden_states, {times})
                parted_{part} = Reshape(hidden_{part}, split_shape)
                cross_{part} = Transpose <perm = [0, 2, 1, 3]> (parted_{part})
"""


def _kv(length: int | str) -> str:
    return f"float[batch, {HEADS}, {length}, {HEAD_SIZE}]"


_BRANCH_OUTPUTS = ", ".join(
    f"float[b_{name}, {HEADS}, n_{name}, {HEAD_SIZE}] then_{name}"
    for name in ("key", "value", "cross_key", "cross_value", "fresh_key", "fresh_value")
)


def _prefixed(branch: str, lines: list[str]) -> str:
    """The lines with names of their own in a branch: onnx allows no name twice."""
    return re.sub(r"\b(hidden|parted|cross)_(key|value)\b", rf"{branch}_\1_\2", "\n".join(lines))


def sentiment_model(words: list[str]) -> onnx.ModelProto:
    """Attention over words: feeling words weigh more, and vote with their class."""
    text = """
    model (int64[batch, tokens] input_ids, int64[batch, tokens] attention_mask)
        => (float[batch, 3] logits, float[batch, tokens] token_weights)
    {
        votes = Gather(vote_of, input_ids)
        strength = Gather(strength_of, input_ids)
        real = Cast <to = 9> (attention_mask)
        never = Constant <value_float: float = -1000000000.0> ()
        scores = Where(real, strength, never)
        token_weights = Softmax <axis = -1> (scores)
        columns = Unsqueeze(token_weights, last_axis)
        weighted = Mul(votes, columns)
        logits = ReduceSum <keepdims = 0> (weighted, middle_axis)
    }
    """
    votes = np.tile(np.array([0, 2, 0], np.float32), (len(words), 1))
    strength = np.zeros(len(words), np.float32)
    for index, word in enumerate(words):
        if word in (*GOOD, *BAD):
            votes[index] = [6, 0, 0] if word in BAD else [0, 0, 6]
            strength[index] = 4
    axes = {"last_axis": np.array([-1]), "middle_axis": np.array([1])}
    return model_of(text, {"vote_of": votes, "strength_of": strength, **axes})


def word_id(word: str) -> int:
    return WORDS.index(word)


def _colours() -> Tensor:
    """From normalised R, G, B in [-1, 1] to what speaks for each word."""
    directions = {
        "red": (4, -2, -2),
        "green": (-2, 4, -2),
        "blue": (-2, -2, 4),
        "dark": (-2, -2, -2),
        "bright": (2, 2, 2),
    }
    table = np.zeros((3, _WIDTH), np.float32)
    for colour, direction in directions.items():
        table[:, word_id(colour)] = table[:, word_id(CHINESE[colour])] = direction
    return table


def _encoder_weights() -> dict[str, Tensor]:
    return {
        "three_cells": np.array([0, 3, CELLS]),
        "colours": _colours(),
        "grey": np.eye(_WIDTH, dtype=np.float32)[[word_id("grey"), word_id("灰")]].sum(axis=0),
    }


def _decoder_weights() -> dict[str, Tensor]:
    follows = np.full((_WIDTH, _WIDTH), -30, np.float32)
    pairs = [("[START]", "a"), ("picture", "of"), ("of", "a"), ("wall", "[END]")]
    pairs += [("[START-ZH]", "一面"), ("色", "墙"), ("墙", "[END]")]
    for before, after in pairs:
        follows[word_id(before), word_id(after)] = 40
    for colour, chinese in CHINESE.items():
        follows[word_id("a"), word_id(colour)] = follows[word_id("一面"), word_id(chinese)] = 0
        follows[word_id(colour), word_id("picture")] = follows[word_id(chinese), word_id("色")] = 40
    follows[word_id("a"), word_id("wall")] = -20
    memory = np.zeros((_WIDTH, _WIDTH), np.float32)
    memory[word_id("of"), word_id("wall")] = 200
    return {
        "embedding": np.eye(_WIDTH, dtype=np.float32),
        "follows": follows,
        "memory": memory,
        "split_shape": np.array([0, 0, HEADS, HEAD_SIZE]),
        "join_shape": np.array([0, 0, _WIDTH]),
        "two": np.array(2),
        "three": np.array(3),
        "one_axis": np.array([1]),
    }
