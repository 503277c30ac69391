"""Finds out what a person changed: rows as they went out beside rows as they came back.

A row that came back belongs, in this order, to the row that is the same, that has the same name, that has
the same times, that has the same words, that lies over it. What is left over was deleted or added.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

# Two rows mean the same when they share this much of the shorter one.
_OVERLAP = 0.5


@dataclass(frozen=True, slots=True)
class Row:
    """One line of an exported file.

    Attributes:
        lane: Rows belong together within a lane only.
        t0: Start, milliseconds.
        t1: End, milliseconds.
        text: Its words.
        value: Its number, where the file has one.
        of: Numbers of the findings (or of the mark) that it showed; empty for a row that came back.
        name: What the file calls it; empty where it has no names.
    """

    lane: str
    t0: int
    t1: int
    text: str
    value: float | None = None
    of: tuple[int, ...] = ()
    name: str = ""

    @property
    def told(self) -> tuple[int, int, str, float | None]:
        """What a person sees of it."""
        return self.t0, self.t1, self.text, self.value


Pair = tuple[Row | None, Row | None]


def matched(went: Sequence[Row], came: Sequence[Row]) -> list[Pair]:
    """Each row that went out with the one that came back; None stands for deleted or added.

    Rows that came back unchanged are left out.
    """
    lanes = dict.fromkeys(row.lane for row in (*went, *came))
    ours, theirs = _by_lane(went), _by_lane(came)
    pairs = [pair for lane in lanes for pair in _matched(ours[lane], theirs[lane])]
    return [(one, other) for one, other in pairs if one is None or other is None or one.told != other.told]


def _by_lane(rows: Iterable[Row]) -> defaultdict[str, list[Row]]:
    lanes: defaultdict[str, list[Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.t0, row.t1)):
        lanes[row.lane].append(row)
    return lanes


def _matched(went: list[Row], came: list[Row]) -> Iterator[Pair]:
    for key in (_everything, _name, _times, _words):
        pairs, went, came = _paired(went, came, key)
        yield from pairs
    yield from _overlapping(went, came)


def _everything(row: Row) -> Hashable:
    return row.told


def _name(row: Row) -> Hashable:
    return row.name or None


def _times(row: Row) -> Hashable:
    return row.t0, row.t1


def _words(row: Row) -> Hashable:
    return row.text or None


def _paired(
    went: list[Row], came: list[Row], key: Callable[[Row], Hashable]
) -> tuple[list[Pair], list[Row], list[Row]]:
    """Pairs by a key, in order of time; and what is left. A row whose key is None has none."""
    waiting: defaultdict[Hashable, deque[Row]] = defaultdict(deque)
    for row in went:
        waiting[key(row)].append(row)
    pairs: list[Pair] = []
    left: list[Row] = []
    for row in came:
        found = key(row)
        if found is not None and waiting[found]:
            pairs.append((waiting[found].popleft(), row))
        else:
            left.append(row)
    still = {id(row) for rows in waiting.values() for row in rows}
    return pairs, [row for row in went if id(row) in still], left


def _overlapping(went: list[Row], came: list[Row]) -> Iterator[Pair]:
    free = deque(went)
    for row in came:
        while free and free[0].t1 <= row.t0:
            yield free.popleft(), None
        best = max(_reached(free, row), key=lambda each: _shared(each, row), default=None)
        if best is not None and _shared(best, row) >= _OVERLAP:
            free.remove(best)
            yield best, row
        else:
            yield None, row
    yield from ((row, None) for row in free)


def _reached(free: Iterable[Row], row: Row) -> Iterator[Row]:
    for each in free:
        if each.t0 >= row.t1:
            return
        yield each


def _shared(one: Row, other: Row) -> float:
    shorter = min(one.t1 - one.t0, other.t1 - other.t0)
    return (min(one.t1, other.t1) - max(one.t0, other.t0)) / shorter if shorter > 0 else 0.0
