"""Puts together what the student learns from: labelled sentences and labelled-by-teacher text."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from tokenizers import Tokenizer
from torch import Tensor

from starter_sentiment_text.distil import Lessons
from starter_sentiment_text.sources import Sentence
from starter_sentiment_text.teacher import WIDTH, Teacher, predict, read

STATES = 128
UNSURE_IS_NEUTRAL = 0.7
LEARNED = 96  # tokens of a Chinese review; the LSTM takes its time with longer ones


def token_rows(tokenizer: Tokenizer, texts: Sequence[str]) -> list[list[int]]:
    """Token ids of each text, without padding."""
    return [encoding.ids for encoding in tokenizer.encode_batch(list(texts))]


@dataclass(frozen=True)
class Opinion:
    """What teachers think of N texts.

    Attributes:
        probabilities: float32 [N, 3].
        vectors: float16 [N, 384], the sentence vectors of one teacher.
        states: float16 [T, 128], principal components of its token states, text after text.
        lengths: int64 [N], tokens of each text; they add up to T.
    """

    probabilities: Tensor
    vectors: Tensor
    states: Tensor
    lengths: Tensor


def ask(teacher: Teacher, rows: Sequence[Sequence[int]]) -> Opinion:
    """What one teacher thinks of token rows."""
    lengths = torch.tensor([len(row) for row in rows])
    starts = lengths.cumsum(0) - lengths
    probabilities, vectors = torch.zeros(len(rows), 3), torch.zeros(len(rows), WIDTH)
    states = torch.zeros(int(lengths.sum()), STATES, dtype=torch.float16)
    centre, axes = _state_axes(teacher, rows)
    for group, logits, means, full, _mask in read(teacher, rows):
        probabilities[group], vectors[group] = logits.softmax(-1), means
        small = ((full - centre) @ axes).half()
        for row, place in enumerate(group):
            start, length = int(starts[place]), int(lengths[place])
            states[start : start + length] = small[row, :length]
    return Opinion(probabilities, vectors.half(), states, lengths)


def _state_axes(teacher: Teacher, rows: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """Centre [384] and scaled principal axes [384, 128] of the token states of some rows."""
    some = rows[:: max(1, len(rows) // 2000)]
    states = torch.cat([full[mask.bool()] for _, _, _, full, mask in read(teacher, some)])
    centred = states - states.mean(0)
    _, _, axes = torch.linalg.svd(centred, full_matrices=False)
    kept = axes[:STATES].T
    return states.mean(0), kept / (centred @ kept).std()


def english_lessons(
    tokenizer: Tokenizer,
    sentences: Sequence[Sentence],
    shown: Sequence[str],
    opinion: Opinion,
    trust: float,
) -> Lessons:
    """The teachers' opinion of all texts, mixed with people's where there is one.

    Args:
        tokenizer: the student's.
        sentences: labelled sentences; the shown texts begin with theirs.
        shown: what the teachers saw.
        opinion: about ``shown``.
        trust: share of the teachers in the targets of labelled sentences, in [0, 1].
    """
    targets = opinion.probabilities.clone()
    people = torch.tensor([sentence.target for sentence in sentences])
    targets[: len(sentences)] = trust * targets[: len(sentences)] + (1 - trust) * people
    taught = torch.ones(len(shown), dtype=torch.bool)
    rows = token_rows(tokenizer, shown)
    same = torch.tensor([len(row) for row in rows]) == opinion.lengths
    starts = torch.where(same, opinion.lengths.cumsum(0) - opinion.lengths, -1)
    vectors = _standard(opinion.vectors.float()).half()
    return Lessons(rows, targets, vectors, taught, opinion.states, starts)


def plain_lessons(tokenizer: Tokenizer, texts: Sequence[str], targets: Tensor) -> Lessons:
    """Texts with targets float32 [N, 3] of whatever origin, and no teacher's view of them."""
    count = len(texts)
    rows = token_rows(tokenizer, texts)
    return Lessons(
        [row if len(row) <= LEARNED else [*row[: LEARNED - 1], row[-1]] for row in rows],
        targets,
        torch.zeros(count, WIDTH, dtype=torch.float16),
        torch.zeros(count, dtype=torch.bool),
        torch.zeros(0, STATES, dtype=torch.float16),
        torch.full((count,), -1),
    )


def labelled(sentences: Sequence[Sentence]) -> Tensor:
    """The targets of sentences, float32 [N, 3]."""
    return torch.tensor([sentence.target for sentence in sentences])


def doubted(positive: Tensor) -> Tensor:
    """Targets float32 [N, 3] from P(positive) float [N] of a teacher that knows two classes.

    Where it cannot tell, most of the weight goes to neutral.
    """
    positive = positive.float()
    neutral = UNSURE_IS_NEUTRAL * (1 - (2 * positive - 1).abs())
    return torch.stack([(1 - neutral) * (1 - positive), neutral, (1 - neutral) * positive], dim=1)


def together(first: Lessons, second: Lessons) -> Lessons:
    """Both sets of lessons as one; only the first may have token states."""
    return Lessons(
        first.rows + second.rows,
        torch.cat([first.targets, second.targets]),
        torch.cat([first.vectors, second.vectors]),
        torch.cat([first.taught, second.taught]),
        first.states,
        torch.cat([first.starts, second.starts]),
    )


@torch.inference_mode()
def starting_embeddings(teacher: Teacher, ids: Sequence[int | None], width: int) -> Tensor:
    """What the teacher knows of each piece alone, in ``width`` principal components.

    The piece's input embedding and the teacher's vector for the piece as a whole text
    (as in Model2Vec, Tulkens and van Dongen, 2024) are joined and rotated; so the student
    knows words that its training sentences lack. Unknown pieces (None) start near zero.
    """
    known = [place for place, number in enumerate(ids) if number is not None]
    numbers = [number for number in ids if number is not None]
    _, alone = predict(teacher, [[101, number, 102] for number in numbers])
    raw = teacher.encoder.embeddings.word_embeddings.weight[torch.tensor(numbers)]
    joined = torch.cat([_standard(raw), _standard(alone)], dim=1)
    _, _, axes = torch.linalg.svd(joined, full_matrices=False)
    table = torch.randn(len(ids), width) * 0.1
    rotated = joined @ axes[:width].T
    table[torch.tensor(known)] = rotated / rotated.std() * 0.5
    table[0] = 0.0
    return table


def _standard(values: Tensor) -> Tensor:
    centred = values - values.mean(0)
    return centred / centred.std()
