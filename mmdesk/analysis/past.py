"""What an earlier analysis of the same request had done when it was interrupted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mmdesk.events import Passed
from mmdesk.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Past:
    """An analysis that is given this leaves out what was passed, and finds the rest of the same findings.

    Attributes:
        passed: The steps that were complete, in the order in which they were.
        findings: How many findings they told.
        warned: Messages of warnings that the person has seen.
    """

    passed: tuple[Passed, ...] = ()
    findings: int = 0
    warned: frozenset[Sentence] = frozenset()

    def whole(self, lane: str) -> Iterator[Passed]:
        """The last steps of the parts of a lane that are complete."""
        return (each for each in self.passed if each.lane == lane and each.whole)

    def steps(self, lane: str) -> dict[int, int]:
        """For each part of a lane how many of its steps are complete."""
        counts: dict[int, int] = {}
        for each in self.passed:
            if each.lane == lane:
                counts[each.part] = max(counts.get(each.part, 0), each.step + 1)
        return counts
