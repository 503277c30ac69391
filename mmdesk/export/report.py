"""The report for people: one HTML file that works offline, and the same for printing.

Every text passes Jinja2's escaping; the page forbids itself every connection (Content-Security-Policy) and
has its pictures, styles and script inside.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from mmdesk.analysis.passport import passport_record
from mmdesk.config.catalogue import Catalogue
from mmdesk.config.paths import resources_dir
from mmdesk.control import Control
from mmdesk.events import Finding, FindingKind, Modality, Origin
from mmdesk.export.curve import Series, curve_svg, series
from mmdesk.export.look import Snapshots
from mmdesk.export.moods import mood
from mmdesk.export.plain import clock
from mmdesk.export.result import Result
from mmdesk.export.spoken import spoken
from mmdesk.export.tiers import label
from mmdesk.export.xml_text import xml_text
from mmdesk.sentences import Sentence, sentence

# More pictures would make the file too large for mail; they are taken evenly over all moments.
_MOST_PICTURES = 120
_SIDE = 240


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the report's table.

    Attributes:
        number: Of the finding; marks count on.
        seconds: Start.
        time: Start, and end where it differs, for people.
        kind: Name of its kind, in the language of the report.
        text: Its words.
        value: Valence with sign, or empty.
        mood: "positive", "neutral", "negative" or empty.
        by: Who made it.
        unsure: Whether it is more likely wrong than right.
        picture: JPEG in base64, or empty.
    """

    number: int
    seconds: float
    time: str
    kind: str
    text: str
    value: str
    mood: str
    by: str
    unsure: bool
    picture: str


def html_report(result: Result, catalogue: Catalogue | None, control: Control) -> bytes:
    """The page for a browser.

    Raises:
        Cancelled: The person stopped the work.
    """
    return _rendered("report.html", result, catalogue, control).encode("utf-8", "replace")


def print_report(result: Result, catalogue: Catalogue | None, control: Control) -> str:
    """The page for Qt's PDF writer, which knows a part of HTML 4 and CSS 2.1.

    Raises:
        Cancelled: The person stopped the work.
    """
    return _rendered("print.html", result, catalogue, control)


def _rendered(template: str, result: Result, catalogue: Catalogue | None, control: Control) -> str:
    speak = catalogue or Catalogue.load("en")
    snapshots = Snapshots(result.path, _moments(result), _SIDE, control)
    lines = series(result, lambda modality: speak.sentence(_PLACES[modality]))
    longest = _longest(result)
    loader = FileSystemLoader(str(resources_dir() / "reports"))
    page = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    svg = curve_svg(lines, longest) if lines else ""
    return page.get_template(template).render(
        language=speak.language,
        words={name: speak.sentence(said) for name, said in _WORDS.items()},
        name=xml_text(result.path.name),
        facts=_facts(result, speak),
        rows=list(_rows(result, speak, snapshots)),
        series=lines,
        svg=svg,
        svg64=_base64(svg.encode()),
        data=_script_json({"longest": longest, "series": [_series_record(each) for each in lines]}),
        passport=_script_json(passport_record(result.passport)),
        problem="" if snapshots.problem is None else speak.sentence(snapshots.problem),
    )


_WORDS: dict[str, Sentence] = {
    "title": sentence("Report"),
    "time": sentence("Time"),
    "kind": sentence("Kind"),
    "text": sentence("Text"),
    "value": sentence("Valence"),
    "by": sentence("Made by"),
    "unsure": sentence("unsure"),
    "curve": sentence("Sentiment over time"),
    "findings": sentence("Findings"),
    "passport": sentence("Where these results come from"),
    "find": sentence("Find in text"),
    "scale": sentence("Valence from −1 (negative) to +1 (positive); gaps were not judged."),
    "models": sentence("Computed by models, not by people: check what matters against the recording."),
}
_KINDS: dict[str, Sentence] = {
    "caption": sentence("Caption"),
    "transcript": sentence("Transcript"),
    "sentiment": sentence("Sentiment"),
    "tags": sentence("Tags"),
    "gap": sentence("Gap"),
    "disagreement": sentence("Disagreement"),
    "mark": sentence("Mark"),
}


_PLACES: dict[Modality, Sentence] = {
    Modality.WORDS: sentence("Words"),
    Modality.FACE: sentence("Face"),
    Modality.VOICE: sentence("Voice"),
    Modality.SCENE: sentence("Scene"),
    Modality.FUSED: sentence("All together"),
}


def _facts(result: Result, speak: Catalogue) -> list[tuple[str, str]]:
    passport = result.passport
    media = passport.media
    facts = [
        (sentence("File"), media.name),
        (sentence("Length"), clock(round(media.duration * 1000)) if media.duration else ""),
        (sentence("SHA-256 of the file"), media.sha256),
        (sentence("Analysed"), _date(passport.began)),
        (sentence("Program"), f"mmdesk {passport.version}"),
        *((sentence("Model pack"), _pack_words(result, number)) for number in range(len(passport.packs))),
        (sentence("Settings"), ", ".join(f"{name}: {value}" for name, value in passport.settings)),
        (sentence("Edits by people"), str(len(passport.edits)) if passport.edits else ""),
    ]
    return [(speak.sentence(name), xml_text(value)) for name, value in facts if value]


def _pack_words(result: Result, number: int) -> str:
    pack = result.passport.packs[number]
    ran = ", ".join(pack.providers)
    return f"{pack.name} {pack.version} · {pack.precision} · {ran} · {pack.manifest_sha256[:16]}"


def _date(began: float | None) -> str:
    return "" if began is None else f"{datetime.fromtimestamp(began, UTC):%Y-%m-%d %H:%M} UTC"


def _rows(result: Result, speak: Catalogue, snapshots: Snapshots) -> Iterator[Row]:
    numbered = sorted(enumerate(result.findings), key=lambda each: (each[1].t0, each[1].t1))
    shown: set[float] = set()
    for number, each in numbered:
        moment = _moment(each)
        picture = None if moment in shown else snapshots.at(moment)
        shown.add(moment)
        yield _finding_row(number, each, result, speak, picture)
    for number, mark in enumerate(result.marks, len(result.findings)):
        words = f"{mark.label}\n{mark.note}".strip()
        time, kind = _time(mark.t0, mark.t1), speak.sentence(_KINDS["mark"])
        yield Row(number, mark.t0, time, kind, xml_text(words), "", "", "", False, "")


def _finding_row(number: int, each: Finding, result: Result, speak: Catalogue, picture: bytes | None) -> Row:
    said = _KINDS.get(str(each.kind))
    kind = str(each.kind) if said is None else speak.sentence(said)
    who = result.person(each)
    words = spoken(each.reason, speak) if each.reason is not None else each.text or label(each)
    return Row(
        number=number,
        seconds=each.t0,
        time=_time(each.t0, each.t1),
        kind=" · ".join(part for part in (kind, who) if part),
        text=xml_text(words).strip(),
        value="" if each.value is None else f"{each.value:+.2f}",
        mood="" if each.value is None else mood(each.value),
        by=xml_text(_by(each)),
        unsure=each.doubtful,
        picture="" if picture is None else _base64(picture),
    )


def _by(each: Finding) -> str:
    source = each.source
    if source.origin is Origin.MODEL:
        return f"{source.pack} {source.version}"
    return source.pack or str(source.origin)


def _time(t0: float, t1: float) -> str:
    start, end = clock(round(t0 * 1000)), clock(round(t1 * 1000))
    return start if start == end else f"{start} – {end}"


def _moment(each: Finding) -> float:
    """Where the picture of a finding is: a little after its start, when the scene has come to rest."""
    return each.t0 if each.t1 <= each.t0 else min(each.t0 + 0.3, (each.t0 + each.t1) / 2)


def _moments(result: Result) -> list[float]:
    captions = [each for each in result.findings if each.kind is FindingKind.CAPTION]
    moments = sorted({_moment(each) for each in captions or result.findings})
    step = max(1, -(-len(moments) // _MOST_PICTURES))
    return moments[::step]


def _longest(result: Result) -> float:
    ends = [each.t1 for each in result.findings]
    return max([result.passport.media.duration or 0.0, *ends])


def _series_record(line: Series) -> dict[str, object]:
    return {"name": xml_text(line.name), "colour": line.colour, "points": line.points}


def _script_json(value: object) -> str:
    """JSON that nothing can end the script element in."""
    text = json.dumps(value)  # ASCII, so line separators are escaped already
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
