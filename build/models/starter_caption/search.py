"""Batched greedy search, sampling and beam search in torch, used while training.

The product has its own search in numpy; `evaluate.py` measures that one.
"""

import torch
from torch import Tensor

from starter_caption.model import CaptionModel, KeyValue
from starter_caption.words import EOS, PAD, UNKNOWN

# Tokens that no caption may contain.
NEVER = [PAD, 2, 3, UNKNOWN]


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
    ids = torch.full((rows, 1), start)
    past: list[KeyValue] | None = None
    ended = torch.zeros(rows, dtype=torch.bool)
    written = []
    for _ in range(longest):
        scores, past = _step(model, ids, cross, past)
        if copies == 1:
            chosen = scores.argmax(-1)
        else:
            chosen = torch.multinomial(scores.softmax(-1), 1)[:, 0]
        chosen = chosen.masked_fill(ended, PAD)
        written.append(chosen)
        ended = ended | (chosen == EOS)
        if bool(ended.all()):
            break
        ids = chosen[:, None]
    return torch.stack(written, 1)


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
    count = cross[0][0].shape[0]
    first, past = _step(model, torch.full((count, 1), start), cross, None)
    score, ids = first.log_softmax(-1).topk(beams, -1)
    past = [(k.repeat_interleave(beams, 0), v.repeat_interleave(beams, 0)) for k, v in past]
    written = ids[..., None]
    lengths = torch.ones(count, beams)
    base = torch.arange(count)[:, None] * beams
    for _ in range(longest - 1):
        ended = (written[..., -1] == EOS) | (written[..., -1] == PAD)
        if bool(ended.all()):
            break
        scores, past = _step(model, written[..., -1].reshape(-1, 1), cross, past)
        grown = scores.log_softmax(-1).view(count, beams, -1)
        grown[ended] = float("-inf")
        grown[..., PAD] = torch.where(ended, 0.0, float("-inf"))
        total = score[..., None] + grown
        length = lengths + (~ended)
        ranked = (total / (length**length_penalty)[..., None]).flatten(1).topk(beams, -1).indices
        parent, token = ranked // grown.shape[-1], ranked % grown.shape[-1]
        score = total.flatten(1).gather(1, ranked)
        lengths = length.gather(1, parent)
        written = torch.cat((written.gather(1, parent[..., None].expand_as(written)), token[..., None]), -1)
        rows = (base + parent).flatten()
        past = [(k[rows], v[rows]) for k, v in past]
    best = (score / lengths**length_penalty).argmax(-1)
    return [[t for t in written[i, best[i]].tolist() if t not in (PAD, EOS)] for i in range(count)]
