"""The pack as the program runs it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from mmdesk.packs.pack import open_pack
from mmdesk.runtime.device import Device, choose
from mmdesk.tasks.text_sentiment import TextAffect, TextSentiment
from starter_sentiment_text.sources import LABELS

Scorer = Callable[[Sequence[str]], Sequence[Sequence[float]]]


@contextmanager
def open_scorer(pack: Path, language: str, threads: int | None = None) -> Iterator[Scorer]:
    """A function from texts to probabilities of negative, neutral and positive.

    A text without a word to judge by counts as neutral.

    Args:
        pack: Folder of the pack; it is verified, and its known answer is run.
        language: ``en`` or ``zh``.
        threads: Of ONNX Runtime; all cores by default.
    """
    sentiment = TextSentiment(open_pack(pack), choose(Device.CPU), threads)
    try:
        yield lambda texts: [_distribution(affect) for affect in sentiment.score(texts, language)]
    finally:
        sentiment.close()


def _distribution(affect: TextAffect | None) -> tuple[float, ...]:
    if affect is None:
        return (0.0, 1.0, 0.0)
    named = dict(affect.distribution)
    return tuple(named[label] for label in LABELS)
