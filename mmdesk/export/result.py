"""What is exported: the findings of one file, and the passport that says where they come from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mmdesk.analysis.marks import Mark
from mmdesk.analysis.passport import Passport
from mmdesk.events import Finding

__all__ = ["Mark", "Result"]


@dataclass(frozen=True, slots=True)
class Result:
    """Everything about one file that goes out.

    Attributes:
        path: The file that was analysed, where it lies now.
        findings: What was found, with what people corrected in its place.
        passport: Where it comes from.
        marks: Moments that a person marked.
        people: Number and name of those people in the picture that somebody named.
    """

    path: Path
    findings: tuple[Finding, ...]
    passport: Passport
    marks: tuple[Mark, ...] = ()
    people: tuple[tuple[int, str], ...] = ()

    def person(self, finding: Finding) -> str:
        """Whose face or voice a finding is about, by name or number; empty for nobody's."""
        if finding.person is None:
            return ""
        return dict(self.people).get(finding.person) or f"person {finding.person}"
