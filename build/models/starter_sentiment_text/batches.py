"""Token batches of similar length, padded on the right with id 0."""

import random
from collections.abc import Iterator, Sequence

import torch
from torch import Tensor


def buckets(lengths: Sequence[int], tokens: int, shuffle: random.Random | None) -> Iterator[list[int]]:
    """Indices in groups of similar length that hold at most ``tokens`` padded tokens.

    With ``shuffle`` the lengths get a little noise and the groups come in random order;
    without it the groups run from short to long.
    """
    noise = shuffle.random if shuffle else lambda: 0.0
    order = sorted(range(len(lengths)), key=lambda i: lengths[i] * (1 + 0.15 * noise()))
    groups: list[list[int]] = [[]]
    longest = 0
    for index in order:
        longest = max(longest, lengths[index])
        if groups[-1] and longest * (len(groups[-1]) + 1) > tokens:
            groups.append([])
            longest = lengths[index]
        groups[-1].append(index)
    if shuffle:
        shuffle.shuffle(groups)
    yield from groups


def padded(rows: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """Ids int64 [B, S] and mask int64 [B, S] of token rows."""
    width = max(len(row) for row in rows)
    ids = torch.zeros(len(rows), width, dtype=torch.int64)
    mask = torch.zeros_like(ids)
    for place, row in enumerate(rows):
        ids[place, : len(row)] = torch.tensor(row)
        mask[place, : len(row)] = 1
    return ids, mask
