"""What faces, voices and words say together: one curve of valence, and where they contradict."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from math import factorial

import numpy as np
from numpy.typing import NDArray

from mmdesk.control import Control
from mmdesk.errors import PackNotFound
from mmdesk.events import Modality, Source
from mmdesk.packs.fusion_spec import FusionSpec
from mmdesk.packs.pack import Pack
from mmdesk.packs.roles import Role
from mmdesk.runtime.device import Choice
from mmdesk.sentences import sentence
from mmdesk.tasks.loading import close, load_graphs, source
from mmdesk.tasks.moments import Arranged, Floats, Observation, arrange

# Moments of one window without its margins, and windows of one run: long recordings are fused in
# windows that overlap by the head's reach, which gives what one pass over the whole would.
WINDOW = 1024
BATCH = 4

NOBODY: frozenset[Modality] = frozenset()


class Head(StrEnum):
    """Which network fuses."""

    GRAPH = "graph"
    LSTM = "lstm"


@dataclass(frozen=True, slots=True)
class FusedMoment:
    """What is felt in a moment, all modalities together.

    Attributes:
        t0: Start, seconds of presentation time.
        t1: End, seconds.
        valence: In [-1, 1].
        band: Interval of valence that holds the truth with 80 % chance, within [-1, 1].
        distribution: Probabilities of the pack's three classes; they add up to 1.
        confidence: The largest of them.
        contradiction: Probability that what is present contradicts each other; 0 for one modality.
        contradicts: Whether that is enough to mark the moment.
        present: The modalities that said something.
    """

    t0: float
    t1: float
    valence: float
    band: tuple[float, float]
    distribution: tuple[tuple[str, float], ...]
    confidence: float
    contradiction: float
    contradicts: bool
    present: tuple[Modality, ...]


@dataclass(frozen=True, slots=True)
class Shares:
    """What each modality brought to the valence of a moment: exact Shapley values (Shapley, 1953).

    Attributes:
        t0: Start of the moment, seconds.
        t1: End, seconds.
        valence: The fused valence; `baseline` and all contributions add up to it.
        baseline: The valence with no modality at all.
        contributions: By modality, those that say anything within the head's reach.
    """

    t0: float
    t1: float
    valence: float
    baseline: float
    contributions: tuple[tuple[Modality, float], ...]


class Fuser:
    """Fuses observations with one pack. One thread at a time; `arrange` on any.

    Args:
        pack: A pack with the role `fusion`.
        choice: The device, from `runtime.device.choose`.
        threads: Threads inside one run; by default the cores that this process may use.

    Raises:
        PackNotFound: The pack has another role.
        PackDamaged: A file changed since the pack was opened.
        DeviceUnavailable: The chosen device did not take a graph.
        ModelFailed: A graph cannot be loaded, or gives a wrong known answer.
    """

    def __init__(self, pack: Pack, choice: Choice, threads: int | None = None) -> None:
        self._spec = _spec(pack)
        self._sessions = load_graphs(pack, dict.fromkeys(Head, threads), choice)
        self._modalities = tuple(Modality(name) for name in self._spec.modalities)
        self.classes = self._spec.classes
        self.rate = self._spec.rate
        self.source: Source = source(pack, self._sessions.values())

    def arrange(self, observations: Sequence[Observation]) -> Arranged:
        """Lays observations out on moments once, for several calls of `fuse`."""
        return arrange(observations, self._spec)

    def fuse(
        self,
        observations: Sequence[Observation] | Arranged,
        head: Head = Head.GRAPH,
        without: frozenset[Modality] = NOBODY,
        control: Control | None = None,
    ) -> list[FusedMoment]:
        """Fuses a recording, or one person's part of it.

        Args:
            observations: What the modalities said, in any order, or `arrange` of it.
            head: Which network.
            without: Modalities that are to be left out, as if they had never spoken.
            control: Stops within a few windows.

        Returns:
            The moments in which at least one modality says something, in order.

        Raises:
            Cancelled: The person stopped the work.
            ModelFailed: The head could not be run.
        """
        arranged = observations if isinstance(observations, Arranged) else self.arrange(observations)
        arranged = arranged.without([self._modalities.index(m) for m in without if m in self._modalities])
        present = np.flatnonzero(arranged.present.any(axis=1))
        if not len(present):
            return []
        outputs = self._run(arranged, head, control)
        return self._told(arranged, present, {name: value[present] for name, value in outputs.items()})

    def shapley(
        self,
        observations: Sequence[Observation] | Arranged,
        t0: float,
        t1: float,
        head: Head = Head.GRAPH,
        control: Control | None = None,
    ) -> list[Shares]:
        """What each modality brought, for each moment that touches [t0, t1].

        Shares of a range are the means of its moments' shares.

        Args:
            observations: As for `fuse`.
            t0: Start, seconds.
            t1: End, seconds.
            head: Which network.
            control: Stops within a few windows.

        Raises:
            Cancelled: The person stopped the work.
            ModelFailed: The head could not be run.
        """
        arranged = observations if isinstance(observations, Arranged) else self.arrange(observations)
        reach = self._spec.reach[head]
        low = int(np.floor(t0 * self.rate)) - arranged.first
        high = max(low, int(np.ceil(t1 * self.rate)) - 1 - arranged.first)
        low, high = max(low, 0), min(high, len(arranged.present) - 1)
        if high < low:
            return []
        cut = _cut(arranged, max(0, low - reach), min(len(arranged.present), high + 1 + reach))
        inner = slice(low - max(0, low - reach), None)
        players = np.flatnonzero(cut.present.any(axis=0)).tolist()
        values = {
            subset: self._with_only(cut, subset, head, control)[inner][: high - low + 1]
            for size in range(len(players) + 1)
            for subset in combinations(players, size)
        }
        said = np.flatnonzero(arranged.present[low : high + 1].any(axis=1))
        return [self._shares(players, values, int(row), low + arranged.first) for row in said]

    def close(self) -> None:
        """Gives the memory of the graphs back."""
        close(self._sessions)

    def _with_only(
        self, arranged: Arranged, players: Sequence[int], head: Head, control: Control | None
    ) -> NDArray[np.float64]:
        others = [row for row in range(len(self._modalities)) if row not in players]
        return self._run(arranged.without(others), head, control)["valence"].astype(np.float64)

    def _shares(
        self, players: Sequence[int], values: dict[tuple[int, ...], NDArray[np.float64]], row: int, first: int
    ) -> Shares:
        def value(subset: Sequence[int]) -> float:
            return float(values[tuple(sorted(subset))][row])

        contributions = tuple(
            (self._modalities[player], _shapley(player, [p for p in players if p != player], value))
            for player in players
        )
        start = (first + row) / self.rate
        return Shares(start, start + 1 / self.rate, value(players), value(()), contributions)

    def _run(self, arranged: Arranged, head: Head, control: Control | None) -> dict[str, Floats]:
        """The head's outputs for every moment, from windows that overlap by its reach."""
        session, count = self._sessions[head], len(arranged.present)
        parts: dict[str, list[Floats]] = {name: [] for name in session.outputs}
        for batch in _batches(count, self._spec.reach[head]):
            outputs = session.run(_windows(arranged, batch), control)
            for row, window in enumerate(batch):
                inner = slice(window.start - window.low, window.end - window.low)
                for name, own in parts.items():
                    own.append(outputs[name][row, inner])
        return {name: np.concatenate(own) for name, own in parts.items()}

    def _told(
        self, arranged: Arranged, rows: NDArray[np.int64], outputs: dict[str, Floats]
    ) -> list[FusedMoment]:
        chances = np.exp(outputs["logits"] - outputs["logits"].max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
        heard = arranged.present[rows] > 0
        against = np.where(heard.sum(axis=1) > 1, 1 / (1 + np.exp(-outputs["contradiction"])), 0.0)
        low = np.clip(outputs["valence"] - outputs["half_width"], -1, 1)
        high = np.clip(outputs["valence"] + outputs["half_width"], -1, 1)
        names = {tuple(row): self._names(row) for row in np.unique(heard, axis=0).tolist()}
        starts = (arranged.first + rows) / self.rate
        columns = (starts, outputs["valence"], low, high, chances, against, heard)
        return [
            FusedMoment(
                t0=start,
                t1=start + 1 / self.rate,
                valence=valence,
                band=(lowest, highest),
                distribution=tuple(zip(self.classes, classes, strict=True)),
                confidence=max(classes),
                contradiction=contradiction,
                contradicts=contradiction >= self._spec.disagreement,
                present=names[tuple(present)],
            )
            for start, valence, lowest, highest, classes, contradiction, present in zip(
                *(column.tolist() for column in columns), strict=True
            )
        ]

    def _names(self, row: Sequence[bool]) -> tuple[Modality, ...]:
        return tuple(name for name, there in zip(self._modalities, row, strict=True) if there)


def _shapley(player: int, others: Sequence[int], value: Callable[[Sequence[int]], float]) -> float:
    """The mean of what a player adds, over all orders in which the players can come."""
    total, players = 0.0, len(others) + 1
    for size in range(len(others) + 1):
        weight = factorial(size) * factorial(players - size - 1) / factorial(players)
        for before in combinations(others, size):
            total += weight * (value([*before, player]) - value(before))
    return total


def _cut(arranged: Arranged, low: int, high: int) -> Arranged:
    return Arranged(arranged.first + low, arranged.features[low:high], arranged.present[low:high])


@dataclass(frozen=True, slots=True)
class _Window:
    """Moments from `start` to `end` are wanted; those from `low` to `high` are looked at."""

    start: int
    end: int
    low: int
    high: int


def _batches(count: int, reach: int) -> Iterator[list[_Window]]:
    """Windows over all moments in runs of equal length; none looks beyond the ends."""
    batch: list[_Window] = []
    for start in range(0, count, WINDOW):
        end = min(count, start + WINDOW)
        window = _Window(start, end, max(0, start - reach), min(count, end + reach))
        if batch and (len(batch) == BATCH or window.high - window.low != batch[0].high - batch[0].low):
            yield batch
            batch = []
        batch.append(window)
    if batch:
        yield batch


def _windows(arranged: Arranged, batch: Sequence[_Window]) -> dict[str, Floats]:
    return {
        "features": np.stack([arranged.features[one.low : one.high] for one in batch]),
        "present": np.stack([arranged.present[one.low : one.high] for one in batch]),
        "inside": np.ones((len(batch), batch[0].high - batch[0].low), np.float32),
    }


def _spec(pack: Pack) -> FusionSpec:
    if pack.manifest.fusion is None:
        raise PackNotFound(
            str(Role.FUSION),
            sentence("The model pack {pack} does not fuse modalities.", pack=pack.manifest.name),
            sentence("Choose a pack with the role {role}.", role=str(Role.FUSION)),
        )
    return pack.manifest.fusion
