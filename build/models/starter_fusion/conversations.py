"""Synthetic conversations: a person's state as a Markov chain, shown by face, voice and words.

Each modality shows the state with the real mistakes of its pack, at its own times, is sometimes
away, and sometimes shows the opposite of what is felt, which is then labelled a contradiction.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmdesk.events import Modality
from mmdesk.packs.fusion_spec import FusionSpec
from mmdesk.tasks.moments import Arranged, Observation, arrange
from starter_fusion.banks import Bank, Banks, Sample, jittered, opposite
from starter_fusion.vocabulary import MILD, MODALITIES, NEUTRAL, STATE_CLASSES, STATE_VALENCE, STATES

# Chance of a class after neutral, and after another one; a state is never followed by itself.
_NEXT = {True: (0.55, 0.0, 0.45), False: (0.3, 0.4, 0.3)}


@dataclass(frozen=True)
class Manner:
    """How conversations go; seconds and chances.

    Attributes:
        seconds: Length of a conversation.
        visit: Mean and least time in a state.
        away: Chance that a modality is missing in a whole conversation.
        on: Mean time that a modality is there at a stretch, by modality.
        off: Mean time that it is away, by modality.
        expression: Least and most time that a face keeps an expression.
        frame: Time between analysed frames.
        jitter: Noise between frames of one expression, in logits.
        contradiction: Chance that a visit to a state that is not neutral is contradicted.
    """

    seconds: float = 60.0
    visit: tuple[float, float] = (7.0, 2.5)
    away: float = 0.08
    on: tuple[float, float, float] = (14.0, 9.0, 9.0)
    off: tuple[float, float, float] = (4.0, 4.0, 4.0)
    expression: tuple[float, float] = (0.6, 2.0)
    frame: float = 0.2
    jitter: float = 0.2
    contradiction: float = 0.3


@dataclass(frozen=True)
class Visit:
    """A stay in a state; ``liar`` shows the state ``shown`` instead."""

    t0: float
    t1: float
    state: int
    strong: bool
    liar: int | None
    shown: int


@dataclass(frozen=True)
class Conversation:
    """Observations on their moments with the truth of each moment.

    Attributes:
        arranged: As the program lays them out.
        valence: Float32 [moments].
        classes: Int64 [moments].
        contradiction: 1 where one modality that is there shows the opposite, and another is there.
        judged: Whether anything is there at all.
    """

    arranged: Arranged
    valence: NDArray[np.float32]
    classes: NDArray[np.int64]
    contradiction: NDArray[np.float32]
    judged: NDArray[np.bool_]


def converse(banks: Banks, manner: Manner, spec: FusionSpec, rng: np.random.Generator) -> Conversation:
    """Makes one conversation."""
    visits = _visits(manner, rng)
    observations: list[Observation] = []
    for place, (name, bank) in enumerate(
        zip(MODALITIES, (banks.face, banks.voice, banks.words), strict=True)
    ):
        if rng.random() < manner.away:
            continue
        for low, high in _stretches(manner.on[place], manner.off[place], manner.seconds, rng):
            for visit in visits:
                start, end = max(low, visit.t0), min(high, visit.t1)
                shown = visit.shown if visit.liar == place else visit.state
                if end - start > manner.expression[0]:
                    observations += _shown(
                        Modality(name), bank, (start, end), (shown, visit.strong), manner, rng
                    )
    # Where all were away nothing was said, and another one is made.
    return _labelled(observations, visits, spec) if observations else converse(banks, manner, spec, rng)


def conversations(
    banks: Banks, manner: Manner, spec: FusionSpec, count: int, seed: int
) -> list[Conversation]:
    """Makes conversations, each from its own seed."""
    return [converse(banks, manner, spec, np.random.default_rng([seed, number])) for number in range(count)]


def _visits(manner: Manner, rng: np.random.Generator) -> list[Visit]:
    visits: list[Visit] = []
    t, state = 0.0, int(rng.integers(len(STATES)))
    mean, least = manner.visit
    while t < manner.seconds:
        end = min(manner.seconds, t + least + rng.exponential(mean - least))
        liar: int | None = None
        shown = state
        if STATE_CLASSES[state] != NEUTRAL and rng.random() < manner.contradiction:
            liar, shown = int(rng.integers(len(MODALITIES))), opposite(state, rng)
        visits.append(Visit(t, end, state, bool(rng.random() < 0.5), liar, shown))
        t, state = end, _next_state(state, rng)
    return visits


def _next_state(state: int, rng: np.random.Generator) -> int:
    chances = _NEXT[STATE_CLASSES[state] == NEUTRAL]
    weights = np.array(
        [
            chances[own] / STATE_CLASSES.count(own) if place != state else 0.0
            for place, own in enumerate(STATE_CLASSES)
        ]
    )
    return int(rng.choice(len(STATES), p=weights / weights.sum()))


def _stretches(on: float, off: float, seconds: float, rng: np.random.Generator) -> list[tuple[float, float]]:
    stretches = []
    t = rng.exponential(off) if rng.random() < off / (on + off) else 0.0
    while t < seconds:
        end = min(seconds, t + 1 + rng.exponential(on - 1))
        stretches.append((t, end))
        t = end + 0.5 + rng.exponential(off - 0.5)
    return stretches


def _shown(
    modality: Modality,
    bank: Bank,
    span: tuple[float, float],
    feeling: tuple[int, bool],
    manner: Manner,
    rng: np.random.Generator,
) -> list[Observation]:
    """What a modality shows of one feeling from one time to another."""
    observations: list[Observation] = []
    t, end = span
    while t < end:
        sample = bank.draw(*feeling, rng)
        if modality is Modality.FACE:
            stay = min(end - t, rng.uniform(*manner.expression))
            observations += _frames(sample, t, t + stay, manner, rng)
            t += stay
        else:
            observations += _spoken(modality, sample, t, end)
            t += sample.seconds + 0.1
    return observations


def _frames(
    sample: Sample, t0: float, t1: float, manner: Manner, rng: np.random.Generator
) -> list[Observation]:
    numbers = range(int(np.ceil(t0 / manner.frame)), int(np.ceil(t1 / manner.frame)))
    readings = [jittered(reading, rng, manner.jitter) for _ in numbers for reading in sample.readings[:1]]
    return [
        Observation(
            Modality.FACE, n * manner.frame, n * manner.frame, r.valence, r.confidence, r.distribution
        )
        for n, r in zip(numbers, readings, strict=False)
    ]


def _spoken(modality: Modality, sample: Sample, t: float, end: float) -> list[Observation]:
    """Readings of an utterance or a sentence, cut where the feeling ends."""
    return [
        Observation(modality, t + r.start, min(end, t + r.end), r.valence, r.confidence, r.distribution)
        for r in sample.readings
        if t + r.start < end - 0.2
    ]


def _labelled(observations: list[Observation], visits: list[Visit], spec: FusionSpec) -> Conversation:
    arranged = arrange(observations, spec)
    count = len(arranged.present)
    middle = (arranged.first + np.arange(count) + 0.5) / spec.rate
    which = np.clip(np.searchsorted([v.t1 for v in visits], middle, "right"), 0, len(visits) - 1)
    state = np.array([v.state for v in visits])[which]
    strength = np.where(np.array([v.strong for v in visits])[which], 1.0, MILD)
    liar = np.array([-1 if v.liar is None else v.liar for v in visits])[which]
    heard = arranged.present > 0
    lied = heard[np.arange(count), np.maximum(liar, 0)] & (liar >= 0)
    return Conversation(
        arranged,
        (np.array(STATE_VALENCE)[state] * strength).astype(np.float32),
        np.array(STATE_CLASSES)[state],
        (lied & (heard.sum(1) > 1)).astype(np.float32),
        np.asarray(heard.any(1)),
    )
