"""Writes the pack folder: graph, tokenizer, known answer, manifest and model card."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor

from kit.known_answers import know
from kit.pack_writer import describe_graph, write_manifest
from starter_sentiment_text.calibration import calibration_error, fit_temperature
from starter_sentiment_text.card import write_card
from starter_sentiment_text.graph import export
from starter_sentiment_text.sources import LABELS, Sentence
from starter_sentiment_text.student import Student
from starter_sentiment_text.wordpieces import MAX_PIECES

VERSION = "1.1.0"
TOKENS: list[str | int] = ["batch", "tokens"]
AXES: dict[str, list[str | int]] = {
    "input_ids": TOKENS,
    "attention_mask": TOKENS,
    "logits": ["batch", len(LABELS)],
    "token_weights": TOKENS,
}
KNOWN_SHAPE = [2, 12]
LIMITS = (
    "Trained on English film reviews and television dialogue and on Chinese reviews only.",
    "Irony, quoted opinions and feelings that only the context shows are often missed.",
    "Not a measure of a person's state of mind.",
)
TRAINING_DATA = (
    "Stanford Sentiment Treebank sentences (research use)",
    "Movie Review sentence polarity (research use)",
    "MELD utterances (GPL-3.0 repository; dialogue of a television series)",
    "VADER lexicon (MIT)",
    "Flickr8k captions in English and Chinese (non-commercial research)",
    "ChnSentiCorp hotel reviews, waimai_10k, online_shopping_10_cats (no licence given)",
    "teacher and starting embeddings: all-MiniLM-L6-v2 (Apache-2.0)",
)


def write_pack(
    folder: Path,
    student: Student,
    tokenizer: Tokenizer,
    validation: tuple[Tensor, Sequence[Sentence]],
    data: Path,
    made: Mapping[str, float | str],
) -> Mapping[str, float | str]:
    """Write the whole pack; returns the figures in its card.

    The card is measured on the pack itself, so the manifest is written twice: first for
    the program to accept the pack, then with the card's own hash.

    Args:
        folder: of the pack; files of an earlier run are replaced.
        student: trained.
        tokenizer: whose ids the student knows.
        validation: the student's logits [N, 3] and the N sentences they belong to.
        data: folder of the sentences.
        made: figures of the training for the card.
    """
    folder.mkdir(parents=True, exist_ok=True)
    export(student, folder / "model.onnx")
    shipped = Tokenizer.from_str(tokenizer.to_str())
    shipped.no_truncation()  # the program cuts long texts into windows itself
    shipped.save(str(folder / "tokenizer.json"), pretty=False)
    temperature, errors = _calibrated(*validation)
    manifest = _manifest(folder, temperature)
    write_manifest(folder, manifest)
    figures = write_card(folder, data, {**made, **errors, "temperature": temperature})
    write_manifest(folder, manifest)
    return figures


def _calibrated(logits: Tensor, sentences: Sequence[Sentence]) -> tuple[float, dict[str, float]]:
    """Temperature for three classes; single words of the lexicon are never in validation."""
    labels = torch.tensor([sentence.label for sentence in sentences])
    temperature = fit_temperature(logits, labels)
    before, after = (calibration_error(logits, labels, t) for t in (1.0, temperature))
    return temperature, {"ece_before": 100 * before, "ece_after": 100 * after}


def _manifest(folder: Path, temperature: float) -> Mapping[str, object]:
    graph = folder / "model.onnx"
    return {
        "name": "starter-sentiment-text",
        "version": VERSION,
        "title": {"en": "Starter text sentiment", "zh": "入门文本情感"},
        "roles": ["text-sentiment"],
        "languages": ["en", "zh"],
        "precision": "fp32",
        "stored": "int8",
        "licence": {
            "weights": "research and non-commercial use",
            "research_only": True,
            "notice": "Learned from data sets that are given for research.",
        },
        "training_data": list(TRAINING_DATA),
        "limits": list(LIMITS),
        "graphs": {"model": describe_graph(graph, AXES)},
        "known_answers": [know("model", graph, _known_inputs(), 0.001)],
        "text_sentiment": {
            "tokenizer": "tokenizer.json",
            "max_tokens": MAX_PIECES,
            "pad_id": 0,
            "labels": list(LABELS),
            "valence": [-1.0, 0.0, 1.0],
            "temperature": temperature,
        },
    }


def _known_inputs() -> Mapping[str, Mapping[str, object]]:
    return {
        "input_ids": {"pattern": "ramp_int", "shape": KNOWN_SHAPE, "modulus": 997, "low": 100},
        "attention_mask": {"pattern": "ones", "dtype": "int64", "shape": KNOWN_SHAPE},
    }
