"""Findings as lines to read: sorted by time, a sentiment joined to the words that it belongs to.

No Qt here, so that the order and the joining can be tested on their own.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mmdesk.events import Finding, FindingKind, Origin

_LABELS = ("negative", "neutral", "positive")
_NEUTRAL_BAND = 0.25


@dataclass(slots=True, eq=False)
class Line:
    """One line of the panel.

    Attributes:
        kind: What it says; `SENTIMENT` only where its words have no line of their own.
        t0: Start, seconds.
        t1: End, seconds.
        text: The words.
        order: Breaks ties between lines of the same moment: the order of arrival.
        findings: What the line was made of; never empty.
    """

    kind: FindingKind
    t0: float
    t1: float
    text: str
    order: int
    findings: tuple[Finding, ...]

    @property
    def key(self) -> tuple[float, int]:
        """What lines are sorted by."""
        return self.t0, self.order

    @property
    def sentiment(self) -> Finding | None:
        """The finding that holds the valence; None where there is none."""
        return next((f for f in self.findings if f.value is not None), None)

    @property
    def words(self) -> Finding:
        """The finding that holds the words."""
        return next((f for f in self.findings if f.kind is self.kind), self.findings[0])

    @property
    def editable(self) -> bool:
        """Whether a person may put other words in the place of these."""
        return self.kind in (FindingKind.CAPTION, FindingKind.TRANSCRIPT)

    @property
    def by_person(self) -> bool:
        """Whether a person said this."""
        return self.words.source.origin is Origin.PERSON

    @property
    def unsure(self) -> Finding | None:
        """The caption that is more likely wrong than right; None where there is none."""
        return next((f for f in self.findings if f.doubtful), None)


def label(sentiment: Finding) -> str:
    """The class of a sentiment: "negative", "neutral" or "positive".

    The most probable of the three where the finding has a distribution over them, otherwise by the
    valence.
    """
    known = [(p, name) for name, p in sentiment.distribution if name in _LABELS]
    if known:
        return max(known)[1]
    value = sentiment.value or 0.0
    if abs(value) < _NEUTRAL_BAND:
        return "neutral"
    return "positive" if value > 0 else "negative"


class Lines:
    """All lines of one file, sorted by time.

    `add` tells what changed in a form that a Qt model can pass on.
    """

    def __init__(self) -> None:
        self._sorted: list[Line] = []
        self._spoken: dict[tuple[float, float, str], Line] = {}
        self._order = 0

    def __len__(self) -> int:
        return len(self._sorted)

    def __getitem__(self, index: int) -> Line:
        return self._sorted[index]

    def all(self) -> tuple[Line, ...]:
        """All lines, sorted by time."""
        return tuple(self._sorted)

    def add(self, findings: Iterable[Finding]) -> tuple[list[Line], list[Line]]:
        """Takes findings in any order.

        Args:
            findings: New ones.

        Returns:
            Lines that are new (sorted), and older lines that changed.
        """
        new: list[Line] = []
        fresh: set[Line] = set()
        changed: dict[Line, None] = {}
        for finding in findings:
            line = self._join(finding)
            if line is None:
                line = self._make(finding)
                new.append(line)
                fresh.add(line)
            elif line not in fresh:
                changed[line] = None
        new.sort(key=_key)
        self._insert(new)
        return new, list(changed)

    def _insert(self, new: list[Line]) -> None:
        """Mostly lines come in order and are appended; the others are sorted in."""
        if new and (not self._sorted or self._sorted[-1].key < new[0].key):
            self._sorted.extend(new)
            return
        for line in new:
            insort(self._sorted, line, key=_key)

    def _make(self, finding: Finding) -> Line:
        line = Line(finding.kind, finding.t0, finding.t1, _words(finding), self._order, (finding,))
        self._order += 1
        if finding.kind in (FindingKind.TRANSCRIPT, FindingKind.SENTIMENT):
            self._spoken.setdefault(_spoken_at(finding), line)
        return line

    def _join(self, finding: Finding) -> Line | None:
        """The line that this finding completes; None where it stands alone."""
        if finding.kind not in (FindingKind.TRANSCRIPT, FindingKind.SENTIMENT):
            return None
        line = self._spoken.get(_spoken_at(finding))
        if line is None or any(known.kind is finding.kind for known in line.findings):
            return None
        line.findings = (*line.findings, finding)
        if finding.kind is FindingKind.TRANSCRIPT:
            line.kind = FindingKind.TRANSCRIPT
        return line


def _words(finding: Finding) -> str:
    """What a line says; tags that have a probability say it behind their name."""
    if finding.kind is not FindingKind.TAGS or not finding.distribution:
        return finding.text or ""
    return "    ".join(f"{name} {share:.0%}" for name, share in finding.distribution)


def _spoken_at(finding: Finding) -> tuple[float, float, str]:
    """What joins a line and its sentiment. A correction keeps what it corrects as its evidence."""
    evidence = finding.evidence[0]
    if finding.source.origin is Origin.PERSON and evidence.text is not None:
        return evidence.t0, evidence.t1, evidence.text
    return finding.t0, finding.t1, finding.text or ""


def _key(line: Line) -> tuple[float, int]:
    return line.key


def line_at(lines: Sequence[Line], t: float) -> int | None:
    """Index of the line that is current at a moment.

    The last one that has begun; among lines that began together the last one.

    Args:
        lines: Sorted by time.
        t: Seconds.

    Returns:
        The index; None before the first line.
    """
    index = bisect_right(lines, t, key=lambda line: line.t0) - 1
    return index if index >= 0 else None
