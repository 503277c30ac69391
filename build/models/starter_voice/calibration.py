"""Makes probabilities mean what they say; everything is fitted on the validation speakers."""

import torch
import torch.nn.functional as F
from torch import Tensor


def fit_temperature(logits: Tensor, labels: Tensor) -> float:
    """Temperature scaling (Guo et al., 2017): logits [N, 8], labels int64 [N]."""
    grid = torch.logspace(-0.7, 0.7, 281)
    losses = torch.stack([F.cross_entropy(logits / t, labels) for t in grid])
    return round(float(grid[losses.argmin()]), 4)


def fit_speech(logits: Tensor, speech: Tensor) -> tuple[float, float]:
    """Platt scaling (1999) of the logit of the share of speech.

    Args:
        logits: [N].
        speech: 1 where the teacher hears speech, else 0, [N].

    Returns:
        Slope and offset.
    """
    weights = torch.tensor([1.0, 0.0], requires_grad=True)
    optimizer = torch.optim.Adam([weights], lr=0.05)
    for _ in range(1500):
        optimizer.zero_grad()
        loss = F.binary_cross_entropy_with_logits(weights[0] * logits + weights[1], speech)
        # A little towards 1 and 0, so that separable data have an answer.
        torch.autograd.backward(loss + 1e-3 * (weights - torch.tensor([1.0, 0.0])).square().sum())
        optimizer.step()
    slope, offset = weights.detach().tolist()
    return round(slope, 4), round(offset, 4)
