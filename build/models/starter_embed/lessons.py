"""Texts as the text tower learns them: token ids, and for some what the teacher says."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from tokenizers import Tokenizer
from torch import Tensor

LONGEST = 20  # pieces of a caption while training; one in twelve is longer


@dataclass(frozen=True)
class Captions:
    """Captions of N pictures in one language; ids int64 [N, 5, S], padded with 0 on the right.

    Attributes:
        ids: Token ids.
        aims: float32 [N, 5, 256], where in the joint space they belong.
    """

    ids: Tensor
    aims: Tensor


@dataclass(frozen=True)
class Words:
    """Single words and names: ids int64 [W, S] and where they belong, float32 [W, 256]."""

    ids: Tensor
    aims: Tensor


def token_ids(tokenizer: Tokenizer, texts: Sequence[str], longest: int = LONGEST) -> Tensor:
    """Token ids int64 [N, S] of texts, cut after ``longest`` and padded with 0."""
    rows = [encoding.ids[:longest] for encoding in tokenizer.encode_batch(list(texts))]
    ids = torch.zeros(len(rows), max(map(len, rows)), dtype=torch.int64)
    for place, row in enumerate(rows):
        ids[place, : len(row)] = torch.tensor(row)
    return ids


def trimmed(ids: Tensor) -> tuple[Tensor, Tensor]:
    """The same ids without columns that are padding only, and their mask."""
    mask = (ids != 0).long()
    width = int(mask.sum(1).max())
    return ids[:, :width], mask[:, :width]


def english_captions(tokenizer: Tokenizer, texts: Sequence[Sequence[str]], aims: Tensor) -> Captions:
    """English captions, each with its own aim float32 [N, 5, 256]."""
    return Captions(_ids(tokenizer, texts), aims)


def chinese_captions(tokenizer: Tokenizer, texts: Sequence[Sequence[str]], english: Tensor) -> Captions:
    """Chinese captions; the teacher reads English only, so the same picture's captions are the aim.

    Args:
        tokenizer: The tower's.
        texts: The captions of each picture, equally many.
        english: The aims of the English ones, float32 [N, 5, 256].
    """
    ids = _ids(tokenizer, texts)
    mean = torch.nn.functional.normalize(english.mean(1, keepdim=True), dim=-1)
    return Captions(ids, mean.expand(-1, ids.shape[1], -1))


def _ids(tokenizer: Tokenizer, texts: Sequence[Sequence[str]]) -> Tensor:
    ids = token_ids(tokenizer, [text for own in texts for text in own])
    return ids.view(len(texts), -1, ids.shape[-1])
