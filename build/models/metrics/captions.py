"""All metrics of a set of captions in one go."""

from collections.abc import Sequence
from dataclasses import dataclass

from metrics.bleu import bleu
from metrics.cider import cider_d
from metrics.rouge import rouge_l
from metrics.tokenize import tokens


@dataclass(frozen=True)
class CaptionScore:
    """Scores of a corpus.

    Attributes:
        bleu: BLEU-1 to BLEU-4 in percent.
        rouge_l: Mean ROUGE-L in percent.
        cider_d: Mean CIDEr-D (1.0 is common for good captions of COCO; not in percent).
    """

    bleu: tuple[float, ...]
    rouge_l: float
    cider_d: float

    def as_metrics(self) -> dict[str, float]:
        """By lower-case name."""
        named = {f"bleu_{n}": value for n, value in enumerate(self.bleu, 1)}
        return {**named, "rouge_l": self.rouge_l, "cider_d": self.cider_d}


def score_captions(
    captions: Sequence[str], references: Sequence[Sequence[str]], language: str
) -> CaptionScore:
    """Compares one caption a picture with people's captions.

    Args:
        captions: What was written.
        references: For each picture, what people wrote, one or more.
        language: ``en`` (words) or ``zh`` (characters).

    Raises:
        ValueError: The two lists differ in length.
    """
    written = [tokens(caption, language) for caption in captions]
    known = [[tokens(caption, language) for caption in spoken] for spoken in references]
    ciders = cider_d(written, known)
    values = tuple(100 * value for value in bleu(written, known))
    rouges = rouge_l(written, known)
    return CaptionScore(values, 100 * sum(rouges) / len(rouges), sum(ciders) / len(ciders))
