"""How good a teacher or student is on validation sentences; nothing else chooses a model."""

from collections.abc import Sequence

from torch import Tensor

from starter_sentiment_text.figures import accuracy, binary_accuracy, largest
from starter_sentiment_text.sources import NEUTRAL, Sentence

REVIEWS = ("sst", "mr")


def validation_figures(logits: Tensor, sentences: Sequence[Sentence]) -> dict[str, float]:
    """Percent right by kind of sentence.

    ``reviews``, ``hotel`` and ``takeaway`` are negative against positive, ``meld`` is all
    three classes; kinds without a sentence are left out.
    """
    distributions = logits.softmax(-1).tolist()
    figures = {}
    for kind, names in {"reviews": REVIEWS, "hotel": ("hotel",), "takeaway": ("takeaway",)}.items():
        places = [i for i, s in enumerate(sentences) if s.source in names and s.label != NEUTRAL]
        labels = [sentences[i].label for i in places]
        if places:
            figures[kind] = binary_accuracy([distributions[i] for i in places], labels)
    places = [i for i, s in enumerate(sentences) if s.source == "meld"]
    if places:
        chosen = [largest(distributions[i]) for i in places]
        figures["meld"] = accuracy(chosen, [sentences[i].label for i in places])
    return figures


def balance(figures: dict[str, float]) -> float:
    """One number to choose by: reviews count as much as everything else together."""
    others = [value for kind, value in figures.items() if kind != "reviews"]
    return figures["reviews"] + (sum(others) / len(others) if others else 0.0)
