"""What questions alone give away: the most frequent answer of training to the very same question."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from starter_answer.samples import Sample


def guess_accuracy(lessons: Iterable[Sample], exam: Iterable[Sample]) -> dict[str, float]:
    """Right guesses in percent by kind of question.

    A question that training never asked is answered with what is most frequent in its kind.

    Args:
        lessons: Training questions.
        exam: The questions to be guessed.
    """
    same: Mapping[str, Counter[str]] = defaultdict(Counter)
    kinds: Mapping[str, Counter[str]] = defaultdict(Counter)
    for sample in lessons:
        same[_text(sample)][sample.answer] += 1
        kinds[sample.kind][sample.answer] += 1
    right: dict[str, list[bool]] = defaultdict(list)
    for sample in exam:
        known = same.get(_text(sample)) or kinds[sample.kind]
        right[sample.kind].append(bool(known) and known.most_common(1)[0][0] == sample.answer)
    return {kind: 100 * sum(values) / len(values) for kind, values in sorted(right.items())}


def _text(sample: Sample) -> str:
    """One wording stands for all of the same question."""
    return sample.ways["en"][0]
