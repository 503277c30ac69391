"""Everything of the pack that is not a weight: tokenizer, manifest, known answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.grids import vision_reference
from kit.known_answers import know
from kit.pack_writer import describe_graph, write_manifest
from starter_answer.asked import CANNOT_TELL
from starter_answer.export import dimensions, export
from starter_answer.kinds import KIND_PHRASES
from starter_answer.lexicon import read_lexicon
from starter_answer.model import CELLS, CHANNELS, AnswerModel
from starter_answer.samples import Answers, chinese_answers
from starter_answer.tokens import MAX_TOKENS, PAD, build_tokenizer

NAME = "starter-answer"
VERSION = "1.0.0"
LAW = (
    "Trained on questions derived from the captions of Flickr8k, which was given out for "
    "non-commercial research and education and whose photographers keep their copyright, on top of "
    "the pack starter-vision, which was trained on Flickr8k and started from a network trained on "
    "ImageNet, whose terms are non-commercial research and education. Use these weights for research "
    "and non-commercial purposes only. easy-VQA is under the MIT License (Victor Zhou)."
)
TRAINING_DATA = (
    (
        "Flickr8k, 6,000 training photos with 5 English captions each "
        "(Hodosh, Young, Hockenmaier, JAIR 47, 2013)"
    ),
    "Flickr8k-CN, human-written Chinese captions of the same photos (Li, Lan, Dong, Liu, ICMR 2016)",
    "easy-VQA, 4,000 pictures of one shape each with questions (Victor Zhou, 2019, MIT License)",
)
LIMITS = (
    "Knows photos of people, dogs and outdoor scenes of everyday life, and plain shapes.",
    "Answers are one of a fixed list; a question about a thing that is not on it gets a wrong one.",
    "Counts up to five and not reliably; wrong about many colours of clothes and small objects.",
    "Does not read text, know names, or explain why; not for medical pictures.",
)
TOLERANCE = 0.01


@dataclass(frozen=True)
class Learned:
    """What training made.

    Attributes:
        model: With its final weights.
        vocabulary: Tokens by id.
        answers: Classes.
        temperature: By kind of question.
    """

    model: AnswerModel
    vocabulary: Sequence[str]
    answers: Answers
    temperature: Mapping[str, float]


def write_pack(learned: Learned, folder: Path, vision: Path) -> None:
    """Writes graph, tokenizer and manifest."""
    export(learned.model, folder)
    build_tokenizer(learned.vocabulary).save(str(folder / "tokenizer.json"))
    declare(learned, folder, vision)


def declare(learned: Learned, folder: Path, vision: Path) -> None:
    """Writes the manifest of a folder whose other files are in place."""
    file = folder / "answer.onnx"
    write_manifest(
        folder,
        {
            "name": NAME,
            "version": VERSION,
            "title": {"en": "Starter answers", "zh": "入门图片问答"},
            "roles": ["answer"],
            "languages": ["en", "zh"],
            "precision": "fp32",
            "stored": "fp16",
            "licence": {
                "weights": "research and non-commercial use",
                "research_only": True,
                "notice": LAW,
            },
            "training_data": list(TRAINING_DATA),
            "limits": list(LIMITS),
            "graphs": {"answer": describe_graph(file, dimensions(learned.model))},
            "known_answers": [know("answer", file, _patterns(), TOLERANCE)],
            "answer": answer_section(learned, vision),
        },
    )


def answer_section(learned: Learned, vision: Path) -> dict[str, Any]:
    """What the product needs to know to answer with this pack."""
    chinese = chinese_answers(read_lexicon())
    english = learned.answers.english
    return {
        "vision": vision_reference(vision),
        "tokenizer": "tokenizer.json",
        "max_tokens": MAX_TOKENS,
        "pad_id": PAD,
        "labels": {"en": list(english), "zh": [chinese[answer] for answer in english]},
        "cannot_tell": learned.answers.index[CANNOT_TELL],
        "kinds": [
            {
                "name": name,
                **{part: phrases.get(part, {}) for part in ("starts", "contains", "without")},
                "answers": learned.answers.allowed(name),
            }
            for name, phrases in KIND_PHRASES.items()
        ],
        "temperature": dict(learned.temperature),
    }


def _patterns() -> dict[str, dict[str, Any]]:
    return {
        "grid": {"pattern": "ramp", "shape": [1, CELLS, CHANNELS], "low": 0.0, "high": 2.0},
        "input_ids": {"pattern": "ramp_int", "shape": [1, 6], "modulus": 40, "low": 2},
        "attention_mask": {"pattern": "ones", "shape": [1, 6], "dtype": "int64"},
    }
