"""How words sound: the sentiment that belongs to a line of the transcript."""

from __future__ import annotations

from collections.abc import Iterable

from mmdesk.events import Finding, FindingKind, Modality

# Valence from here on is called positive, and from its negative on negative.
_CLEAR = 0.25


class Moods:
    """Finds the sentiment of lines: of the very words, else fused over the moment."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        """Looks through all findings of a file."""
        self._words: dict[tuple[float, float], float] = {}
        self._fused: dict[tuple[float, float], float] = {}
        for each in findings:
            if each.kind is FindingKind.SENTIMENT and each.value is not None:
                known = self._words if each.modality is Modality.WORDS else self._fused
                if each.modality in (Modality.WORDS, Modality.FUSED):
                    known[each.t0, each.t1] = each.value

    def of(self, line: Finding) -> str:
        """The mood of a line: "positive", "neutral", "negative"; empty where nobody judged it."""
        span = line.t0, line.t1
        valence = self._words.get(span, self._fused.get(span))
        return "" if valence is None else mood(valence)


def mood(valence: float) -> str:
    """The word for a valence in [-1, 1]."""
    return "positive" if valence >= _CLEAR else "negative" if valence <= -_CLEAR else "neutral"
