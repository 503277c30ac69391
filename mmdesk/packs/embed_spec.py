"""What the role `embed` needs to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mmdesk.packs.fields import Fields
from mmdesk.packs.vision_spec import VisionReference, read_vision_reference


@dataclass(frozen=True, slots=True)
class WordSpec:
    """A word that pictures are compared with.

    Attributes:
        labels: The word by language.
        threshold: Cosine in [-1, 1] from which on a picture is said to show it; chosen on
            validation pictures.
    """

    labels: Mapping[str, str]
    threshold: float


@dataclass(frozen=True, slots=True)
class EmbedSpec:
    """Section `embed`; its graphs are `picture` and `text`, both give `embedding` [batch, width].

    Attributes:
        eyes: The pack that gives the grid which `picture` takes.
        tokenizer: File of the pack, a Hugging Face `tokenizer.json`.
        max_tokens: Longer texts are cut.
        pad_id: The token that fills rows up.
        width: Numbers of a vector.
        words: What pictures are compared with.
    """

    eyes: VisionReference
    tokenizer: str
    max_tokens: int
    pad_id: int
    width: int
    words: tuple[WordSpec, ...]


def read_embed(fields: Fields) -> EmbedSpec:
    """Reads section `embed`."""
    return EmbedSpec(
        eyes=read_vision_reference(fields),
        tokenizer=fields.text("tokenizer"),
        max_tokens=fields.integer("max_tokens", 4, 100_000),
        pad_id=fields.integer("pad_id", 0),
        width=fields.integer("width", 1, 100_000),
        words=tuple(_word(one) for one in fields.children("words")),
    )


def _word(fields: Fields) -> WordSpec:
    with fields.child("labels") as inside:
        labels = {language: inside.text(language) for language in inside.names()}
    if not labels:
        raise fields.out_of_bounds("labels", ">= 1")
    return WordSpec(labels, fields.number("threshold", -1.0, 1.0))
