"""Batched greedy search, sampling and beam search in torch, used while training.

The product has its own search in numpy; ``evaluate.py`` measures that one.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from starter_caption.model import CaptionModel, KeyValue
from starter_caption.words import EOS, PAD, START, UNKNOWN

# Tokens that no caption may contain.
NEVER = [PAD, *START.values(), UNKNOWN]


def _step(
    model: CaptionModel, ids: Tensor, cross: list[KeyValue], past: list[KeyValue] | None
) -> tuple[Tensor, list[KeyValue]]:
    hidden, past = model.write(ids, cross, past)
    scores = model.logits(hidden[:, -1]).float()
    scores[:, NEVER] = float("-inf")
    return scores, past


@torch.no_grad()
def draw(model: CaptionModel, cross: list[KeyValue], start: int, longest: int, copies: int) -> Tensor:
    """Draws captions token by token; with one copy the likeliest token is taken instead.

    Returns:
        Ids without the start token, int64 [B * copies, T], filled with PAD after the end.
    """
    rows = cross[0][0].shape[0] * copies
    chosen = torch.full((rows,), start)
    past: list[KeyValue] | None = None
    ended = torch.zeros(rows, dtype=torch.bool)
    written: list[Tensor] = []
    while len(written) < longest and not bool(ended.all()):
        scores, past = _step(model, chosen[:, None], cross, past)
        if copies == 1:
            chosen = scores.argmax(-1)
        else:
            chosen = torch.multinomial(scores.softmax(-1), 1)[:, 0]
        chosen = chosen.masked_fill(ended, PAD)
        written.append(chosen)
        ended = ended | (chosen == EOS)
    return torch.stack(written, 1)


@dataclass(frozen=True)
class Beams:
    """The best partial captions of each of P pictures.

    Attributes:
        ids: Tokens so far, int64 [P, beams, T].
        score: Log-probability, [P, beams].
        lengths: Tokens up to the end token, [P, beams].
        past: Decoder's keys and values, one row a beam.
    """

    ids: Tensor
    score: Tensor
    lengths: Tensor
    past: list[KeyValue]

    @property
    def ended(self) -> Tensor:
        """Which captions are complete, bool [P, beams]."""
        return (self.ids[..., -1] == EOS) | (self.ids[..., -1] == PAD)

    def ranking(self, length_penalty: float) -> Tensor:
        """What captions are compared by, [P, beams]."""
        return self.score / self.lengths**length_penalty


@torch.no_grad()
def beam(
    model: CaptionModel,
    cross: list[KeyValue],
    start: int,
    longest: int,
    beams: int,
    length_penalty: float,
) -> list[list[int]]:
    """Beam search for a batch of pictures.

    Ended captions keep their place in the beam; the best by
    ``log probability / tokens ** length_penalty`` wins.

    Returns:
        For each picture the ids without start and end token.
    """
    found = _first_words(model, cross, start, beams)
    for _ in range(longest - 1):
        if bool(found.ended.all()):
            break
        found = _grow(model, cross, found, length_penalty)
    best = found.ranking(length_penalty).argmax(-1)
    chosen = [captions[number] for captions, number in zip(found.ids.tolist(), best.tolist(), strict=True)]
    return [[token for token in ids if token not in (PAD, EOS)] for ids in chosen]


def _first_words(model: CaptionModel, cross: list[KeyValue], start: int, beams: int) -> Beams:
    pictures = cross[0][0].shape[0]
    scores, past = _step(model, torch.full((pictures, 1), start), cross, None)
    score, ids = scores.log_softmax(-1).topk(beams, -1)
    repeated = [(k.repeat_interleave(beams, 0), v.repeat_interleave(beams, 0)) for k, v in past]
    return Beams(ids[..., None], score, torch.ones(pictures, beams), repeated)


def _grow(model: CaptionModel, cross: list[KeyValue], old: Beams, length_penalty: float) -> Beams:
    pictures, beams = old.score.shape
    scores, past = _step(model, old.ids[..., -1].reshape(-1, 1), cross, old.past)
    grown = scores.log_softmax(-1).view(pictures, beams, -1)
    grown[old.ended] = float("-inf")
    grown[..., PAD] = torch.where(old.ended, 0.0, float("-inf"))
    total = old.score[..., None] + grown
    length = old.lengths + (~old.ended)
    ranked = (total / (length**length_penalty)[..., None]).flatten(1).topk(beams, -1).indices
    parent, token = ranked // grown.shape[-1], ranked % grown.shape[-1]
    ids = old.ids.gather(1, parent[..., None].expand_as(old.ids))
    rows = (torch.arange(pictures)[:, None] * beams + parent).flatten()
    return Beams(
        torch.cat((ids, token[..., None]), -1),
        total.flatten(1).gather(1, ranked),
        length.gather(1, parent),
        [(k[rows], v[rows]) for k, v in past],
    )
