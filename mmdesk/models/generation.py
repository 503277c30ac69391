"""Greedy and beam search over any decoder that can take a step.

Follows `GenerationMixin._sample` (greedy) and `_beam_search` of transformers 4.57, one picture at a
time in meaning: batching several pictures changes the speed and never the result. Log-probabilities
are float32.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from mmdesk.control import Control

Ids = NDArray[np.int64]
Floats = NDArray[np.float32]
State = TypeVar("State")

IMPOSSIBLE = np.float32(-1e9)
BLOCK = 64


class DecoderStep(Protocol[State]):
    """A decoder with a kv cache, whatever the layout of its graphs.

    A row is one partial text; the state belongs to the rows and is never changed in place.
    """

    def step(self, ids: Ids, state: State, control: Control | None) -> tuple[Floats, State]:
        """Feeds tokens.

        Args:
            ids: Tokens that the cache does not hold yet, [rows, tokens].
            state: What the rows have seen so far.
            control: Cancels the run.

        Returns:
            The logits after the last token, float32 [rows, vocabulary], and the new state.
        """

    def reorder(self, state: State, rows: Ids) -> State:
        """The state of the given rows, in that order; a row may be taken twice or not at all."""


@dataclass(frozen=True, slots=True)
class Start(Generic[State]):
    """Where texts begin.

    Attributes:
        ids: The prompt, the same length for each, [pictures, tokens].
        state: Of one row per picture, with no token seen.
    """

    ids: Ids
    state: State


@dataclass(frozen=True, slots=True)
class Settings:
    """How to search.

    Attributes:
        end_id: The token that ends a text.
        max_new_tokens: Longest text, the end token included.
        beams: 1 is greedy search.
        length_penalty: A finished beam's score is its log-probability divided by its length to
            this power; above 0 favours longer texts.
        no_repeat_ngram: No sequence of so many tokens stands twice in one text (the prompt
            counts); 0 allows everything.
        early_stopping: Stop when as many texts as beams are finished, without asking whether a
            running one could become better.
    """

    end_id: int
    max_new_tokens: int
    beams: int = 1
    length_penalty: float = 1.0
    no_repeat_ngram: int = 0
    early_stopping: bool = False


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A text that was found.

    Attributes:
        ids: Its tokens without prompt and end token.
        ended: Whether it ended by itself and not at the longest length.
        log_probability: Natural logarithm of its probability, the end token included.
        score: What the search compared: `log_probability` with the length penalty.
    """

    ids: tuple[int, ...]
    ended: bool
    log_probability: float
    score: float

    @property
    def tokens(self) -> int:
        """How many tokens were generated, the end token included."""
        return len(self.ids) + self.ended


def generate(
    decoder: DecoderStep[State], start: Start[State], settings: Settings, control: Control | None = None
) -> list[Hypothesis]:
    """Writes one text per picture.

    Args:
        decoder: Takes the steps.
        start: Where the texts begin.
        settings: How to search.
        control: Stops between and inside the steps.

    Returns:
        The best text of each picture, in their order.

    Raises:
        Cancelled: The person stopped the work.
        ModelFailed: A step could not be run.
    """
    if not len(start.ids):
        return []
    search = _Greedy(start.ids, settings) if settings.beams == 1 else _Beams(start.ids, settings)
    logits, state = decoder.step(start.ids, start.state, control)
    while True:
        ids, rows = search.advance(logits)
        if not len(ids):
            return search.results()
        if not _identity(rows, len(logits)):
            state = decoder.reorder(state, rows)
        logits, state = decoder.step(ids[:, None], state, control)


def log_softmax(logits: Floats) -> Floats:
    """Natural log-probabilities over the last axis, float32."""
    result: Floats = logits - logits.max(axis=-1, keepdims=True)
    result -= np.log(np.exp(result).sum(axis=-1, keepdims=True))
    return result


def _identity(rows: Ids, count: int) -> bool:
    return len(rows) == count and bool((rows == np.arange(count)).all())


def _ban_repeats(scores: Floats, texts: Ids, size: int) -> None:
    """Makes every token impossible that would repeat an n-gram of its row, in place."""
    grams = texts.shape[1] - size + 1
    if not size or grams < 1:
        return
    repeated = np.ones((len(texts), grams), np.bool_)
    for place in range(size - 1):
        repeated &= texts[:, place : place + grams] == texts[:, grams + place, None]
    rows, starts = repeated.nonzero()
    scores[rows, texts[rows, starts + size - 1]] = -np.inf


def _largest(scores: Floats, count: int) -> Ids:
    """Places of the largest values of each row, largest first, of equals the first one first.

    A row is cut into blocks; the wanted values lie in the blocks with the largest maxima, and
    maxima are far cheaper than a partition of the whole row.
    """
    rows, size = scores.shape
    blocks, rest = divmod(size, BLOCK)
    if blocks <= 2 * count:
        return _partitioned(scores, count)
    maxima = scores[:, : size - rest].reshape(rows, blocks, BLOCK).max(axis=2)
    chosen = _partitioned(maxima, count)
    places = (chosen[:, :, None] * BLOCK + np.arange(BLOCK)).reshape(rows, -1)
    if rest:
        tail = np.arange(size - rest, size)
        places = np.concatenate([places, np.broadcast_to(tail, (rows, rest))], axis=1)
    return _taken(places, _partitioned(_taken(scores, places), count))


def _partitioned(scores: Floats, count: int) -> Ids:
    """Like `_largest`, by a partition of whole rows."""
    places = np.argpartition(scores, -count, axis=1)[:, -count:]
    places.sort(axis=1)
    return _taken(places, (-_taken(scores, places)).argsort(axis=1, kind="stable"))


def _taken(values: NDArray[Any], places: Ids) -> NDArray[Any]:
    """`values[row, places[row]]` for each row; `np.take_along_axis` is slow on small arrays."""
    return values[np.arange(len(values))[:, None], places]


def _hypothesis(text: Ids, total: float, settings: Settings) -> Hypothesis:
    """A finished text, from its generated tokens and their log-probability."""
    tokens = text.tolist()
    ended = bool(tokens) and tokens[-1] == settings.end_id
    score = total / max(1, len(tokens)) ** settings.length_penalty
    return Hypothesis(tuple(tokens[: len(tokens) - ended]), ended, total, score)


class _Greedy:
    """The most probable token at each step."""

    def __init__(self, prompt: Ids, settings: Settings) -> None:
        self._settings = settings
        self._prompt = prompt.shape[1]
        self._texts = prompt
        self._pictures = np.arange(len(prompt))
        self._sums = np.zeros(len(prompt), np.float32)
        self._found: dict[int, Hypothesis] = {}

    def advance(self, logits: Floats) -> tuple[Ids, Ids]:
        """The next token of each text that goes on, and the row that it continues."""
        scores = log_softmax(logits)
        _ban_repeats(scores, self._texts, self._settings.no_repeat_ngram)
        ids = scores.argmax(axis=1)
        best = scores[np.arange(len(ids)), ids]
        # A text for which every token is banned stays as it is.
        dead = best <= IMPOSSIBLE
        sums = self._sums + np.where(dead, np.float32(0), best)
        texts = np.concatenate([self._texts, ids[:, None]], axis=1)
        full = texts.shape[1] - self._prompt == self._settings.max_new_tokens
        done = dead | full | (ids == self._settings.end_id)
        for row in np.flatnonzero(done).tolist():
            text = (self._texts if dead[row] else texts)[row, self._prompt :]
            self._found[int(self._pictures[row])] = _hypothesis(text, float(sums[row]), self._settings)
        going = np.flatnonzero(~done)
        self._texts, self._sums, self._pictures = texts[going], sums[going], self._pictures[going]
        return ids[going], going

    def results(self) -> list[Hypothesis]:
        """The texts in the order of the pictures."""
        return [self._found[picture] for picture in sorted(self._found)]


class _Beams:
    """The `beams` best running texts of each picture, and its best finished one.

    Of every picture 2 × beams continuations are kept: at most half of them end, so enough go on.
    Only those among the first `beams` may finish.
    """

    def __init__(self, prompt: Ids, settings: Settings) -> None:
        self._settings = settings
        self._prompt = prompt.shape[1]
        self._texts = prompt[:, None, :]
        self._sums = np.zeros((len(prompt), 1), np.float32)
        self._pictures = np.arange(len(prompt))
        self._finished: list[list[Hypothesis]] = [[] for _ in prompt]

    def advance(self, logits: Floats) -> tuple[Ids, Ids]:
        """The next token of each beam that goes on, and the row that it continues."""
        sums, ids, parents = self._continuations(logits)
        texts = np.concatenate([_taken(self._texts, parents), ids[:, :, None]], axis=2)
        ended = ids == self._settings.end_id
        full = texts.shape[2] - self._prompt == self._settings.max_new_tokens
        self._finish(texts, sums, ended | full)
        beams = np.argsort(ended, axis=1, kind="stable")[:, : self._settings.beams]
        width = self._texts.shape[1]
        self._texts = _taken(texts, beams)
        self._sums = _taken(sums + ended * IMPOSSIBLE, beams)
        going = np.array([not full and self._can_improve(place) for place in range(len(sums))])
        rows = _taken(parents, beams) + width * np.arange(len(sums))[:, None]
        self._texts, self._sums = self._texts[going], self._sums[going]
        self._pictures = self._pictures[going]
        return self._texts[:, :, -1].ravel(), rows[going].ravel()

    def _continuations(self, logits: Floats) -> tuple[Floats, Ids, Ids]:
        """The best continuations of each picture, best first: log-probability, token, beam."""
        pictures, _, length = self._texts.shape
        scores = log_softmax(logits)
        _ban_repeats(scores, self._texts.reshape(-1, length), self._settings.no_repeat_ngram)
        scores += self._sums.reshape(-1, 1)
        scores = scores.reshape(pictures, -1)
        best = _largest(scores, min(2 * self._settings.beams, scores.shape[1]))
        vocabulary = logits.shape[1]
        return _taken(scores, best), best % vocabulary, best // vocabulary

    def _finish(self, texts: Ids, sums: Floats, finished: NDArray[np.bool_]) -> None:
        """Keeps what finished among the first `beams`, the best `beams` of each picture."""
        beams = self._settings.beams
        for place, beam in np.argwhere(finished[:, :beams]).tolist():
            if sums[place, beam] > IMPOSSIBLE:
                kept = self._finished[self._pictures[place]]
                kept.append(self._found(texts[place, beam], sums[place, beam]))
                kept.sort(key=lambda hypothesis: -hypothesis.score)
                del kept[beams:]
        for place in np.flatnonzero(sums[:, 0] <= IMPOSSIBLE).tolist():
            # Every token is banned: where nothing finished before, the text stays as it is.
            kept = self._finished[self._pictures[place]]
            kept += [] if kept else [self._found(self._texts[place, 0], self._sums[place, 0])]

    def _found(self, text: Ids, total: np.float32) -> Hypothesis:
        return _hypothesis(text[self._prompt :], float(total), self._settings)

    def _can_improve(self, place: int) -> bool:
        """Whether a running text of a picture may still become better than the worst kept one."""
        kept = self._finished[self._pictures[place]]
        if len(kept) < self._settings.beams:
            return bool(self._sums[place, 0] > IMPOSSIBLE)
        length = self._texts.shape[2] - self._prompt
        best = float(self._sums[place, 0]) / length**self._settings.length_penalty
        return not self._settings.early_stopping and best > kept[-1].score

    def results(self) -> list[Hypothesis]:
        """The best text of each picture."""
        return [kept[0] for kept in self._finished]
