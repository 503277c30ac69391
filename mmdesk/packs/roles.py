"""What a pack can do, and what each role needs to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from mmdesk.packs.fields import Fields


class Role(StrEnum):
    """A job that a pack can do; its section in the manifest has the name with underscores."""

    CAPTION = "caption"
    TEXT_SENTIMENT = "text-sentiment"

    @property
    def section(self) -> str:
        """The manifest's section for this role."""
        return self.value.replace("-", "_")


class Fit(StrEnum):
    """How a picture is brought to the model's size.

    `squash` resizes both sides, whatever the shape; `crop` resizes until the shorter side fits and
    takes the middle (CLIP's way).
    """

    SQUASH = "squash"
    CROP = "crop"


class Resample(StrEnum):
    """Pillow's filters, which the published models were trained with."""

    NEAREST = "nearest"
    BOX = "box"
    BILINEAR = "bilinear"
    HAMMING = "hamming"
    BICUBIC = "bicubic"
    LANCZOS = "lanczos"


class Layout(StrEnum):
    """How encoder and decoder hand over.

    `cross_kv`: the encoder gives the keys and values of the cross-attention; the decoder always takes
    a past, which may be empty. `merged`: the encoder gives hidden states; the decoder has a
    `use_cache_branch` input (the layout of published `decoder_model_merged.onnx` files).
    """

    CROSS_KV = "cross_kv"
    MERGED = "merged"


@dataclass(frozen=True, slots=True)
class PictureSpec:
    """From 8-bit RGB to the encoder: resize, times `scale`, minus `mean`, by `std` (per channel)."""

    width: int
    height: int
    fit: Fit
    resample: Resample
    scale: float
    mean: tuple[float, ...]
    std: tuple[float, ...]


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
        picture: Preprocessing.
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

    picture: PictureSpec
    tokenizer: str
    decoder: DecoderSpec
    generation: GenerationSpec
    text: CaptionText
    temperature: float
    calibration: Mapping[str, Calibration]


@dataclass(frozen=True, slots=True)
class TextSentimentSpec:
    """Section `text_sentiment`; its graph is `model`.

    Attributes:
        tokenizer: File of the pack, a Hugging Face `tokenizer.json`.
        max_tokens: Longer texts are scored in windows of this many tokens.
        pad_id: The token that fills rows up.
        labels: Names of the classes, in the order of the logits.
        valence: Valence in [-1, 1] of each class.
        temperature: The logits are divided by it before the softmax (Guo et al., 2017).
    """

    tokenizer: str
    max_tokens: int
    pad_id: int
    labels: tuple[str, ...]
    valence: tuple[float, ...]
    temperature: float


def read_caption(fields: Fields) -> CaptionSpec:
    """Reads section `caption`."""
    with fields.child("picture") as inside:
        picture = _picture(inside)
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
    return CaptionSpec(picture, tokenizer, decoder, generation, text, temperature, calibration)


def _calibration(fields: Fields) -> dict[str, Calibration]:
    return {
        language: Calibration(inside.number("scale", 1e-3, 1e3), inside.number("offset", -1e3, 1e3))
        for language, inside in fields.named("calibration")
    }


def _picture(fields: Fields) -> PictureSpec:
    mean, std = fields.numbers("mean", -1e3, 1e3), fields.numbers("std", 1e-6, 1e6)
    if len(mean) != 3 or len(std) != 3:
        raise fields.out_of_bounds("mean", "3 (R, G, B)")
    return PictureSpec(
        width=fields.integer("width", 1, 8192),
        height=fields.integer("height", 1, 8192),
        fit=Fit(fields.choice("fit", tuple(Fit))),
        resample=Resample(fields.choice("resample", tuple(Resample))),
        scale=fields.number("scale", 1e-9, 1e3),
        mean=mean,
        std=std,
    )


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


def read_text_sentiment(fields: Fields) -> TextSentimentSpec:
    """Reads section `text_sentiment`."""
    labels = fields.texts("labels", at_least=2)
    valence = fields.numbers("valence", -1.0, 1.0)
    if len(labels) != len(valence) or len(set(labels)) != len(labels):
        raise fields.out_of_bounds("valence", f"{len(labels)}")
    return TextSentimentSpec(
        tokenizer=fields.text("tokenizer"),
        max_tokens=fields.integer("max_tokens", 4, 100_000),
        pad_id=fields.integer("pad_id", 0),
        labels=labels,
        valence=valence,
        temperature=fields.number("temperature", 0.01, 100.0),
    )
