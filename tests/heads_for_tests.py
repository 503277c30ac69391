"""Graphs of tags and of the joint embedding on the grid of `vision_encoder`; see `packs_for_tests`."""

from __future__ import annotations

import numpy as np
import onnx

from tests.graphs_for_tests import CELLS, CHINESE, COLOURS, model_of

# What the towers of the joint embedding add, so that grey has a direction too.
GREYNESS = np.array([0, 0, 0, 0.2], np.float32)


def tags_head() -> onnx.ModelProto:
    """From the grid of `vision_encoder` to one logit a colour of `COLOURS`, the nearest one first."""
    text = f"""
    tags (float[batch, {CELLS}, 3] grid) => (float[batch, {len(COLOURS)}] logits)
    {{
        mean = ReduceMean <axes = [1], keepdims = 0> (grid)
        said = MatMul(mean, colours)
        logits = Add(said, size)
    }}
    """
    colours = np.array(list(COLOURS.values()), np.float32) / 127.5 - 1
    # Minus half the squared distance, without the term that is the same for all.
    size = -4 * (colours**2).sum(1)
    return model_of(text, {"colours": 8 * colours.T, "size": size})


def picture_tower() -> onnx.ModelProto:
    """From the grid of `vision_encoder` to the average colour, as a unit vector."""
    text = f"""
    picture (float[batch, {CELLS}, 3] grid) => (float[batch, 4] embedding)
    {{
        mean = ReduceMean <axes = [1], keepdims = 0> (grid)
        wide = MatMul(mean, widen)
        said = Add(wide, grey)
        embedding = LpNormalization <axis = 1, p = 2> (said)
    }}
    """
    return model_of(text, {"widen": np.eye(3, 4, dtype=np.float32), "grey": GREYNESS})


def text_tower(words: list[str]) -> onnx.ModelProto:
    """The colours that a text names, added up, as a unit vector."""
    text = """
    text (int64[batch, tokens] input_ids, int64[batch, tokens] attention_mask) => (float[batch, 4] embedding)
    {
        named = Gather(colours, input_ids)
        real = Cast <to = 1> (attention_mask)
        columns = Unsqueeze(real, last_axis)
        kept = Mul(named, columns)
        total = ReduceSum <keepdims = 0> (kept, middle_axis)
        said = Add(total, grey)
        embedding = LpNormalization <axis = 1, p = 2> (said)
    }
    """
    colours = np.zeros((len(words), 4), np.float32)
    english = {word: colour for colour, word in CHINESE.items()}
    for place, word in enumerate(words):
        if english.get(word, word) in COLOURS:
            colours[place, :3] = np.array(COLOURS[english.get(word, word)]) / 127.5 - 1
    axes = {"last_axis": np.array([-1]), "middle_axis": np.array([1])}
    return model_of(text, {"colours": colours, "grey": GREYNESS, **axes})
