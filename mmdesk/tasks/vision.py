"""Seeing: pictures to what the heads and decoders of picture tasks take, once for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmdesk.control import Control
from mmdesk.errors import PackError
from mmdesk.models.pixels import PicturePreprocessing
from mmdesk.packs.pack import Pack
from mmdesk.packs.picture_spec import PictureSpec
from mmdesk.packs.resting import vision_pack
from mmdesk.packs.vision_spec import GRAPH, Eyes, VisionReference
from mmdesk.runtime.device import Choice
from mmdesk.tasks.loading import close, load_graphs

# The output of shared encoders that packs resting on them take.
GRID = "grid"


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A picture on its way to the encoder, float32 [3, height, width]."""

    pixels: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Encoded:
    """What an encoder made of one picture.

    Attributes:
        tensors: The graph's outputs by name, without the batch axis. Encoders of packs with the role
            `vision` give `grid`, float32 [49, 1280], values >= 0: the 7 x 7 cells in C order.
    """

    tensors: Mapping[str, NDArray[Any]]


class PictureEncoder:
    """One encoder graph. `prepare` on any thread; the rest on one thread at a time.

    All picture tasks of an engine whose packs name the same graph have the same object as `encoder`,
    so a picture that is to be captioned, tagged and asked about is encoded once.

    Args:
        pack: The pack that holds the graph.
        graph: Name of the graph; it takes pixels and nothing else.
        picture: Preprocessing.
        choice: The device, from `runtime.device.choose`.
        threads: Threads inside one run; by default the cores that this process may use.

    Raises:
        PackDamaged: A file changed since the pack was opened.
        DeviceUnavailable: The chosen device did not take the graph.
        ModelFailed: The graph cannot be loaded, or gives a wrong known answer.
    """

    def __init__(
        self, pack: Pack, graph: str, picture: PictureSpec, choice: Choice, threads: int | None = None
    ) -> None:
        self.pack = pack
        self._sessions = load_graphs(pack, {graph: threads}, choice)
        self._session = self._sessions[graph]
        self._pixels, *_ = self._session.inputs
        self._preprocess = PicturePreprocessing(picture)
        self.provider = self._session.provider

    def prepare(self, rgb: NDArray[np.uint8]) -> Prepared:
        """Resizes and normalises a picture, uint8 [H, W, 3]. Any thread."""
        return Prepared(self._preprocess(rgb))

    def encode(self, batch: Sequence[Prepared], control: Control | None = None) -> list[Encoded]:
        """Runs the encoder.

        Args:
            batch: Pictures; what stands beside a picture does not change what is made of it.
            control: Stops the run.

        Returns:
            One for each picture, in their order.

        Raises:
            Cancelled: The person stopped the work.
            ModelFailed: The graph could not be run.
        """
        if not batch:
            return []
        outputs = self._session.run({self._pixels: np.stack([each.pixels for each in batch])}, control)
        return [Encoded({name: value[row] for name, value in outputs.items()}) for row in range(len(batch))]

    def close(self) -> None:
        """Gives the memory of the graph back."""
        close(self._sessions)


@dataclass(frozen=True, slots=True)
class EncoderPlace:
    """Where the encoder of a pack lies.

    Attributes:
        pack: The pack that holds it.
        graph: The name of the graph in it.
        picture: Preprocessing.
    """

    pack: Pack
    graph: str
    picture: PictureSpec

    @property
    def key(self) -> str:
        """The same for packs that see alike: names pack, graph and preprocessing."""
        return f"{self.pack.manifest_hash} {self.graph}"

    def load(self, choice: Choice, threads: int | None = None) -> PictureEncoder:
        """Loads it; raises as `PictureEncoder` does."""
        return PictureEncoder(self.pack, self.graph, self.picture, choice, threads)


def encoder_place(pack: Pack, eyes: Eyes, own: str, installed: Sequence[Pack | PackError]) -> EncoderPlace:
    """Finds a pack's picture encoder, its own or that of the pack that it rests on.

    Args:
        pack: A pack with a picture role.
        eyes: What its section says.
        own: The name of its own encoder graph, if it has one.
        installed: From `packs.pack.find_packs`.

    Raises:
        PackNotFound: The pack that it rests on is not installed.
        PackInvalid: The manifest of that pack cannot be read.
        PackDamaged: That pack is damaged or holds another encoder.
    """
    if not isinstance(eyes, VisionReference):
        return EncoderPlace(pack, own, eyes)
    other, spec = vision_pack(pack, eyes, installed)
    return EncoderPlace(other, GRAPH, spec.picture)


def stacked(batch: Sequence[Encoded], name: str) -> NDArray[Any]:
    """One tensor of several pictures with a batch axis in front."""
    return np.stack([encoded.tensors[name] for encoded in batch])
