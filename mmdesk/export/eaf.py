"""ELAN's annotation format, EAF 3.0.

After "EAF Annotation Format 3.0 and ELAN" (https://www.mpi.nl/tools/elan/EAF_Annotation_Format_3.0_and_ELAN.pdf)
and its schema. A tier per lane and person; sentiment has a controlled vocabulary of its classes, and a
dependent tier with the valence as a number. Annotation `aN` is finding N - 1. The passport is a property of
the header.
"""

from __future__ import annotations

import json
import mimetypes
import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree as ET

from mmdesk.analysis.passport import passport_record
from mmdesk.events import FindingKind
from mmdesk.export.result import Result
from mmdesk.export.tiers import MARKS, Annotation, Tier, tiers, valence_tier
from mmdesk.export.xml_text import xml_bytes, xml_text

PASSPORT_PROPERTY = "mmdesk.passport"
VALENCE = "valence"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_SCHEMA = "http://www.mpi.nl/tools/elan/EAFv3.0.xsd"
_TEXT_TYPE = "default-lt"
_CLASSES = "classes"
_LANGUAGES = {"en": ("eng", "English (eng)"), "zh": ("zho", "Chinese (zho)")}
_ANY_LANGUAGE = ("und", "undetermined (und)")
# The four ways of ELAN in which a tier depends on another; ELAN expects all of them.
_CONSTRAINTS = {
    "Time_Subdivision": "Divides the time of a parent annotation without gaps",
    "Symbolic_Subdivision": "Divides a parent annotation into an ordered list without times",
    "Symbolic_Association": "One annotation to one parent annotation",
    "Included_In": "Has times of its own within a parent annotation, gaps are allowed",
}


def eaf(result: Result, folder: Path) -> bytes:
    """The whole document.

    Args:
        result: What was found.
        folder: Where the file will lie; the media are also linked from there.
    """
    made = tiers(result)
    root = ET.Element("ANNOTATION_DOCUMENT", _document())
    used = len(result.findings) + len(result.marks) + sum(len(tier.annotations) for tier in made)
    root.append(_header(result, folder, used))
    slots = ET.SubElement(root, "TIME_ORDER")
    names = _Slots(made)
    for name, value in names.in_order():
        ET.SubElement(slots, "TIME_SLOT", TIME_SLOT_ID=name, TIME_VALUE=str(value))
    numbers = count(len(result.findings) + 1)
    for tier in made:
        root.extend(_tier(tier, names, numbers, _entries(made, tier.lane)))
    root.extend(_types(made))
    root.extend(_languages(made))
    root.extend(_constraints())
    root.extend(_vocabularies(made))
    return xml_bytes(root)


def _document() -> dict[str, str]:
    return {
        "AUTHOR": "mmdesk",
        "DATE": datetime.now(UTC).isoformat(timespec="seconds"),
        "FORMAT": "3.0",
        "VERSION": "3.0",
        f"{{{_XSI}}}noNamespaceSchemaLocation": _SCHEMA,
    }


def _header(result: Result, folder: Path, used: int) -> ET.Element:
    header = ET.Element("HEADER", MEDIA_FILE="", TIME_UNITS="milliseconds")
    link = {"MEDIA_URL": result.path.absolute().as_uri(), "MIME_TYPE": mime_type(result.path)}
    relative = _relative(result.path, folder)
    if relative is not None:
        link["RELATIVE_MEDIA_URL"] = relative
    ET.SubElement(header, "MEDIA_DESCRIPTOR", link)
    properties = {
        "lastUsedAnnotationId": str(used),
        PASSPORT_PROPERTY: xml_text(json.dumps(passport_record(result.passport))),
    }
    for name, value in properties.items():
        ET.SubElement(header, "PROPERTY", NAME=name).text = value
    return header


def mime_type(path: Path) -> str:
    """What kind of data a file's name promises."""
    return mimetypes.guess_type(path.name)[0] or "unknown"


def _relative(path: Path, folder: Path) -> str | None:
    try:
        relative = os.path.relpath(path.absolute(), folder.absolute())
    except ValueError:
        return None  # on another drive
    return quote(os.fsencode(Path(relative).as_posix() if relative.startswith("..") else f"./{relative}"))


class _Slots:
    """A slot in time for each start and end of an annotation, numbered in order of time."""

    def __init__(self, made: Sequence[Tier]) -> None:
        ends = [(at, which, each) for tier in made for each in tier.annotations for which, at in _ends(each)]
        keys = [(at, which, id(each)) for at, which, each in ends]
        self._names = {key: f"ts{n}" for n, key in enumerate(sorted(keys, key=lambda key: key[:2]), 1)}

    def in_order(self) -> Iterator[tuple[str, int]]:
        """Name and milliseconds of each."""
        return ((name, at) for (at, _, _), name in self._names.items())

    def of(self, annotation: Annotation) -> dict[str, str]:
        """The references of an annotation."""
        first, last = ((at, which, id(annotation)) for which, at in _ends(annotation))
        return {"TIME_SLOT_REF1": self._names[first], "TIME_SLOT_REF2": self._names[last]}


def _ends(annotation: Annotation) -> tuple[tuple[int, int], tuple[int, int]]:
    return (1, annotation.t0), (0, annotation.t1)


def _tier(tier: Tier, slots: _Slots, numbers: Iterator[int], entries: dict[str, str]) -> Iterator[ET.Element]:
    attributes = {"TIER_ID": tier.name, "LINGUISTIC_TYPE_REF": _type_name(tier), "ANNOTATOR": "mmdesk"}
    if tier.person:
        attributes["PARTICIPANT"] = xml_text(tier.person)
    attributes["LANG_REF"] = _language(tier)[0]
    element = ET.Element("TIER", attributes)
    for each in tier.annotations:
        name = f"a{next(numbers)}" if tier.kind == MARKS else f"a{each.number + 1}"
        about = {"ANNOTATION_ID": name, **slots.of(each)}
        if each.text in entries:
            about["CVE_REF"] = entries[each.text]
        holder = ET.SubElement(ET.SubElement(element, "ANNOTATION"), "ALIGNABLE_ANNOTATION", about)
        ET.SubElement(holder, "ANNOTATION_VALUE").text = each.text
    yield element
    if any(each.valence is not None for each in tier.annotations):
        yield _valences(tier, numbers)


def _valences(tier: Tier, numbers: Iterator[int]) -> ET.Element:
    name = valence_tier(tier.name)
    element = ET.Element("TIER", TIER_ID=name, LINGUISTIC_TYPE_REF=VALENCE, PARENT_REF=tier.name)
    for each in tier.annotations:
        if each.valence is not None:
            about = {"ANNOTATION_ID": f"a{next(numbers)}", "ANNOTATION_REF": f"a{each.number + 1}"}
            holder = ET.SubElement(ET.SubElement(element, "ANNOTATION"), "REF_ANNOTATION", about)
            ET.SubElement(holder, "ANNOTATION_VALUE").text = repr(each.valence)
    return element


def _type_name(tier: Tier) -> str:
    return f"{tier.lane} {_CLASSES}" if tier.kind == FindingKind.SENTIMENT else _TEXT_TYPE


def _types(made: Sequence[Tier]) -> Iterator[ET.Element]:
    yield _type(_TEXT_TYPE, {"TIME_ALIGNABLE": "true"})
    for lane in _lanes_with_classes(made):
        name = f"{lane} {_CLASSES}"
        yield _type(name, {"TIME_ALIGNABLE": "true", "CONTROLLED_VOCABULARY_REF": name})
    yield _type(VALENCE, {"TIME_ALIGNABLE": "false", "CONSTRAINTS": "Symbolic_Association"})


def _type(name: str, attributes: dict[str, str]) -> ET.Element:
    about = {"LINGUISTIC_TYPE_ID": name, "GRAPHIC_REFERENCES": "false"}
    return ET.Element("LINGUISTIC_TYPE", about | attributes)


def _languages(made: Sequence[Tier]) -> Iterator[ET.Element]:
    used = dict(_language(tier) for tier in made) | dict([_ANY_LANGUAGE])
    for name, label in used.items():
        yield ET.Element("LANGUAGE", LANG_ID=name, LANG_DEF=f"http://cdb.iso.org/lg/{name}", LANG_LABEL=label)


def _language(tier: Tier) -> tuple[str, str]:
    return _LANGUAGES.get((tier.language or "").split("-")[0].lower(), _ANY_LANGUAGE)


def _constraints() -> Iterator[ET.Element]:
    for name, description in _CONSTRAINTS.items():
        yield ET.Element("CONSTRAINT", STEREOTYPE=name, DESCRIPTION=description)


def _vocabularies(made: Sequence[Tier]) -> Iterator[ET.Element]:
    for lane in _lanes_with_classes(made):
        vocabulary = ET.Element("CONTROLLED_VOCABULARY", CV_ID=f"{lane} {_CLASSES}")
        ET.SubElement(vocabulary, "DESCRIPTION", LANG_REF=_ANY_LANGUAGE[0])
        for name, number in _entries(made, lane).items():
            entry = ET.SubElement(vocabulary, "CV_ENTRY_ML", CVE_ID=number)
            ET.SubElement(entry, "CVE_VALUE", LANG_REF=_ANY_LANGUAGE[0]).text = name
        yield vocabulary


def _lanes_with_classes(made: Sequence[Tier]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tier.lane for tier in made if tier.kind == FindingKind.SENTIMENT))


def _entries(made: Sequence[Tier], lane: str) -> dict[str, str]:
    """Every class that stands on the tiers of a lane of sentiment, and the three moods, with their names."""
    of_lane = [tier for tier in made if tier.lane == lane and tier.kind == FindingKind.SENTIMENT]
    there = (each.text for tier in of_lane for each in tier.annotations if each.text)
    classes = dict.fromkeys(("positive", "neutral", "negative", *there)) if of_lane else {}
    return {name: f"cve{number}" for number, name in enumerate(classes)}
