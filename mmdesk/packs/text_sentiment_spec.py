"""What the role `text-sentiment` needs to know."""

from __future__ import annotations

from dataclasses import dataclass

from mmdesk.packs.fields import Fields


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
