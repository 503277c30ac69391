"""Kinds, sentiments and lines in words of the window's language."""

from __future__ import annotations

from collections.abc import Sequence

from mmdesk.events import Finding, FindingKind, Origin
from mmdesk.gui.language import number_text, tr
from mmdesk.gui.text.lines import Line, label
from mmdesk.gui.text.times import clock, exact_clock


def kind_name(kind: FindingKind) -> str:
    """One line of this kind; a kind that is newer than the window keeps its own name."""
    known = {
        FindingKind.CAPTION: tr("Caption"),
        FindingKind.TRANSCRIPT: tr("Transcript"),
        FindingKind.SENTIMENT: tr("Sentiment"),
        FindingKind.TAGS: tr("Tags"),
    }
    return known.get(kind, str(kind))


def kind_names(kind: FindingKind) -> str:
    """Lines of this kind."""
    return tr("Captions") if kind is FindingKind.CAPTION else kind_name(kind)


def sentiment_name(sentiment: Finding) -> str:
    """The class of a sentiment."""
    return {"negative": tr("Negative"), "neutral": tr("Neutral"), "positive": tr("Positive")}[
        label(sentiment)
    ]


def valence(sentiment: Finding) -> str:
    """The valence with its sign and two digits."""
    value = sentiment.value or 0.0
    sign = "+" if value > 0.005 else "−" if value < -0.005 else ""
    return sign + number_text(abs(value), 2)


def doubt(caption: Finding) -> str:
    """That a caption may well be wrong, and how sure its model is."""
    return tr("Unsure · {percent}%", percent=round(100 * (caption.confidence or 0.0)))


def spoken_line(line: Line) -> str:
    """A line as a screen reader says it."""
    parts = [clock(line.t0), kind_name(line.kind), line.text]
    if line.sentiment is not None:
        parts.append(f"{sentiment_name(line.sentiment)} {valence(line.sentiment)}")
    if line.unsure is not None:
        parts.append(doubt(line.unsure))
    return ", ".join(part for part in parts if part)


def described_line(line: Line) -> str:
    """Everything there is to say about a line, for its tooltip."""
    rows = [line.text]
    if line.t1 > line.t0:
        rows.append(tr("{start} to {end}", start=exact_clock(line.t0), end=exact_clock(line.t1)))
    if line.unsure is not None:
        rows.append(tr("The model is unsure: this caption is more likely wrong than right."))
    rows.extend(_described_finding(finding) for finding in line.findings)
    return "\n".join(row for row in rows if row)


def _described_finding(finding: Finding) -> str:
    source = finding.source
    made_by = " ".join(part for part in (source.pack, source.version) if part)
    parts = [kind_name(finding.kind)]
    if finding.value is not None:
        parts.append(f"{sentiment_name(finding)} {valence(finding)}")
    if finding.confidence is not None:
        parts.append(tr("confidence {percent}%", percent=round(100 * finding.confidence)))
    parts.append(tr("said by a person") if source.origin is Origin.PERSON else made_by)
    return " · ".join(part for part in parts if part)


def copied_lines(lines: Sequence[Line], times: bool) -> str:
    """Lines as plain text for the clipboard.

    Args:
        lines: What to copy, in this order.
        times: Whether each line begins with its start and ends with its sentiment.
    """
    return "\n".join(_timed(line) if times else line.text for line in lines)


def _timed(line: Line) -> str:
    parts = [exact_clock(line.t0), line.text]
    if line.sentiment is not None:
        parts.append(f"{sentiment_name(line.sentiment)} {valence(line.sentiment)}")
    if line.unsure is not None:
        parts.append(doubt(line.unsure))
    return "\t".join(parts)
