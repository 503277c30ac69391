"""Validation scores of a caption model while it is trained."""

from dataclasses import dataclass

import torch

from metrics.captions import CaptionScore, score_captions
from starter_caption.dataset import LONGEST, Split, spoken
from starter_caption.model import CaptionModel
from starter_caption.search import beam, draw
from starter_caption.words import EOS, PAD, START

BATCH = 50


@dataclass(frozen=True)
class Score:
    """Both languages."""

    english: CaptionScore
    chinese: CaptionScore

    def as_figures(self) -> dict[str, float]:
        """Flat, for logs and checkpoints."""
        return {
            f"{language}_{name}": value
            for language, score in (("en", self.english), ("zh", self.chinese))
            for name, value in score.as_metrics().items()
        }


def score_model(model: CaptionModel, split: Split, vocabulary: list[str]) -> Score:
    """Captions a split in both languages by greedy search and compares with its references."""
    english, chinese = (score_language(model, split, vocabulary, language) for language in ("en", "zh"))
    return Score(english, chinese)


def score_language(
    model: CaptionModel,
    split: Split,
    vocabulary: list[str],
    language: str,
    beams: int = 1,
    length_penalty: float = 1.0,
) -> CaptionScore:
    """Captions a split in one language; one beam is greedy search."""
    captions = write_all(model, split, language, vocabulary, beams, length_penalty)
    return score_captions(captions, [spoken(picture, language) for picture in split.pictures], language)


@torch.no_grad()
def write_all(
    model: CaptionModel, split: Split, language: str, vocabulary: list[str], beams: int, length_penalty: float
) -> list[str]:
    """Captions of a whole split, tokens joined by spaces; one beam is greedy search."""
    model.eval()
    start, longest = START[language], LONGEST[language]
    sentences = []
    for rows in torch.arange(len(split.looks)).split(BATCH):
        with torch.autocast("cpu", torch.bfloat16):
            _, cross = model.see(split.looks.still(rows))
            if beams == 1:
                found = draw(model, cross, start, longest, 1).tolist()
            else:
                found = beam(model, cross, start, longest, beams, length_penalty)
        sentences += [" ".join(vocabulary[t] for t in ids if t not in (PAD, EOS)) for ids in found]
    return sentences
