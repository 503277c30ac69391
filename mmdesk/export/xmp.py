"""XMP sidecars: caption, keywords and regions of faces, as photo programs read them.

XMP (ISO 16684-1), Dublin Core for caption and keywords, and the regions of the Metadata Working Group's
guidelines 2.0, section 5.9 (areas normalised to the picture, given by their centre).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from xml.etree import ElementTree as ET

from mmdesk.analysis.passport import passport_record
from mmdesk.events import Finding, FindingKind, Modality
from mmdesk.export.result import Result
from mmdesk.export.xml_text import xml_bytes, xml_text

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
DC = "http://purl.org/dc/elements/1.1/"
XMP = "http://ns.adobe.com/xap/1.0/"
REGIONS = "http://www.metadataworkinggroup.com/schemas/regions/"
AREA = "http://ns.adobe.com/xmp/sType/Area#"
DIMENSIONS = "http://ns.adobe.com/xap/1.0/sType/Dimensions#"
OURS = "urn:mmdesk:xmp:1/"
_X = "adobe:ns:meta/"
_XML = "http://www.w3.org/XML/1998/namespace"
_PREFIXES = {
    "x": _X,
    "rdf": RDF,
    "dc": DC,
    "xmp": XMP,
    "mwg-rs": REGIONS,
    "stArea": AREA,
    "stDim": DIMENSIONS,
    "mmdesk": OURS,
}
_SMALLEST_SHARE = 0.5
# Stands between the tags of a picture, in English and in Chinese.
_BETWEEN = re.compile(", |、")
_ITEM = f"{{{RDF}}}li"


def xmp(result: Result, size: tuple[int, int] | None) -> bytes:
    """The whole document.

    Args:
        result: What was found.
        size: Width and height of the picture in pixels; regions of faces need them.
    """
    for prefix, namespace in _PREFIXES.items():
        ET.register_namespace(prefix, namespace)
    meta = ET.Element(f"{{{_X}}}xmpmeta", {f"{{{_X}}}xmptk": f"mmdesk {result.passport.version}"})
    about = ET.SubElement(
        ET.SubElement(meta, f"{{{RDF}}}RDF"), f"{{{RDF}}}Description", {f"{{{RDF}}}about": ""}
    )
    about.set(f"{{{XMP}}}CreatorTool", f"mmdesk {result.passport.version}")
    about.set(f"{{{OURS}}}passport", xml_text(json.dumps(passport_record(result.passport))))
    about.extend(_description(result.findings))
    about.extend(_keywords(result.findings))
    faces = _faces(result)
    if faces and size is not None:
        about.append(_regions(faces, size))
    return xml_bytes(meta)


def _description(findings: Sequence[Finding]) -> Iterator[ET.Element]:
    """The first caption of each language; the first of all is the default."""
    captions = [each for each in findings if each.kind is FindingKind.CAPTION and each.text]
    first = {each.language or "x-default": each for each in reversed(captions)}
    if not captions:
        return
    element = ET.Element(f"{{{DC}}}description")
    alternatives = ET.SubElement(element, f"{{{RDF}}}Alt")
    _said(alternatives, "x-default", captions[0])
    for language, caption in sorted(first.items()):
        if language != "x-default":
            _said(alternatives, xml_text(language), caption)
    yield element


def described(result: Result) -> list[str]:
    """The captions that stand in the file."""
    return [each.text or "" for element in _description(result.findings) for each in element.iter(_ITEM)]


def _said(parent: ET.Element, language: str, caption: Finding) -> None:
    ET.SubElement(parent, f"{{{RDF}}}li", {f"{{{_XML}}}lang": language}).text = xml_text(caption.text or "")


def _keywords(findings: Iterable[Finding]) -> Iterator[ET.Element]:
    words = dict.fromkeys(word for each in findings for word in keywords(each))
    if words:
        element = ET.Element(f"{{{DC}}}subject")
        bag = ET.SubElement(element, f"{{{RDF}}}Bag")
        for word in words:
            ET.SubElement(bag, f"{{{RDF}}}li").text = xml_text(word)
        yield element


def keywords(finding: Finding) -> tuple[str, ...]:
    """What a finding names: tags, and of a picture the clear class of a sentiment (a film has them all)."""
    if finding.kind is FindingKind.TAGS:
        named = tuple(name for name, _ in finding.distribution)
        return named or tuple(_BETWEEN.split(finding.text or ""))
    if finding.kind is FindingKind.SENTIMENT and finding.t1 <= finding.t0:
        return tuple(name for name, share in finding.distribution if share >= _SMALLEST_SHARE)
    return ()


Box = tuple[float, float, float, float]


def _faces(result: Result) -> dict[Box, str]:
    """The boxes of faces, each once, and whose they are."""
    found: dict[Box, str] = {}
    for finding in result.findings:
        for evidence in finding.evidence:
            if evidence.modality is Modality.FACE and evidence.box is not None:
                found[evidence.box] = result.person(finding) or found.get(evidence.box, "")
    return found


def _regions(faces: dict[Box, str], size: tuple[int, int]) -> ET.Element:
    regions = ET.Element(f"{{{REGIONS}}}Regions", {f"{{{RDF}}}parseType": "Resource"})
    unit = {f"{{{DIMENSIONS}}}w": str(size[0]), f"{{{DIMENSIONS}}}h": str(size[1])}
    ET.SubElement(regions, f"{{{REGIONS}}}AppliedToDimensions", unit | {f"{{{DIMENSIONS}}}unit": "pixel"})
    listed = ET.SubElement(ET.SubElement(regions, f"{{{REGIONS}}}RegionList"), f"{{{RDF}}}Bag")
    for (x, y, width, height), who in faces.items():
        about = ET.SubElement(ET.SubElement(listed, f"{{{RDF}}}li"), f"{{{RDF}}}Description")
        about.set(f"{{{REGIONS}}}Type", "Face")
        if who:
            about.set(f"{{{REGIONS}}}Name", xml_text(who))
        centre = {"x": x + width / 2, "y": y + height / 2, "w": width, "h": height}
        area = {f"{{{AREA}}}{name}": f"{value:.6f}" for name, value in centre.items()}
        ET.SubElement(about, f"{{{REGIONS}}}Area", area | {f"{{{AREA}}}unit": "normalized"})
    return regions
