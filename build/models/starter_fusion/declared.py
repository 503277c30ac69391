"""How the program lays observations out for these heads: the section of the manifest."""

from collections.abc import Mapping

from mmdesk.packs.fusion_spec import FusionSpec
from starter_fusion.vocabulary import ALIASES, CLASSES, MODALITIES, VOCABULARY

RATE = 5.0
HOLD = 0.6
# Vocabulary, valence, confidence, and two of time.
FEATURES = len(VOCABULARY) + 4


def declared(reach: Mapping[str, int], disagreement: float) -> FusionSpec:
    """The section; ``reach`` by head."""
    return FusionSpec(MODALITIES, VOCABULARY, ALIASES, CLASSES, RATE, HOLD, reach, disagreement)


def section(spec: FusionSpec) -> dict[str, object]:
    """The same as it stands in ``pack.json``."""
    return {
        "modalities": list(spec.modalities),
        "emotions": list(spec.emotions),
        "aliases": dict(spec.aliases),
        "classes": list(spec.classes),
        "rate": spec.rate,
        "hold": spec.hold,
        "reach": dict(spec.reach),
        "disagreement": spec.disagreement,
    }
