"""Decoders of encoder-decoder models behind `generation.DecoderStep`, one class per layout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from mmdesk.control import Control
from mmdesk.models.generation import Floats, Ids
from mmdesk.runtime.session import TensorDeclaration

Tensors = Mapping[str, NDArray[Any]]

PAST, PRESENT = "past_key_values.", "present."
BRANCH = "use_cache_branch"
HIDDEN = "encoder_hidden_states"


class Graph(Protocol):
    """What a decoder needs of `runtime.session.Session`."""

    @property
    def inputs(self) -> Mapping[str, TensorDeclaration]:
        """Declared inputs by name."""

    def run(
        self, feeds: Tensors, control: Control | None = None, wanted: Sequence[str] | None = None
    ) -> dict[str, NDArray[Any]]:
        """Computes the wanted outputs."""


@dataclass(frozen=True, slots=True)
class Cache:
    """The state of a decoder; each array has one row per text.

    Attributes:
        past: Keys and values of the tokens so far, by input name.
        picture: What depends on the picture alone, by input name.
        pictures: The picture that each row belongs to.
        begun: Whether a token was seen.
    """

    past: Tensors
    picture: Tensors
    pictures: Ids
    begun: bool = False


class CachedDecoder:
    """What all layouts share: a cache that is taken apart and put together by rows.

    Args:
        graph: The decoder.
        heads: Heads of each cached key and value.
        head_size: Width of each head.
    """

    def __init__(self, graph: Graph, heads: int, head_size: int) -> None:
        self._graph = graph
        self._heads = heads
        self._head_size = head_size
        self._past = [name for name in graph.inputs if name.startswith(PAST) and ".encoder." not in name]
        self._presents = [PRESENT + name.removeprefix(PAST) for name in self._past]

    def reorder(self, state: Cache, rows: Ids) -> Cache:
        """The state of the given rows.

        What belongs to the picture is left alone when every row stays with its picture.
        """
        pictures = state.pictures[rows]
        past = {name: value[rows] for name, value in state.past.items()}
        if np.array_equal(pictures, state.pictures):
            return replace(state, past=past)
        picture = {name: value[rows] for name, value in state.picture.items()}
        return Cache(past, picture, pictures, state.begun)

    def _empty(self, name: str, rows: int, length: int) -> NDArray[Any]:
        """A past of `length` tokens without content, [rows, heads, length, head size]."""
        return np.zeros((rows, self._heads, length, self._head_size), self._graph.inputs[name].dtype)


class CrossKvDecoder(CachedDecoder):
    """Our own layout: the encoder gives the cross-attention's keys and values.

    Inputs `input_ids`, `past_key_values.N.decoder.key|value` (the past may be empty) and
    `past_key_values.N.encoder.key|value`; outputs `logits`, `present.N.decoder.key|value`.
    """

    @property
    def encoded(self) -> tuple[str, ...]:
        """The encoder's outputs that `start` takes."""
        names = [name for name in self._graph.inputs if ".encoder." in name]
        return tuple(PRESENT + name.removeprefix(PAST) for name in names)

    def start(self, encoded: Tensors) -> Cache:
        """The state before the first token, from the encoder's outputs."""
        picture = {PAST + present.removeprefix(PRESENT): encoded[present] for present in self.encoded}
        rows = len(encoded[self.encoded[0]])
        past = {name: self._empty(name, rows, 0) for name in self._past}
        return Cache(past, picture, np.arange(rows))

    def step(self, ids: Ids, state: Cache, control: Control | None) -> tuple[Floats, Cache]:
        """Feeds tokens; see `DecoderStep.step`."""
        feeds = {"input_ids": ids, **state.past, **state.picture}
        outputs = self._graph.run(feeds, control, ["logits", *self._presents])
        past = {name: outputs[present] for name, present in zip(self._past, self._presents, strict=True)}
        return _last(outputs["logits"]), replace(state, past=past, begun=True)


class MergedDecoder(CachedDecoder):
    """The layout of published `decoder_model_merged.onnx` files with `use_cache_branch`.

    The first step takes the branch without a cache (with pasts of length 1 that it ignores); later
    steps take the other. Keys and values of the cross-attention, where the layout caches them, come
    out of the first step only and are fed to all later ones. `encoder_hidden_states` is fed at
    every step: decoder-only layouts (ViT-GPT2) need it, the others ignore it.
    """

    def __init__(self, graph: Graph, heads: int, head_size: int) -> None:
        super().__init__(graph, heads, head_size)
        self._cross = [name for name in graph.inputs if name.startswith(PAST) and ".encoder." in name]

    @property
    def encoded(self) -> tuple[str, ...]:
        """The encoder's output that `start` takes."""
        return ("last_hidden_state",)

    def start(self, encoded: Tensors) -> Cache:
        """The state before the first token, from the encoder's `last_hidden_state`."""
        hidden = encoded["last_hidden_state"]
        dtype = self._graph.inputs[HIDDEN].dtype
        rows = len(hidden)
        past = {name: self._empty(name, rows, 1) for name in self._past}
        picture = {name: self._empty(name, rows, 1) for name in self._cross}
        return Cache(past, {HIDDEN: hidden.astype(dtype, copy=False), **picture}, np.arange(rows))

    def step(self, ids: Ids, state: Cache, control: Control | None) -> tuple[Floats, Cache]:
        """Feeds tokens; see `DecoderStep.step`."""
        feeds = {"input_ids": ids, BRANCH: np.array([state.begun]), **state.past, **state.picture}
        first = [] if state.begun else [PRESENT + name.removeprefix(PAST) for name in self._cross]
        outputs = self._graph.run(feeds, control, ["logits", *self._presents, *first])
        past = {name: outputs[present] for name, present in zip(self._past, self._presents, strict=True)}
        picture = state.picture
        if first:
            cross = {name: outputs[present] for name, present in zip(self._cross, first, strict=True)}
            picture = {**picture, **cross}
        return _last(outputs["logits"]), Cache(past, picture, state.pictures, begun=True)


def _last(logits: NDArray[Any]) -> Floats:
    """The logits after the last token, as float32."""
    last: Floats = logits[:, -1, :].astype(np.float32, copy=False)
    return last
