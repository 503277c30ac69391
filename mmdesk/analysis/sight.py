"""Pictures on their way to every task that looks at them: prepared and encoded once per encoder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mmdesk.control import Control
from mmdesk.tasks.vision import Encoded, PictureEncoder, Prepared


class PictureTask(Protocol):
    """A task that works on encoded pictures: captions, tags, answers, embeddings."""

    @property
    def encoder(self) -> PictureEncoder:
        """Whose output it takes; tasks that share an encoder have the same object."""


def encoders_of(tasks: Iterable[PictureTask]) -> tuple[PictureEncoder, ...]:
    """Each encoder once, in the order of the tasks."""
    return tuple(dict.fromkeys(task.encoder for task in tasks))


class Sight:
    """A batch of pictures for several tasks. `of` any thread; `by` the thread that owns the models.

    Args:
        prepared: The same pictures, prepared for each encoder.
    """

    def __init__(self, prepared: Mapping[PictureEncoder, Sequence[Prepared]]) -> None:
        self._prepared = prepared
        self._encoded: dict[PictureEncoder, list[Encoded]] = {}

    @classmethod
    def of(cls, pictures: Sequence[NDArray[np.uint8]], encoders: Iterable[PictureEncoder]) -> Sight:
        """Prepares pictures, each uint8 [H, W, 3]."""
        return cls({encoder: [encoder.prepare(rgb) for rgb in pictures] for encoder in encoders})

    def by(self, task: PictureTask, control: Control) -> list[Encoded]:
        """The pictures as a task takes them; encoded when the first task of its encoder asks.

        Raises:
            Cancelled: The person stopped the work.
            ModelFailed: The graph could not be run.
        """
        encoder = task.encoder
        if encoder not in self._encoded:
            self._encoded[encoder] = encoder.encode(self._prepared[encoder], control)
        return self._encoded[encoder]
