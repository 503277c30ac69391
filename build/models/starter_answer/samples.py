"""Questions in words with the numbers of their answers: what the network learns from."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kit.flickr8k import CaptionedPicture
from starter_answer.asked import CANNOT_TELL, KINDS, NO, NONE, YES
from starter_answer.lexicon import Lexicon
from starter_answer.questions import QuestionMaker
from starter_answer.shapes import CHINESE_ANSWERS, ShapeQuestion, in_chinese
from starter_answer.wording import words_of

KIND_NAMES = ("yes_no", "colour", "count", "where", "activity", "what")
# Rarer answers are not learnt; their questions stay in evaluations, and are always wrong there.
LEAST = 8
# Largest share of an answer among questions that differ in nothing but their picture: training sees
# more of what is frequent, evaluations must not reward guessing it.
TRAIN_SHARE, EXAM_SHARE = 0.45, 0.3
# Evaluations ask the same questions whenever they are run.
EXAM_SEED = 20240501
WORDS: Mapping[str, str] = {
    CANNOT_TELL: "看不出来",
    YES: "是",
    NO: "不是",
    NONE: "没有",
    "one": "一个",
    "two": "两个",
    "three": "三个",
    "four": "四个",
    "five": "五个",
    "many": "很多",
    **CHINESE_ANSWERS,
}


@dataclass(frozen=True)
class Sample:
    """One question in words.

    Attributes:
        picture: Row of the picture among its split's grids.
        kind: One of `KIND_NAMES`.
        answer: English answer.
        ways: By language, the same question in several wordings.
    """

    picture: int
    kind: str
    answer: str
    ways: Mapping[str, tuple[str, ...]]


def photo_samples(
    pictures: Sequence[CaptionedPicture], lexicon: Lexicon, seed: int, share: float
) -> list[Sample]:
    """Samples of one split of flickr8k; for ``share`` see `QuestionMaker`."""
    asked = QuestionMaker(pictures, lexicon, seed, share).make()
    return [Sample(q.picture, q.kind, q.answer, words_of(q, lexicon)) for q in asked]


def shape_samples(questions: Iterable[ShapeQuestion], rows: Mapping[int, int]) -> list[Sample]:
    """Samples of easy-VQA; ``rows`` says which row of the grids a picture's number has."""
    return [
        Sample(rows[q.picture], q.kind, q.answer, {"en": (q.text,), "zh": (in_chinese(q),)})
        for q in questions
        if q.picture in rows
    ]


def unnamed_samples(
    pictures: Sequence[CaptionedPicture], lexicon: Lexicon, seed: int, every: int
) -> list[Sample]:
    """One in so many questions again, about things whose name is no known word: nobody can tell."""
    asked = [q for q in QuestionMaker(pictures, lexicon, seed, TRAIN_SHARE).make() if q.about][::every]
    return [Sample(q.picture, q.kind, CANNOT_TELL, words_of(q, lexicon, unnamed=True)) for q in asked]


def chinese_answers(lexicon: Lexicon) -> dict[str, str]:
    """Every answer that can be wanted, in Chinese."""
    named = {entry.key: entry.chinese for entry in reversed(list(lexicon.entries.values()))}
    return {**named, **WORDS}


class Answers:
    """The answers that the network chooses from, and those that each kind of question allows."""

    def __init__(self, english: Sequence[str], kinds: Mapping[str, frozenset[str]]) -> None:
        """Numbers the answers.

        Args:
            english: Answers by id.
            kinds: Answers that a kind of question may have.
        """
        self.english = tuple(english)
        self.index = {answer: number for number, answer in enumerate(english)}
        self.kinds = kinds

    def allowed(self, kind: str) -> list[int]:
        """Ids that a kind of question may be answered with."""
        return sorted(self.index[answer] for answer in self.kinds[kind])


def learn_answers(samples: Iterable[Sample]) -> Answers:
    """Chooses the answers that training gives often enough."""
    counts = Counter((sample.kind, sample.answer) for sample in samples)
    kinds = {
        kind: frozenset({a for (k, a), n in counts.items() if k == kind and n >= LEAST} | {CANNOT_TELL})
        for kind in sorted(set(KINDS.values()))
    }
    total = Counter[str]()
    for (_, answer), count in counts.items():
        total[answer] += count
    known = {answer for answers in kinds.values() for answer in answers}
    return Answers(sorted(known, key=lambda a: (-total[a], a)), kinds)
