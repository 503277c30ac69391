"""Starts the text tower's word pieces from the teacher's own table."""

from collections.abc import Sequence

import torch
from transformers import BertModel

from starter_embed.towers import TextTower

SPREAD = 0.5  # typical size of an entry


@torch.no_grad()
def start_from(tower: TextTower, teacher: BertModel, pieces: Sequence[str], known: Sequence[str]) -> None:
    """Gives each piece that MiniLM knows the best narrow approximation of what MiniLM has.

    Args:
        tower: Gets the table; pieces that MiniLM does not know stay at chance.
        teacher: MiniLM.
        pieces: The tower's vocabulary.
        known: The teacher's vocabulary.
    """
    place = {piece: number for number, piece in enumerate(known)}
    rows = torch.tensor([place.get(piece, -1) for piece in pieces])
    table = teacher.embeddings.word_embeddings.weight[rows[rows >= 0]]
    _, _, axes = torch.linalg.svd(table - table.mean(0), full_matrices=False)
    narrow = (table - table.mean(0)) @ axes[: tower.shape.embedding].T
    factor = SPREAD / narrow.std()
    tower.embedding.weight.normal_(0, SPREAD)
    tower.embedding.weight[rows >= 0] = narrow * factor
    tower.embedding.weight[0] = 0
