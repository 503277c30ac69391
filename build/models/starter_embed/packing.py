"""Writes the pack folder: graphs, tokenizer, words with thresholds, manifest, model card."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from kit.flickr8k import read_captions
from kit.grids import vision_reference
from kit.known_answers import know
from kit.pack_writer import describe_graph, write_manifest
from kit.request import TrainRequest
from starter_embed.card import Facts, write_card
from starter_embed.evaluation import open_embedder, see
from starter_embed.everyday import read_everyday, texts_of
from starter_embed.export import PICTURE_SHAPES, TEXT_SHAPES, export
from starter_embed.space import Space
from starter_embed.thresholds import WordThreshold, choose_thresholds, words_at
from starter_embed.towers import CELLS, CHANNELS, WIDTH, TextTower

NAME = "starter-embed"
VERSION = "1.0.0"
MAX_TOKENS = 64
TOLERANCE = 0.002
LAW = (
    "Trained on Flickr8k, which was given out for non-commercial research and education and whose "
    "photographers keep their copyright. Use these weights for research and non-commercial purposes only. "
    "The text tower learned from all-MiniLM-L6-v2, which is published under the Apache License 2.0."
)
TRAINING_DATA = (
    (
        "Flickr8k, 6,000 training photos with 5 English captions each "
        "(Hodosh, Young, Hockenmaier, JAIR 47, 2013)"
    ),
    "Flickr8k-CN, human-written Chinese captions of the same photos (Li, Lan, Dong, Liu, ICMR 2016)",
    "text teacher and start of the word pieces: all-MiniLM-L6-v2 (Apache-2.0)",
    "names of everyday things and of the ImageNet classes in English and Chinese, written for mmdesk",
)
LIMITS = (
    "Knows photos of people, dogs and outdoor scenes of everyday life best.",
    "Reads a text mostly by its words: who does what to whom is often lost.",
    "Chinese was learned from captions and names alone, so rare words mean little to it.",
    "Similarity is no probability; compare it within one search only.",
)


def finish(
    request: TrainRequest, space: Space, tower: TextTower, tokenizer: Tokenizer, few: int | None
) -> None:
    """Exports, chooses thresholds, measures and describes the pack.

    Args:
        request: Names pack, encoder and data.
        space: Its picture tower ships.
        tower: Ships.
        tokenizer: Whose ids the tower knows.
        few: Measure only so many pictures a split (the smoke run).
    """
    folder = request.pack
    folder.mkdir(parents=True, exist_ok=True)
    export(space.picture, tower, folder)
    shipped = Tokenizer.from_str(tokenizer.to_str())
    shipped.no_truncation()
    shipped.save(str(folder / "tokenizer.json"), pretty=False)
    labels = texts_of(read_everyday())
    every = [{"labels": label, "threshold": -1.0} for label in words_at(range(len(labels)), labels)]
    declare(folder, request.vision, every)
    chosen = chosen_words(request, few)
    places = words_at([each.word for each in chosen], labels)
    words = [
        {"labels": label, "threshold": each.threshold} for label, each in zip(places, chosen, strict=True)
    ]
    declare(folder, request.vision, words)
    write_card(request, Facts(space, tower, len(labels), len(words)), few)
    declare(folder, request.vision, words)


def chosen_words(request: TrainRequest, few: int | None) -> list[WordThreshold]:
    """Compares all words with the validation pictures, through the pack itself."""
    flickr = request.data / "flickr8k"
    pictures = read_captions(flickr, "val")[:few]
    entries = read_everyday()
    with open_embedder(request.pack, request.vision, request.threads) as embedder:
        seen = embedder.words(see(embedder, flickr, "val", pictures))
    place = {entry.english: number for number, entry in enumerate(entries)}
    similarities = np.zeros((len(pictures), len(entries)), np.float32)
    for row, words in enumerate(seen):
        for word in words:
            similarities[row, place[word.labels["en"]]] = word.similarity
    true = np.array([[entry.named_in(picture.english) for entry in entries] for picture in pictures])
    return choose_thresholds(similarities, true)


def declare(folder: Path, vision: Path, words: Sequence[dict[str, Any]]) -> None:
    """Writes the manifest of a folder whose other files are in place."""
    write_manifest(
        folder,
        {
            "name": NAME,
            "version": VERSION,
            "title": {"en": "Starter picture search", "zh": "入门图片搜索"},
            "roles": ["embed"],
            "languages": ["en", "zh"],
            "precision": "fp32",
            "stored": "int8",
            "licence": {
                "weights": "research and non-commercial use",
                "research_only": True,
                "notice": LAW,
            },
            "training_data": list(TRAINING_DATA),
            "limits": list(LIMITS),
            "graphs": {
                "picture": describe_graph(folder / "picture.onnx", PICTURE_SHAPES),
                "text": describe_graph(folder / "text.onnx", TEXT_SHAPES),
            },
            "known_answers": known_answers(folder),
            "embed": {
                "vision": vision_reference(vision),
                "tokenizer": "tokenizer.json",
                "max_tokens": MAX_TOKENS,
                "pad_id": 0,
                "width": WIDTH,
                "words": list(words),
            },
        },
    )


def known_answers(folder: Path) -> list[dict[str, Any]]:
    """Answers of both graphs to patterns."""
    shape = [2, 12]
    grid = {"pattern": "ramp", "shape": [1, CELLS, CHANNELS], "low": 0.0, "high": 1.0}
    ids = {"pattern": "ramp_int", "shape": shape, "modulus": 997, "low": 100}
    mask = {"pattern": "ones", "dtype": "int64", "shape": shape}
    return [
        know("picture", folder / "picture.onnx", {"grid": grid}, TOLERANCE),
        know("text", folder / "text.onnx", {"input_ids": ids, "attention_mask": mask}, TOLERANCE),
    ]
