"""Each layout of encoder and decoder, on real graphs, says the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mmdesk.models.decoders import CrossKvDecoder, MergedDecoder
from mmdesk.packs.pack import open_pack
from mmdesk.runtime.device import Device, choose
from mmdesk.runtime.session import Session
from tests.graphs_for_tests import COLOURS, HEAD_SIZE, HEADS, WORDS, word_id
from tests.packs_for_tests import write_caption_pack, write_merged_caption_pack

Decoder = CrossKvDecoder | MergedDecoder
LAYOUTS = ["ours", "merged", "merged without cached cross-attention"]


def graphs(folder: Path, layout: str) -> tuple[Session, Decoder]:
    if layout == "ours":
        write_caption_pack(folder)
    else:
        write_merged_caption_pack(folder, cached_cross=layout == "merged")
    pack = open_pack(folder)
    sessions = [
        Session(name, pack.graph(name).model, spec.inputs, spec.outputs, choose(Device.CPU))
        for name, spec in pack.manifest.graphs.items()
    ]
    kind = CrossKvDecoder if layout == "ours" else MergedDecoder
    return sessions[0], kind(sessions[1], HEADS, HEAD_SIZE)


def pixels(*colours: str) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """Pictures of one colour, normalised, [N, 3, 32, 32]."""
    values = np.array([COLOURS[colour] for colour in colours], np.float32) / 127.5 - 1
    return np.broadcast_to(values[:, :, None, None], (len(colours), 3, 32, 32)).copy()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_one_token_at_a_time_gives_what_all_at_once_gives(tmp_path: Path, layout: str) -> None:
    encoder, decoder = graphs(tmp_path, layout)
    encoded = encoder.run({"pixel_values": pixels("red", "blue")})
    text = np.array([[word_id(word) for word in ("[START]", "a", "red", "picture", "of", "a")]] * 2)
    whole, _ = decoder.step(text, decoder.start(encoded), None)
    logits, state = decoder.step(text[:, :1], decoder.start(encoded), None)
    for place in range(1, text.shape[1]):
        logits, state = decoder.step(text[:, place : place + 1], state, None)
    np.testing.assert_allclose(logits, whole, atol=1e-4)
    assert [WORDS[token] for token in whole.argmax(axis=1)] == ["wall", "wall"]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_reordering_takes_everything_of_a_row_along(tmp_path: Path, layout: str) -> None:
    encoder, decoder = graphs(tmp_path, layout)
    encoded = encoder.run({"pixel_values": pixels("red", "green", "blue")})
    first = np.array([[word_id("[START]")], [word_id("[START-ZH]")], [word_id("[START]")]])
    _, state = decoder.step(first, decoder.start(encoded), None)
    rows = np.array([2, 2, 1])
    a, chinese = word_id("a"), word_id("一面")
    logits, state = decoder.step(np.array([[a], [a], [chinese]]), decoder.reorder(state, rows), None)
    assert [WORDS[token] for token in logits.argmax(axis=1)] == ["blue", "blue", "绿"]
    # Within one picture only the past moves.
    same = decoder.reorder(state, np.array([1, 0, 2]))
    assert same.picture is state.picture
    assert same.past is not state.past


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_state_is_not_changed_by_a_step(tmp_path: Path, layout: str) -> None:
    encoder, decoder = graphs(tmp_path, layout)
    state = decoder.start(encoder.run({"pixel_values": pixels("red")}))
    start = np.array([[word_id("[START]")]])
    once, _ = decoder.step(start, state, None)
    twice, _ = decoder.step(start, state, None)
    np.testing.assert_array_equal(once, twice)
    assert once.dtype == np.float32
