"""The model card: fixed words from ``card.md``, figures measured by the run."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from string import Template

import torch
from tokenizers import Tokenizer

from kit.flickr8k import read_captions
from kit.grids import grid_features
from kit.measured import Measured
from kit.request import TrainRequest
from kit.rows import RESULTS
from starter_embed.evaluation import figures, open_embedder, see
from starter_embed.lessons import token_ids
from starter_embed.ranking import recalls
from starter_embed.reading import text_vectors
from starter_embed.space import Space, picture_vectors
from starter_embed.towers import TextTower

LANGUAGES = {"en": "English", "zh": "Chinese"}
SPLITS = ("val", "test")
QUERY = "two children playing on a beach"
RUNS = 200
THREADS = 2
LONGEST_TEXT = 64
# Pictures of `train` that ablations do not learn from.
HELD_OUT = "held out of train"


@dataclass(frozen=True)
class Facts:
    """What the run knows.

    Attributes:
        space: Its picture tower ships.
        tower: The text tower.
        offered: Words of the list.
        kept: Words that got a threshold.
    """

    space: Space
    tower: TextTower
    offered: int
    kept: int


def write_card(request: TrainRequest, facts: Facts, few: int | None) -> None:
    """Measures the pack and writes its ``README.md``.

    Args:
        request: Names pack, encoder and data.
        facts: From the run.
        few: Measure only so many pictures a split.
    """
    measured = {key: one for split in SPLITS for key, one in _measured(request, split, few).items()}
    fields = {
        **_numbers(request, facts),
        "figures": "\n".join(_row(*key, measured=measured[key]) for key in sorted(measured)),
        "float32": "\n".join(_in_float32(request, facts, few)),
        "gap": f"{_gap(measured['en', 'val'], measured['zh', 'val']):.1f}",
        "words": "\n".join(_word_row(split, measured["en", split]) for split in SPLITS),
        "ablations": "\n".join(_ablations()),
    }
    template = Template(Path(__file__).with_name("card.md").read_text(encoding="utf-8"))
    (request.pack / "README.md").write_text(template.substitute(fields), encoding="utf-8")


def _measured(request: TrainRequest, split: str, few: int | None) -> dict[tuple[str, str], Measured]:
    """What `measure_embed` finds in each language, with one look at each picture."""
    flickr = request.data / "flickr8k"
    pictures = read_captions(flickr, split)[:few]
    with open_embedder(request.pack, request.vision, request.threads) as embedder:
        vectors = see(embedder, flickr, split, pictures)
        return {
            (language, split): Measured(
                "embed",
                request.pack.name,
                split,
                len(pictures),
                figures(embedder, vectors, pictures, language),
            )
            for language in LANGUAGES
        }


@torch.inference_mode()
def _in_float32(request: TrainRequest, facts: Facts, few: int | None) -> list[str]:
    """The validation figures of the towers before their weights were stored in 8 bits."""
    pictures = read_captions(request.data / "flickr8k", "val")[:few]
    (grids,) = grid_features(request, "val", 1, few)
    vectors = picture_vectors(facts.space.picture, grids).numpy()
    tokenizer = Tokenizer.from_file(str(request.pack / "tokenizer.json"))
    rows = []
    for language in LANGUAGES:
        captions = [p.english if language == "en" else p.chinese for p in pictures]
        ids = token_ids(tokenizer, [text for own in captions for text in own], LONGEST_TEXT)
        owner = [row for row, own in enumerate(captions) for _ in own]
        found = recalls(vectors, text_vectors(facts.tower, ids).numpy(), owner)
        rows.append(_row(language, "val", Measured("embed", "float32", "val", len(pictures), found)))
    return rows


def milliseconds_a_text(request: TrainRequest) -> float:
    """Median time of one search vector, tokenisation included, warm."""
    with open_embedder(request.pack, request.vision, THREADS) as embedder:
        took = []
        for _ in range(RUNS):
            start = time.perf_counter()
            embedder.texts([QUERY], "en")
            took.append(time.perf_counter() - start)
    return 1000 * median(took)


def _numbers(request: TrainRequest, facts: Facts) -> Mapping[str, object]:
    towers = (facts.space.picture, facts.tower)
    size = sum(file.stat().st_size for file in request.pack.iterdir())
    return {
        "mebibytes": f"{size / 2**20:.2f}",
        "parameters": f"{sum(p.numel() for tower in towers for p in tower.parameters()) / 1e6:.1f}",
        "pieces": f"{facts.tower.shape.pieces:,}",
        "scale": f"{float(facts.space.scale().detach()):.1f}",
        "offered": facts.offered,
        "kept": facts.kept,
        "milliseconds": f"{milliseconds_a_text(request):.2f}",
        "seed": request.seed,
    }


def _gap(english: Measured, chinese: Measured) -> float:
    """By how many points Chinese is behind where it is furthest behind."""
    keys = ("i2t_r1", "i2t_r10", "t2i_r1", "t2i_r10")
    return max(english.metrics[key] - chinese.metrics[key] for key in keys)


def _row(language: str, split: str, measured: Measured) -> str:
    keys = ("i2t_r1", "i2t_r5", "i2t_r10", "t2i_r1", "t2i_r5", "t2i_r10")
    cells = " | ".join(f"{measured.metrics[key]:.1f}" for key in keys)
    return f"| {LANGUAGES[language]} | {split} | {measured.n:,} | {cells} |"


def _word_row(split: str, measured: Measured) -> str:
    metrics = measured.metrics
    return (
        f"| {split} | {measured.n:,} | {metrics['precision']:.1f} % | {metrics['recall']:.1f} % | "
        f"{metrics['words_per_picture']:.1f} |"
    )


def _ablations() -> list[str]:
    """Rows of earlier ablation runs, if there were any."""
    file = RESULTS / "starter-embed.json"
    rows = json.loads(file.read_text(encoding="utf-8")) if file.exists() else []
    return [
        f"| {row['question']} | {row['variant']} | {row['metric']} | {row['value']:.1f} |"
        for row in rows
        if row["split"] == HELD_OUT
    ]
