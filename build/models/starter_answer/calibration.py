"""Temperatures (Guo et al., 2017): one for each kind of question, fitted on validation questions."""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from starter_answer.batches import Source
from starter_answer.training import Classroom, room_logits

TEMPERATURES = tuple(round(0.5 + 0.02 * step, 2) for step in range(126))


def fit_temperatures(
    room: Classroom, sources: Sequence[Source], kinds: Sequence[str], languages: Sequence[str]
) -> Mapping[str, float]:
    """The temperature of each kind under which the right answers are most likely.

    Questions whose answer the network does not know count as wrong at any temperature and are left
    to the calibration error that the card reports.
    """
    logits, targets, kind = _collected(room, sources, languages)
    return {name: _best(logits[kind == row], targets[kind == row]) for row, name in enumerate(kinds)}


def _best(logits: Tensor, targets: Tensor) -> float:
    if not len(targets):
        return 1.0
    return min(TEMPERATURES, key=lambda t: F.cross_entropy(logits / t, targets).item())


@torch.inference_mode()
def _collected(
    room: Classroom, sources: Sequence[Source], languages: Sequence[str]
) -> tuple[Tensor, Tensor, Tensor]:
    room.model.eval()
    parts: list[tuple[Tensor, Tensor, Tensor]] = []
    for source in sources:
        for language in languages:
            for _, batch in room.reader.in_order(source, language):
                known = batch.target >= 0
                parts.append((room_logits(room, batch)[known], batch.target[known], batch.kind[known]))
    logits, targets, kinds = (torch.cat(each) for each in zip(*parts, strict=True))
    return logits, targets, kinds
