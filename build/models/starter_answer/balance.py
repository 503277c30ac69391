"""Thins questions out until guessing without the picture does not pay."""

import random
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence

from starter_answer.asked import NO, YES, Question

# Smaller groups are levelled together with the others of their kind.
SMALL = 20


def levelled(questions: Iterable[Question], share: float, chance: random.Random) -> list[Question]:
    """Caps answers by group: questions that differ in nothing but their picture.

    Args:
        questions: Candidates.
        share: Largest share of one answer in its group, unless there are too few answers for it.
        chance: Draws those that stay.
    """
    groups: dict[Hashable, list[Question]] = defaultdict(list)
    for question in questions:
        groups[question.form, question.about, question.said].append(question)
    small = [q for group in groups.values() if len(group) < SMALL for q in group]
    for question in small:
        groups[question.form, "small"].append(question)
    large = (group for group in groups.values() if len(group) >= SMALL)
    return [q for group in large for q in _level(group, share, chance)]


def _level(group: Sequence[Question], share: float, chance: random.Random) -> list[Question]:
    counts = Counter(q.answer for q in group)
    if len(counts) < 2:
        return []
    most = _cap(list(counts.values()), share)
    kept: list[Question] = []
    for answer in counts:
        same = [q for q in group if q.answer == answer]
        kept += chance.sample(same, min(most, len(same)))
    return kept


def _cap(counts: list[int], share: float) -> int:
    """The largest cap under which the most frequent answer keeps its allowed share."""
    share = max(share, 1 / len(counts))
    for cap in range(max(counts), 1, -1):
        if cap <= share * sum(min(count, cap) for count in counts) + 1:
            return cap
    return 1


def halved(questions: Iterable[Question], chance: random.Random) -> list[Question]:
    """As many questions with yes as with no about the same thing."""
    groups: dict[Hashable, dict[str, list[Question]]] = defaultdict(lambda: {YES: [], NO: []})
    for question in questions:
        groups[question.form, question.about, question.said][question.answer].append(question)
    kept: list[Question] = []
    for sides in groups.values():
        size = min(map(len, sides.values()))
        kept += [q for side in sides.values() for q in chance.sample(side, size)]
    return kept
