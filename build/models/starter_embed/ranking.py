"""Recall at K between pictures and texts, both ways; numpy only."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def recalls(
    pictures: Floats, texts: Floats, owner: Sequence[int], ks: Sequence[int] = (1, 5, 10)
) -> dict[str, float]:
    """Share of questions whose right answer is among the first K, in percent.

    Picture to text counts as right when any text of the picture is among the first K; each
    text has one picture.

    Args:
        pictures: Unit vectors [P, D].
        texts: Unit vectors [T, D].
        owner: For each text the row of its picture.
        ks: Values of K.

    Returns:
        ``i2t_r1``, ..., ``t2i_r10``.
    """
    scores = pictures @ texts.T
    rows = np.asarray(owner)
    own = np.where(rows[None, :] == np.arange(len(pictures))[:, None], scores, -np.inf).max(1)
    to_text = (scores > own[:, None]).sum(1)
    right = scores[rows, np.arange(len(rows))]
    to_picture = (scores > right[None, :]).sum(0)
    named = {"i2t": to_text, "t2i": to_picture}
    return {f"{way}_r{k}": 100.0 * float((ranks < k).mean()) for way, ranks in named.items() for k in ks}
