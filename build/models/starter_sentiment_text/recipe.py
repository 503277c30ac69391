"""The whole recipe of the pack ``starter-sentiment-text``: data to pack."""

from dataclasses import replace
from pathlib import Path

import torch

from kit.request import TrainRequest
from kit.seeds import seed_everything
from starter_sentiment_text import sources
from starter_sentiment_text.growing import finished_student, validation_logits
from starter_sentiment_text.pack import write_pack
from starter_sentiment_text.texts import SMOKE, Sizes, read_texts
from starter_sentiment_text.wordpieces import build_tokenizer


def train(request: TrainRequest) -> None:
    """Trains teachers and student, exports the pack and writes its card.

    Stages that ``request.work`` already holds are taken from there with ``resume``.
    """
    torch.set_num_threads(request.threads)
    if not request.resume:
        _forget(request.work)
        request = replace(request, resume=True)
    seed_everything(request.seed)
    sizes = SMOKE if request.smoke else Sizes()
    folder = sources.text_folder(request.data)
    texts = read_texts(folder, sizes, request.seed)
    student = finished_student(request, sizes, texts)
    logits = validation_logits(student, texts)
    made: dict[str, float | str] = {
        "teachers": len(sizes.teachers),
        "made": sizes.made,
        "finish_made": sizes.finish_made,
        "chinese_made": sizes.chinese_made,
        "pictures": sizes.pictures,
        "note": _note(request.work),
    }
    tokenizer = build_tokenizer(texts.pieces)
    figures = write_pack(request.pack, student, tokenizer, (logits, texts.held), folder, made)
    print(dict(figures), flush=True)


def _note(work: Path) -> str:
    """What whoever ran the recipe in parts has to say about it in ``note.md``."""
    file = work / "note.md"
    return file.read_text(encoding="utf-8").strip() if file.exists() else "Made in one run."


def _forget(work: Path) -> None:
    """Removes the stages of earlier runs."""
    for stage in work.glob("*.pt"):
        stage.unlink()
