"""What the role `caption` needs to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from mmdesk.packs.fields import Fields
from mmdesk.packs.vision_spec import Eyes, read_eyes


class Layout(StrEnum):
    """How encoder and decoder hand over.

    `cross_kv`: the encoder gives the keys and values of the cross-attention; the decoder always takes
    a past, which may be empty. `merged`: the encoder gives hidden states; the decoder has a
    `use_cache_branch` input (the layout of published `decoder_model_merged.onnx` files).
    """

    CROSS_KV = "cross_kv"
    MERGED = "merged"


@dataclass(frozen=True, slots=True)
class DecoderSpec:
    """The decoder's sizes and special tokens.

    Attributes:
        layout: See `Layout`.
        layers: Layers with a kv cache.
        heads: Heads of each cached key and value.
        head_size: Width of each head.
        start_ids: By language, the token ids that a text starts from.
        end_id: The token that ends a text.
        pad_id: The token that fills rows up.
    """

    layout: Layout
    layers: int
    heads: int
    head_size: int
    start_ids: Mapping[str, tuple[int, ...]]
    end_id: int
    pad_id: int


@dataclass(frozen=True, slots=True)
class GenerationSpec:
    """How the decoder is searched; the meanings are those of `models.generation.Settings`."""

    beams: int
    length_penalty: float
    max_new_tokens: int
    no_repeat_ngram: int
    early_stopping: bool


@dataclass(frozen=True, slots=True)
class CaptionText:
    """From tokens to a sentence: `join` (by language) replaces the spaces between tokens."""

    capitalise: bool
    full_stop: bool
    join: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Calibration:
    """Platt scaling (Platt, 1999) of a caption's mean token log-probability.

    Attributes:
        scale: Factor of the mean log-probability.
        offset: Added to it before the logistic function.
    """

    scale: float
    offset: float


@dataclass(frozen=True, slots=True)
class CaptionSpec:
    """Section `caption`; its graphs are `encoder` and `decoder`.

    Attributes:
        eyes: Preprocessing for a graph `encoder` that takes pixels, or the pack that gives the grid
            which `encoder` takes.
        tokenizer: File of the pack, a Hugging Face `tokenizer.json`.
        decoder: Sizes and special tokens.
        generation: How the decoder is searched.
        text: From tokens to a sentence.
        temperature: A caption's confidence is `exp(mean token log-probability / temperature)`,
            where its language has no calibration.
        calibration: By language: the confidence is `1 / (1 + exp(-(scale * mean token
            log-probability + offset)))`, the probability that the caption is right in the sense
            that the pack's README gives.
    """

    eyes: Eyes
    tokenizer: str
    decoder: DecoderSpec
    generation: GenerationSpec
    text: CaptionText
    temperature: float
    calibration: Mapping[str, Calibration]


def read_caption(fields: Fields) -> CaptionSpec:
    """Reads section `caption`."""
    eyes = read_eyes(fields)
    with fields.child("decoder") as inside:
        decoder = _decoder(inside)
    with fields.child("generation") as inside:
        generation = _generation(inside)
    with fields.child("text") as inside:
        text = _caption_text(inside)
    with fields.child("confidence") as inside:
        temperature = inside.number("temperature", 0.01, 100.0)
        calibration = _calibration(inside) if inside.has("calibration") else {}
    tokenizer = fields.text("tokenizer")
    return CaptionSpec(eyes, tokenizer, decoder, generation, text, temperature, calibration)


def _calibration(fields: Fields) -> dict[str, Calibration]:
    return {
        language: Calibration(inside.number("scale", 1e-3, 1e3), inside.number("offset", -1e3, 1e3))
        for language, inside in fields.named("calibration")
    }


def _decoder(fields: Fields) -> DecoderSpec:
    with fields.child("start_ids") as inside:
        start_ids = {name: inside.integers(name, 0, at_least=1) for name in inside.names()}
    return DecoderSpec(
        layout=Layout(fields.choice("layout", tuple(Layout), Layout.CROSS_KV)),
        layers=fields.integer("layers", 1, 1000),
        heads=fields.integer("heads", 1, 1000),
        head_size=fields.integer("head_size", 1, 10_000),
        start_ids=start_ids,
        end_id=fields.integer("end_id", 0),
        pad_id=fields.integer("pad_id", 0),
    )


def _generation(fields: Fields) -> GenerationSpec:
    return GenerationSpec(
        beams=fields.integer("beams", 1, 100),
        length_penalty=fields.number("length_penalty", -10.0, 10.0),
        max_new_tokens=fields.integer("max_new_tokens", 1, 10_000),
        no_repeat_ngram=fields.integer("no_repeat_ngram", 0, 100),
        early_stopping=fields.flag("early_stopping", default=False),
    )


def _caption_text(fields: Fields) -> CaptionText:
    with fields.child("join") as inside:
        join = {name: inside.raw_text(name) for name in inside.names()}
    return CaptionText(fields.flag("capitalise"), fields.flag("full_stop"), join)
