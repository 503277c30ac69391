"""Text that XML 1.0 can hold (https://www.w3.org/TR/xml/#charsets)."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def xml_text(text: str) -> str:
    """Text with one kind of line end, and U+FFFD for what XML has no way to write."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n").replace("\u2028", "\n")
    return _FORBIDDEN.sub("\ufffd", lines)


def xml_bytes(root: ET.Element) -> bytes:
    """A whole document in UTF-8 with its declaration."""
    ET.indent(root)
    body: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return body + b"\n"


def parsed(data: bytes) -> ET.Element:
    """The root of a document that came from outside.

    Raises:
        ValueError: No XML, or it declares entities, which no format here has and which can make a
            small file huge in memory.
    """
    parser = ET.XMLParser(target=_NoDoctype())
    try:
        parser.feed(data)
        root: ET.Element = parser.close()
    except ET.ParseError as failure:
        raise ValueError(f"not well-formed XML ({failure})") from failure
    return root


class _NoDoctype(ET.TreeBuilder):
    """Builds a tree, and stops at a document type declaration."""

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise ValueError("a document type declaration is not allowed")
