"""What the role `tags` needs to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mmdesk.packs.fields import Fields
from mmdesk.packs.vision_spec import VisionReference, read_vision_reference


@dataclass(frozen=True, slots=True)
class TagsSpec:
    """Section `tags`; its graph `tags` takes `grid` and gives `logits` [batch, classes].

    Attributes:
        eyes: The pack that gives the grid.
        labels: By language, the names of the classes in the order of the logits.
        temperature: The logits are divided by it before the softmax (Guo et al., 2017).
        threshold: Classes below this probability are not shown; chosen on validation pictures.
        most: No picture gets more tags than this.
    """

    eyes: VisionReference
    labels: Mapping[str, tuple[str, ...]]
    temperature: float
    threshold: float
    most: int


def read_tags(fields: Fields) -> TagsSpec:
    """Reads section `tags`."""
    with fields.child("labels") as inside:
        labels = {language: inside.texts(language, at_least=2) for language in inside.names()}
    if len({len(names) for names in labels.values()}) != 1:
        raise fields.out_of_bounds("labels", "equally many in each language")
    return TagsSpec(
        eyes=read_vision_reference(fields),
        labels=labels,
        temperature=fields.number("temperature", 0.01, 100.0),
        threshold=fields.number("threshold", 0.0, 1.0),
        most=fields.integer("most", 1, 1000),
    )
