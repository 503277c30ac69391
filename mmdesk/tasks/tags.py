"""Tags: which of a pack's classes a picture shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmdesk.control import Control
from mmdesk.errors import PackError, PackNotFound
from mmdesk.events import Source
from mmdesk.packs.pack import Pack
from mmdesk.packs.roles import Role
from mmdesk.packs.tags_spec import TagsSpec
from mmdesk.runtime.device import Choice
from mmdesk.sentences import sentence
from mmdesk.tasks.loading import close, load_graphs, source
from mmdesk.tasks.vision import GRID, Encoded, EncoderPlace, PictureEncoder, encoder_place, stacked

GRAPH = "tags"


@dataclass(frozen=True, slots=True)
class Tag:
    """A class that a picture shows.

    Attributes:
        labels: Its name by language (BCP 47 tag).
        probability: In [0, 1], calibrated on validation pictures.
    """

    labels: Mapping[str, str]
    probability: float


class Tagger:
    """Tags pictures that its encoder saw. One thread at a time.

    Args:
        pack: A pack with the role `tags`.
        encoder: The picture encoder that `tags_encoder` finds for the pack; the owner of both
            closes it.
        choice: The device, from `runtime.device.choose`.
        threads: Threads inside one run; by default the cores that this process may use.

    Attributes:
        encoder: Makes `Encoded` of pictures.
        languages: BCP 47 tags of the languages that classes have names in.
        source: What findings name as their origin.

    Raises:
        PackNotFound: The pack has another role.
        PackDamaged: A file changed since the pack was opened.
        DeviceUnavailable: The chosen device did not take the graph.
        ModelFailed: The graph cannot be loaded, or gives a wrong known answer.
    """

    def __init__(
        self, pack: Pack, encoder: PictureEncoder, choice: Choice, threads: int | None = None
    ) -> None:
        self._spec = _spec(pack)
        self.encoder = encoder
        self.languages = tuple(self._spec.labels)
        self._sessions = load_graphs(pack, {GRAPH: threads}, choice)
        self.source: Source = source(pack, [*self._sessions.values(), encoder])

    def tag(self, batch: Sequence[Encoded], control: Control | None = None) -> list[list[Tag]]:
        """Names what pictures show.

        Args:
            batch: Pictures, from `encoder`; what stands beside a picture does not change its tags.
            control: Stops the run.

        Returns:
            For each picture the classes above the pack's threshold, strongest first; often none.

        Raises:
            Cancelled: The person stopped the work.
            ModelFailed: The graph could not be run.
        """
        spec = self._spec
        return [
            [tag for tag in tags if tag.probability >= spec.threshold]
            for tags in self.top(batch, spec.most, control)
        ]

    def top(self, batch: Sequence[Encoded], k: int, control: Control | None = None) -> list[list[Tag]]:
        """The `k` most probable classes of each picture, strongest first; raises as `tag` does."""
        probabilities = self.probabilities(batch, control)
        order = np.argsort(-probabilities, axis=1, kind="stable")[:, :k]
        return [
            [self._tag(place, float(row[place])) for place in places]
            for row, places in zip(probabilities, order.tolist(), strict=True)
        ]

    def probabilities(self, batch: Sequence[Encoded], control: Control | None = None) -> NDArray[np.float64]:
        """Probabilities of all classes, float64 [pictures, classes]; raises as `tag` does."""
        if not batch:
            return np.empty((0, len(next(iter(self._spec.labels.values())))))
        outputs = self._sessions[GRAPH].run({GRID: stacked(batch, GRID)}, control)
        logits = outputs["logits"].astype(np.float64) / self._spec.temperature
        shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
        result: NDArray[np.float64] = shifted / shifted.sum(axis=1, keepdims=True)
        return result

    def close(self) -> None:
        """Gives the memory of its graph back; the encoder may have other users."""
        close(self._sessions)

    def _tag(self, place: int, probability: float) -> Tag:
        labels = {language: names[place] for language, names in self._spec.labels.items()}
        return Tag(labels, probability)


def tags_encoder(pack: Pack, installed: Sequence[Pack | PackError]) -> EncoderPlace:
    """Where the encoder of a tags pack lies; raises as `encoder_place` does, or `PackNotFound`."""
    return encoder_place(pack, _spec(pack).eyes, "", installed)


def _spec(pack: Pack) -> TagsSpec:
    if pack.manifest.tags is None:
        raise PackNotFound(
            str(Role.TAGS),
            sentence("The model pack {pack} does not tag pictures.", pack=pack.manifest.name),
            sentence("Choose a pack with the role {role}.", role=str(Role.TAGS)),
        )
    return pack.manifest.tags
