"""What the role `fusion` needs to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mmdesk.events import Modality
from mmdesk.packs.fields import Fields

GRAPHS = ("graph", "lstm")


@dataclass(frozen=True, slots=True)
class FusionSpec:
    """Section `fusion`; its graphs are the heads `graph` and `lstm`, with the same interface.

    A head takes windows of moments: `features` float32 [windows, moments, modalities, features],
    `present` float32 [windows, moments, modalities] (1 or 0) and `inside` float32 [windows, moments]
    (0 beyond either end of the recording). It gives for each moment `valence` in [-1, 1], `logits`
    [.., 3], `half_width` (half the interval of valence that holds the truth with 80 % chance) and
    `contradiction` (logit).

    The features of an observation are the probabilities of `emotions`, its valence, its confidence,
    and two of time: how long ago it began and how long it lasts, both as `s / (s + 1)` of seconds.

    Attributes:
        modalities: Names, in the order of the axis.
        emotions: The vocabulary of feelings that every pack's labels are put into.
        aliases: Other names of those.
        classes: Names of the three classes, in the order of the logits.
        rate: Moments a second.
        hold: Seconds that an observation without length stands for on either side.
        reach: Moments on either side that a moment's result depends on, by head. Windows that
            overlap by twice this give what one pass over the whole would.
        disagreement: Probability of contradiction from which a moment is marked.
    """

    modalities: tuple[str, ...]
    emotions: tuple[str, ...]
    aliases: Mapping[str, str]
    classes: tuple[str, ...]
    rate: float
    hold: float
    reach: Mapping[str, int]
    disagreement: float


def read_fusion(fields: Fields) -> FusionSpec:
    """Reads section `fusion`."""
    emotions = fields.texts("emotions", at_least=3)
    with fields.child("aliases") as inside:
        aliases = {name: inside.text(name) for name in inside.names()}
    if not set(aliases.values()) <= set(emotions):
        raise fields.out_of_bounds("aliases", " | ".join(emotions))
    classes = fields.texts("classes", at_least=3)
    if len(classes) != 3:
        raise fields.out_of_bounds("classes", "3")
    with fields.child("reach") as inside:
        reach = {head: inside.integer(head, 1, 100_000) for head in GRAPHS}
    return FusionSpec(
        modalities=_modalities(fields),
        emotions=emotions,
        aliases=aliases,
        classes=classes,
        rate=fields.number("rate", 0.1, 100.0),
        hold=fields.number("hold", 0.0, 60.0),
        reach=reach,
        disagreement=fields.number("disagreement", 0.0, 1.0),
    )


def _modalities(fields: Fields) -> tuple[str, ...]:
    names = fields.texts("modalities", at_least=1)
    if len(set(names)) != len(names) or not set(names) <= set(Modality):
        raise fields.out_of_bounds("modalities", " | ".join(Modality))
    return names
