"""Words a second of text sentiment, in batches, on two cores."""

from __future__ import annotations

import random

from bench.cores import two_cores
from bench.engines import engine
from bench.figures import milliseconds, side_by_side, tell

_OPENINGS = ("I have to say that", "Nobody expected that", "In the end", "She told us that", "Honestly,", "")
_SUBJECTS = (
    "the film",
    "this long interview",
    "our second visit",
    "the new doctor",
    "the music",
    "my brother's plan",
)
_VERBS = ("was", "felt", "turned out to be", "remained", "seemed", "has become")
_WORDS = (
    "wonderful",
    "dull",
    "frightening",
    "surprisingly warm",
    "a waste of time",
    "neither good nor bad",
    "moving",
)
_ENDINGS = (
    "from start to finish.",
    "and I would not go again.",
    "to everybody who was there.",
    "for once!",
    ".",
)


def main() -> None:
    """Prints words a second of the whole path: tokenizer, model, valence and word weights."""
    cores = two_cores()
    texts = list(_sentences(4000))
    words = sum(len(text.split()) for text in texts)
    models = engine(threads=cores)
    sentiment = models.text_sentiment("en")
    seconds = side_by_side({"score": lambda: sentiment.score(texts, "en")}, times=5)["score"]
    tell(
        f"Text sentiment of {len(texts)} sentences, {words / len(texts):.1f} words each, {cores} cores",
        {
            "all sentences": milliseconds(seconds),
            "words a second": f"{words / min(seconds):,.0f}  (wanted: at least 20,000 on two cores)",
        },
    )
    models.close()


def _sentences(count: int) -> list[str]:
    chance = random.Random(7)
    parts = (_OPENINGS, _SUBJECTS, _VERBS, _WORDS, _ENDINGS)
    return [" ".join(chance.choice(part) for part in parts).strip() for _ in range(count)]


if __name__ == "__main__":
    main()
