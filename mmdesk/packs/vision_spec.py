"""What the role `vision` needs to know, and how other packs name the encoder that they rest on."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mmdesk.packs.fields import Fields
from mmdesk.packs.picture_spec import PictureSpec, read_picture_spec

GRAPH = "vision"

_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class VisionSpec:
    """Section `vision`; its graph `vision` takes `pixel_values` and gives what other packs take.

    Attributes:
        picture: Preprocessing.
    """

    picture: PictureSpec


@dataclass(frozen=True, slots=True)
class VisionReference:
    """The picture encoder that a pack rests on, field `vision` of its section.

    Attributes:
        pack: Name of a pack with the role `vision`.
        sha256: Of the file of its graph `vision`: another encoder sees with other eyes.
    """

    pack: str
    sha256: str


Eyes = PictureSpec | VisionReference


def read_vision(fields: Fields) -> VisionSpec:
    """Reads section `vision`."""
    with fields.child("picture") as inside:
        return VisionSpec(read_picture_spec(inside))


def read_vision_reference(fields: Fields) -> VisionReference:
    """Reads field `vision` of the section of a pack that rests on another."""
    with fields.child("vision") as inside:
        reference = VisionReference(inside.text("pack"), inside.text("sha256"))
        if not _SHA256.fullmatch(reference.sha256):
            raise inside.out_of_bounds("sha256", _SHA256.pattern.replace("{", "(").replace("}", ")"))
    return reference


def read_eyes(fields: Fields) -> Eyes:
    """Reads field `vision`, or `picture` where a pack has an encoder of its own."""
    if fields.has("vision"):
        return read_vision_reference(fields)
    with fields.child("picture") as inside:
        return read_picture_spec(inside)
