"""Text for the teacher to label: clauses, windows, joins and swaps of training sentences.

The phrases that people labelled for SST are not in the data, so that a small student sees
too few contexts; Tang et al. (2019) made such text for distillation in a like manner.
"""

import random
import re
from collections.abc import Iterator, Sequence

_CUT = re.compile(r"\s*(?:--|[,;:.!?]|\b(?:but|and|though|although|because|while|yet)\b)\s+")
_JOINTS = (" , but ", " , and ", " . ", " ; ", " , though ", " because ", " , yet ", " ! ", " -- ")
_FRAMES = (
    "{}", "it was {}", "not {}", "how {}", "a {} film", "i feel {}", "so {} !", "what a {} day",
    "this is {}", "very {}", "never {}", "the {} story", "i'm {}", "he looked {}", "no {}",
    "it is n't {}", "{} and {}", "{} but {}", "we {} it", "too {}", "less {}", "without {}",
)  # fmt: skip


class SpanMaker:
    """Endless unlabelled text from sentences and words; the seed decides what comes.

    Args:
        sentences: training sentences only.
        words: words for frames and swaps, commonest or not.
        seed: of the choices.
    """

    def __init__(self, sentences: Sequence[str], words: Sequence[str], seed: int) -> None:
        self._chance = random.Random(seed)
        self._sentences = [text.split() for text in sentences if len(text.split()) > 3]
        self._clauses = [c for text in sentences for c in clauses(text)]
        self._running = [word for sentence in self._sentences for word in sentence]
        self._words = list(words)

    def texts(self, count: int) -> Iterator[str]:
        """``count`` made texts; ways of making come in fixed proportions."""
        ways = (self._window, self._clause, self._join, self._swap, self._drop, self._frame)
        for way in self._chance.choices(ways, weights=(4, 2, 4, 6, 2, 2), k=count):
            yield way()

    def _window(self) -> str:
        sentence = self._chance.choice(self._sentences)
        length = self._chance.randint(2, min(14, len(sentence)))
        start = self._chance.randint(0, len(sentence) - length)
        return " ".join(sentence[start : start + length])

    def _clause(self) -> str:
        return self._chance.choice(self._clauses)

    def _join(self) -> str:
        first, second = self._chance.choices(self._clauses, k=2)
        return first + self._chance.choice(_JOINTS) + second

    def _swap(self) -> str:
        sentence = self._part()
        share = self._chance.uniform(0.05, 0.3)
        return " ".join(self._other() if self._chance.random() < share else w for w in sentence)

    def _drop(self) -> str:
        sentence = self._part()
        share = self._chance.uniform(0.1, 0.4)
        return " ".join([w for w in sentence if self._chance.random() > share] or sentence)

    def _frame(self) -> str:
        frame = self._chance.choice(_FRAMES)
        return frame.format(*self._chance.choices(self._words, k=frame.count("{}")))

    def _part(self) -> list[str]:
        """A whole sentence, or one of its clauses every third time."""
        if self._chance.random() < 0.33:
            return self._chance.choice(self._clauses).split()
        return self._chance.choice(self._sentences)

    def _other(self) -> str:
        return self._chance.choice(self._running if self._chance.random() < 0.6 else self._words)


def clauses(text: str) -> list[str]:
    """Parts of a sentence between punctuation or joining words, two words or longer."""
    return [part.strip() for part in _CUT.split(text) if len(part.split()) >= 2]


_CHINESE_CUT = re.compile(r"[\s，。！？；、\uff5e…,.!?;~]+")


def chinese_spans(reviews: Sequence[str], count: int, seed: int) -> list[str]:
    """At most ``count`` different clauses, and pairs of neighbouring ones, of Chinese reviews."""
    chance = random.Random(seed)
    parts = [
        clauses for review in reviews if (clauses := [c for c in _CHINESE_CUT.split(review) if len(c) > 1])
    ]
    made = []
    for _ in range(count):
        own = chance.choice(parts)
        start = chance.randrange(len(own))
        made.append("，".join(own[start : start + chance.randint(1, 2)])[:60])
    return list(dict.fromkeys(made))
