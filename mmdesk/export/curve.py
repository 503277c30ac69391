"""Sentiment over time as a drawing: one line for each modality and person, gaps where nothing was judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from mmdesk.events import FindingKind, Modality
from mmdesk.export.plain import clock
from mmdesk.export.result import Result
from mmdesk.export.xml_text import xml_text

WIDTH, HEIGHT = 960, 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 12, 12, 26
# Points further apart than this are not joined: nothing is known between them, seconds.
_GAP = 10.0
# Okabe and Ito's colours, which people with any colour vision can tell apart.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7f7f7f")


@dataclass(frozen=True, slots=True)
class Series:
    """One line of the drawing.

    Attributes:
        name: Modality and person.
        colour: As CSS writes it.
        points: Start, end (seconds) and valence, in order of time.
    """

    name: str
    colour: str
    points: tuple[tuple[float, float, float], ...]


def series(result: Result, name_of: Callable[[Modality], str] = str) -> list[Series]:
    """The lines of a result, in the order of first appearance.

    Args:
        result: What was found.
        name_of: A modality in the language of the drawing.
    """
    found: dict[str, list[tuple[float, float, float]]] = {}
    for each in result.findings:
        if each.kind is FindingKind.SENTIMENT and each.value is not None:
            name = " ".join(part for part in (name_of(each.modality), result.person(each)) if part)
            found.setdefault(name, []).append((each.t0, each.t1, each.value))
    return [
        Series(name, COLOURS[number % len(COLOURS)], tuple(sorted(points)))
        for number, (name, points) in enumerate(found.items())
    ]


def curve_svg(lines: list[Series], longest: float, dark_text: str = "#444") -> str:
    """The drawing as SVG, `WIDTH` by `HEIGHT`.

    Args:
        lines: What to draw.
        longest: Seconds at the right edge.
        dark_text: Colour of the axes.
    """
    svg = ET.Element("svg", xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {WIDTH} {HEIGHT}")
    svg.set("width", str(WIDTH))
    svg.set("height", str(HEIGHT))
    for value in (1.0, 0.0, -1.0):
        y = f"{_y(value):.1f}"
        ends = {"x1": str(_LEFT), "x2": str(WIDTH - _RIGHT), "y1": y, "y2": y}
        ET.SubElement(svg, "line", ends | {"stroke": dark_text, "stroke-width": "0.5", "class": "axis"})
        _words(svg, _LEFT - 6, _y(value) + 4, f"{value:+.0f}" if value else "0", "end", dark_text)
    for step in range(5):
        t = longest * step / 4
        anchor = "start" if step == 0 else "end" if step == 4 else "middle"
        _words(svg, _x(t, longest), HEIGHT - 8, clock(round(t * 1000)), anchor, dark_text)
    for line in lines:
        svg.append(_drawn(line, longest))
    return ET.tostring(svg, encoding="unicode")


def _drawn(line: Series, longest: float) -> ET.Element:
    group = ET.Element("g", {"data-name": xml_text(line.name), "fill": line.colour, "stroke": line.colour})
    path = ET.SubElement(group, "path", {"fill": "none", "stroke-width": "1.6", "d": _path(line, longest)})
    path.set("stroke-linejoin", "round")
    for t0, t1, value in line.points:
        ET.SubElement(
            group,
            "circle",
            cx=f"{_x((t0 + t1) / 2, longest):.1f}",
            cy=f"{_y(value):.1f}",
            r="2",
            stroke="none",
        )
    return group


def _path(line: Series, longest: float) -> str:
    parts: list[str] = []
    last_end: float | None = None
    for t0, t1, value in line.points:
        joined = last_end is not None and t0 - last_end <= _GAP
        parts.append(f"{'L' if joined else 'M'}{_x((t0 + t1) / 2, longest):.1f} {_y(value):.1f}")
        last_end = t1
    return " ".join(parts)


def _words(svg: ET.Element, x: float, y: float, text: str, anchor: str, colour: str) -> None:
    place = {"x": f"{x:.1f}", "y": f"{y:.1f}", "text-anchor": anchor, "font-size": "11", "fill": colour}
    ET.SubElement(svg, "text", place | {"font-family": "sans-serif"}).text = text


def _x(t: float, longest: float) -> float:
    return _LEFT + (WIDTH - _LEFT - _RIGHT) * (min(t, longest) / longest if longest > 0 else 0.0)


def _y(value: float) -> float:
    return _TOP + (HEIGHT - _TOP - _BOTTOM) * (1.0 - max(-1.0, min(1.0, value))) / 2
