"""What the towers are trained for.

InfoNCE (van den Oord et al., 2018; CLIP: Radford et al., 2021) with a learned temperature; the
hardest negative of each row counts extra (VSE++: Faghri et al., 2018). The least-squares form of
the mission is here for the ablation.
"""

import torch
from torch import Tensor
from torch.nn import functional as F

SAME = -1e4


def info_nce(left: Tensor, right: Tensor, scale: Tensor, smoothing: float = 0.0) -> Tensor:
    """Mean cross-entropy of finding each row's partner, both ways.

    Args:
        left: Unit vectors [B, D].
        right: Unit vectors [B, D]; row i belongs to row i.
        scale: Inverse temperature.
        smoothing: Share of the target that goes to all rows alike.
    """
    scores = scale * left @ right.T
    target = torch.arange(len(scores))
    there = F.cross_entropy(scores, target, label_smoothing=smoothing)
    back = F.cross_entropy(scores.T, target, label_smoothing=smoothing)
    return (there + back) / 2


def hardest(left: Tensor, right: Tensor, margin: float) -> Tensor:
    """Mean hinge between each pair and its hardest negative, both ways (VSE++, equation 6)."""
    scores = left @ right.T
    own = scores.diagonal()
    others = scores + torch.eye(len(scores)) * SAME
    there = (margin + others.max(1).values - own).clamp(min=0)
    back = (margin + others.max(0).values - own).clamp(min=0)
    return (there.mean() + back.mean()) / 2


def least_squares(left: Tensor, right: Tensor, weight: float = 1.0) -> Tensor:
    """The mission's form: pairs at 1 and all others at 0, squared; pairs weigh as much as others."""
    scores = left @ right.T
    own = (1 - scores.diagonal()).square().mean()
    others = (scores - torch.diag(scores.diagonal())).square().sum() / (scores.numel() - len(scores))
    return own + weight * len(scores) * others


def distance(view: Tensor, taught: Tensor) -> Tensor:
    """One minus cosine between the student's view [B, D] and the teacher's vectors [B, D]."""
    return (1 - F.cosine_similarity(view, taught, dim=-1)).mean()
