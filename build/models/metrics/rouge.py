"""ROUGE-L (Lin, 2004): the longest common subsequence with what people wrote.

Same numbers as ``pycocoevalcap.rouge``: recall and precision are each the best over the references,
joined with beta = 1.2, which favours recall.
"""

from collections.abc import Sequence

BETA = 1.2

Tokens = Sequence[str]


def rouge_l(candidates: Sequence[Tokens], references: Sequence[Sequence[Tokens]]) -> list[float]:
    """Computes ROUGE-L of each picture, in [0, 1]; the corpus value is the mean.

    Args:
        candidates: One tokenised caption a picture.
        references: For each picture, its tokenised reference captions.

    Raises:
        ValueError: The two lists differ in length.
    """
    return [_score(candidate, known) for candidate, known in zip(candidates, references, strict=True)]


def _score(candidate: Tokens, known: Sequence[Tokens]) -> float:
    common = [longest_common(candidate, reference) for reference in known]
    if not candidate or not any(common):
        return 0.0
    precision = max(common) / len(candidate)
    recall = max(found / len(reference) for found, reference in zip(common, known, strict=True) if reference)
    return (1 + BETA**2) * precision * recall / (recall + BETA**2 * precision)


def longest_common(a: Tokens, b: Tokens) -> int:
    """Length of the longest subsequence of both."""
    row = [0] * (len(b) + 1)
    for token in a:
        diagonal = 0
        for index, other in enumerate(b, 1):
            above = row[index]
            row[index] = diagonal + 1 if token == other else max(above, row[index - 1])
            diagonal = above
    return row[-1]
